#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/world.hpp"

namespace cluster_lab::sim {

/// Watches a world and says which rule was broken first:
/// - never two leaders among nodes that hear each other for longer than 3 s,
/// - always a leader 5 s after the last change, or 10 s after a node came up,
/// - where one node fails at a time: no acknowledged write is lost,
/// - terms never go back,
/// - nobody takes a stranger's address,
/// - nobody founds a second cluster while hearing a leader's beacon.
class Referee {
 public:
  /// What the world shall call.
  [[nodiscard]] Observer observer();
  /// To be called every 100 ms or so.
  void look(const World& world);
  /// To be called when all nodes that live have one leader.
  void lookForLostWrites(const World& world);
  /// What was broken; nullopt: nothing yet.
  [[nodiscard]] const std::optional<std::string>& verdict() const { return verdict_; }

 private:
  struct HeardLeader {
    int node;
    TimePoint when;
  };

  void accuse(const World& world, const std::string& what);
  void stateChanged(int node, const election::StateChanged& change);
  void beaconHeard(int node, const wire::Beacon& beacon);
  void beganToLead(int node, bool isSuccessor);
  void lookForTwoLeaders(const World& world);
  void lookForMissingLeader(const World& world);

  const World* world_ = nullptr;
  std::optional<std::string> verdict_;
  std::map<std::pair<int, int>, TimePoint> together_;  ///< two leaders, since when
  std::map<int, std::uint64_t> highestTerm_;
  std::map<int, std::uint64_t> storedTerm_;
  std::map<int, TimePoint> leadsSince_;
  std::map<int, HeardLeader> lastLeaderBeacon_;  ///< by who heard it
};

}  // namespace cluster_lab::sim
