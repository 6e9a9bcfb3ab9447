#pragma once

#include <vector>

#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "base/time.hpp"
#include "election/actions.hpp"
#include "election/timing.hpp"

namespace cluster_lab::election {

/// What a leader does all the time: it holds and renews the leader address, announces it, sends
/// heartbeats and answers those who ask.
class LeaderDuties {
 public:
  LeaderDuties(const Timing& timing, MacAddress self, Ipv4 address, TimePoint now);

  /// Appends what is due.
  void due(TimePoint now, std::vector<Action>& actions);
  /// Answers one who asks, at most 200 times a second in all; more have to wait for the next
  /// heartbeat.
  void answer(TimePoint now, MacAddress asker, std::vector<Action>& actions);
  /// Somebody else claimed the address: says once per DEFEND_INTERVAL whose it is (RFC 5227 section
  /// 2.4 (c)).
  void defend(TimePoint now, std::vector<Action>& actions);
  /// The next heartbeats are accompanied by announcements: others' ARP caches may be wrong.
  void announceAgain();
  /// The address was not renewed in time: the kernel has dropped it.
  [[nodiscard]] bool overslept(TimePoint now) const;
  [[nodiscard]] TimePoint nextDeadline() const;

 private:
  Timing timing_;
  MacAddress self_;
  Ipv4 address_;
  TimePoint renewed_;
  TimePoint nextRenewal_;
  TimePoint nextHeartbeat_;
  TimePoint nextAnswer_;
  TimePoint nextDefence_;
  unsigned announcementsLeft_;
};

}  // namespace cluster_lab::election
