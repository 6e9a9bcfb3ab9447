#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/time.hpp"
#include "election/actions.hpp"
#include "election/freshness.hpp"
#include "election/identity.hpp"
#include "election/neighbours.hpp"
#include "election/precedence.hpp"
#include "election/timing.hpp"

namespace cluster_lab::os {
class EventLoop;
class Netlink;
struct LinkInfo;
}  // namespace cluster_lab::os

namespace cluster_lab::election {

/// Drives the election: sockets, timer, leader address, term file. Loop thread only; the callbacks
/// are called on it, never from within a call of the same callback, and may call back in. Not to be
/// destroyed in a callback.
class ElectionService {
 public:
  struct Setup {
    Identity self;
    Timing timing;
    int prefixLength = 24;                ///< of the leader address
    std::filesystem::path dataDirectory;  ///< keeps the file "term"
    /// How fresh this node's copy of the registry is now; asked at every send and decision, so
    /// cheap. Empty: there is none.
    std::function<Freshness()> registryFreshness = {};
    std::vector<Member> members = {};  ///< the others that this copy knows at the start
  };
  struct Events {
    /// The leader address is set before Leading is told, and dropped before Leading's end is told.
    std::function<void(const StateChanged&)> stateChanged;
    std::function<void(const std::string& reason)> reasonChanged;
    std::function<void(const Problem&)> problem;
    std::function<void(const std::string& code)> problemGone;
    /// Another node has this node's id and had it first. The election has ended for good, and has
    /// not said so to anybody.
    std::function<void(const IdentityTaken&)> identityTaken = {};
    /// A node of this cluster told about itself.
    std::function<void(const wire::Beacon&, Medium)> heard;
  };

  /// Reads the term file; one that cannot be read is logged and counts as none.
  ElectionService(os::EventLoop& loop, os::Netlink& netlink, Setup setup, Events events);
  ~ElectionService();
  ElectionService(const ElectionService&) = delete;
  ElectionService& operator=(const ElectionService&) = delete;

  /// The parent interface can carry beacons. Failure (logged too): without beacons.
  Result<void> parentUp(const os::LinkInfo& parent);
  void parentDown();
  /// The cluster link can carry frames: the election starts. Repeated: only a changed interface
  /// matters.
  [[nodiscard]] Result<void> linkUp(const os::LinkInfo& link);
  void linkDown();

  void joined();
  void joinFailed(const Error& error);
  /// A connection to the leader was reset or refused.
  void leaderReset();
  /// The kernel says that the leader address is gone from the cluster link; ignored when this node
  /// does not lead.
  void leaderAddressLost();
  /// This node may not or cannot do what a leader does: it gives the address up and tries again
  /// later, as the problem `cannot_lead` with that reason; ignored when it does not lead.
  void cannotLead(const std::string& reason);
  /// This node's own address; none: it has lost it.
  void setNodeAddress(Ipv4 address);
  /// Drops the leader address and says Leaving three times. For good. `successor`: of a leader,
  /// the follower that has every acknowledged change and shall lead at once.
  void stop(std::optional<NodeId> successor = {});

  [[nodiscard]] State state() const;
  [[nodiscard]] Role role() const;
  [[nodiscard]] const std::string& reason() const;
  [[nodiscard]] TimePoint since() const;
  [[nodiscard]] std::uint64_t term() const;
  [[nodiscard]] const std::optional<Leader>& leader() const;
  [[nodiscard]] const std::optional<Problem>& problem() const;
  [[nodiscard]] std::vector<Neighbour> neighbours() const;
  /// Nothing heard from that node on the cluster link for longer than `limit`.
  [[nodiscard]] bool silentLongerThan(const NodeId& node, Duration limit) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::election
