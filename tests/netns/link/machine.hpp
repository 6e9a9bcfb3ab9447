#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/link_id.hpp"
#include "link/cluster_link.hpp"
#include "os/event_loop.hpp"
#include "os/netlink.hpp"

namespace cluster_lab::link::test {

/// Runs ip(8) in the current network namespace; a failure ends the case.
void ip(const std::string& arguments);
/// Is there such an interface?
[[nodiscard]] bool exists(const std::string& interface);

/// Puts the running case into a new, empty network namespace, its loopback switched on. False (and
/// the case counted as skipped): not root.
[[nodiscard]] bool enterNamespace();

/// Takes CAP_NET_ADMIN from this thread as long as it lives.
class WithoutNetAdmin {
 public:
  WithoutNetAdmin();
  ~WithoutNetAdmin();
  WithoutNetAdmin(const WithoutNetAdmin&) = delete;
  WithoutNetAdmin& operator=(const WithoutNetAdmin&) = delete;
};

/// A network adapter eth0 with a cable to wire0: wire0 down is the cable pulled.
void plugAdapter();
void pullCable();
void plugCable();

/// A cluster link with its loop, and what it told.
class Machine {
 public:
  explicit Machine(LinkKind kind, std::uint16_t vxlanPort = 14789);

  /// Runs the loop until so many more words were told, at most 5 s, and gives all told since the
  /// last call: "up", "down" and the states of problems, with blanks between.
  [[nodiscard]] std::string next(std::size_t words = 1);
  [[nodiscard]] const Error& lastProblem() const { return lastProblem_; }
  [[nodiscard]] os::LinkInfo interface(const std::string& name);

 private:
  void hear(const std::string& word);

  std::unique_ptr<os::EventLoop> loop_;
  std::unique_ptr<os::Netlink> netlink_;
  std::vector<std::string> heard_;  // since the last next()
  std::size_t wanted_ = 0;          // quit the loop when so many were heard; 0: nobody waits
  Error lastProblem_{};

 public:
  ClusterLink link;  // last: it uses all of the above
};

}  // namespace cluster_lab::link::test
