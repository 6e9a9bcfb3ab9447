#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"

namespace cluster_lab::os {
class EventLoop;
}

namespace cluster_lab::dhcp {

struct ClientSettings {
  Ipv4 leaderAddress;  ///< the one server whose answers count
  std::string hostName;
  std::filesystem::path hook;          ///< of cluster-lab-lease, absolute
  std::filesystem::path runDirectory;  ///< exists; a socket is made in it
};

/// An address that the leader gave to this node.
struct Bound {
  Ipv4 address;
  int prefixLength = 0;
  Ipv4 server;
  std::chrono::seconds leaseTime{0};

  bool operator==(const Bound&) const = default;
};

/// A follower's DHCP client: udhcpc as a child, restarted when it ends; where another DHCP server
/// is on the link, LeaderRequest instead. Sets no address: the caller does. The client id is the
/// link's MAC. Loop thread only. stop() waits for the child's end (milliseconds).
class DhcpClient {
 public:
  /// They may call start() and stop(), and must not destroy this object.
  struct Events {
    /// An address, a first or another one. A renewal that changes nothing is not told.
    std::function<void(const Bound&)> bound;
    /// The address told last is no longer ours: the lease ran out or the leader took it back.
    std::function<void()> lost;
    /// Nobody answered a round of requests (about 3 s); it goes on asking. Told each round.
    std::function<void()> noAnswer;
    /// The leader refused the address that was asked for; it asks for another.
    std::function<void()> nak;
    /// A DHCP server that is not the leader gave an address, which is not taken. From here on the
    /// leader alone is asked (LeaderRequest); bound follows when it answers.
    std::function<void(Ipv4 server)> foreignServer;
    /// udhcpc could not be started (NotFound: not installed, with the remedy) or ended; it is
    /// started again by itself.
    std::function<void(const Error&)> failed;
  };

  DhcpClient(os::EventLoop& loop, ClientSettings settings, Events events);
  ~DhcpClient();
  DhcpClient(const DhcpClient&) = delete;
  DhcpClient& operator=(const DhcpClient&) = delete;

  /// Asks on `linkName`, which is up; for `last` first, where given. Running already: starts anew.
  [[nodiscard]] Result<void> start(const std::string& linkName, std::optional<Ipv4> last);
  /// Keeps the lease at the leader (nothing is released), so that the node gets it again.
  void stop();
  [[nodiscard]] bool running() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::dhcp
