#pragma once

#include <vector>

#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "base/time.hpp"
#include "election/actions.hpp"
#include "election/timing.hpp"

namespace cluster_lab::election {

/// What a follower does all the time: it tells the leader that it lives, and looks after the leader
/// by its heartbeats and, where they fail, by ARP.
class LeaderWatch {
 public:
  enum class Verdict {
    Present,
    Hanging,  ///< its machine answers ARP, its daemon is silent; looked at every 50 ms
    Lost,     ///< neither
  };

  LeaderWatch(const Timing& timing, MacAddress self, MacAddress leader, Ipv4 leaderAddress,
              TimePoint now);

  /// The leader's heartbeat.
  void heard(TimePoint now);
  /// Any ARP packet from the link.
  void received(const wire::Arp& packet);
  /// A heartbeat is overdue.
  [[nodiscard]] bool misses(TimePoint now) const {
    return now - heardAt_ > timing_.heartbeat + timing_.announceWait;
  }
  /// Something else says that the leader may be gone: looks after it now.
  void suspect(TimePoint now);
  /// Appends what is due; `role` and `nodeAddress` are this node's, for what it sends.
  [[nodiscard]] Verdict due(TimePoint now, Role role, Ipv4 nodeAddress,
                            std::vector<Action>& actions);
  /// It asks and waits for the answer.
  [[nodiscard]] bool isAsking() const { return asking_; }
  /// When it asked last.
  [[nodiscard]] TimePoint askedAt() const { return askedAt_; }
  [[nodiscard]] TimePoint nextDeadline() const;

 private:
  void ask(TimePoint now, Role role, Ipv4 nodeAddress, std::vector<Action>& actions);

  Timing timing_;
  MacAddress self_;
  MacAddress leader_;
  Ipv4 leaderAddress_;
  TimePoint heardAt_;
  TimePoint nextHeartbeat_;
  TimePoint nextCheck_;  ///< begins to ask, or while asking: looks at the answer
  TimePoint askedAt_;
  bool asking_ = false;
  bool answered_ = false;
  Verdict verdict_ = Verdict::Present;
};

}  // namespace cluster_lab::election
