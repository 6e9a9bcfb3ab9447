#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "etcd/server_command.hpp"
#include "os/child_process.hpp"

namespace cluster_lab::os {
class EventLoop;
}

namespace cluster_lab::etcd {

/// NotFound: there is no program etcd here, and what to do.
[[nodiscard]] Result<void> checkInstalled();

/// This node's etcd server: a child that is started again, with back-off, when it ends. Loop thread
/// only. stop() and starting anew wait for the child's end.
class Server {
 public:
  struct Events {
    /// It could not be started (NotFound: not installed, with the remedy), or ended, with its own
    /// last words; it is started again by itself.
    std::function<void(const Error&)> failed;
    /// The other members have removed it for good: its data is of no use any more. It has been
    /// stopped.
    std::function<void()> removed;
  };

  Server(os::EventLoop& loop, ServerSettings settings, Events events);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Ends one that runs, and starts it so. `peers` matter only where there is no data yet.
  [[nodiscard]] Result<void> start(Beginning beginning, const std::vector<Peer>& peers);
  void stop();
  [[nodiscard]] bool running() const;
  /// There is a member's data, which start() goes on from.
  [[nodiscard]] bool hasData() const;
  /// Stops and forgets the member. For good.
  [[nodiscard]] Result<void> removeData();

 private:
  void readLine(std::string_view line);
  void ended(const Error& error);

  os::EventLoop& loop_;
  const ServerSettings settings_;
  const Events events_;
  std::string lastWords_;  ///< the last complaint since it was started
  std::unique_ptr<os::Supervisor> etcd_;
};

}  // namespace cluster_lab::etcd
