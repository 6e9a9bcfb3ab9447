#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "etcd/seating.hpp"
#include "etcd/server.hpp"
#include "etcd/server_command.hpp"
#include "os/event_loop.hpp"
#include "registry/records.hpp"

namespace cluster_lab::etcd {

/// Keeps this node's server as the nodes have agreed: started where the node is a member, stopped
/// and its data deleted where it is none any more. Looks at the agreement twice a second. Loop
/// thread only; stopping a server waits for its end.
class ServerKeeper {
 public:
  /// What the nodes agree on, as this one knows it.
  struct Agreement {
    std::optional<registry::Storage> storage;  ///< nullopt: they agree on nothing
    bool sure = false;  ///< it is the leader's own, or came from the leader in this life
  };
  struct Events {
    /// The server cannot be started or ends again and again.
    std::function<void(const Error&)> failed;
    /// It runs, or is not needed any more.
    std::function<void()> solved;
  };

  /// `settings`: all but the address.
  ServerKeeper(os::EventLoop& loop, ServerSettings settings, std::function<Agreement()> agreement,
               Events events);

  /// This node's own address; none: it has none.
  void setAddress(Ipv4 address);
  /// Starts a server as the only member of a new etcd, whatever was there before. Only for the
  /// leader, which moves the registry there; until settle() the agreement does not matter.
  /// Unavailable: this node has no address.
  [[nodiscard]] Result<void> found();
  /// The agreement has the founded etcd, or it has come to nothing.
  void settle();

  /// Stops the server and leaves its data alone until settle(), so that another may run with it.
  /// Conflict: there is no member's data here; Unavailable: no address.
  [[nodiscard]] Result<ServerSettings> yield();

  [[nodiscard]] bool running() const { return server_ != nullptr && server_->running(); }

 private:
  void look();
  void serve(const std::vector<Peer>& peers);
  void forget();
  [[nodiscard]] Server& server();

  os::EventLoop& loop_;
  ServerSettings settings_;
  const std::function<Agreement()> agreement_;
  const Events events_;
  std::unique_ptr<Server> server_;
  std::vector<Peer> told_;  ///< what the server was started with; empty: it was not
  bool held_ = false;       ///< by found() or yield(): the agreement does not matter
  bool removed_ = false;    ///< until the agreement does not have this node any more
  os::Timer timer_;
};

}  // namespace cluster_lab::etcd
