#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "election/actions.hpp"
#include "election/address_probe.hpp"
#include "election/beacon_schedule.hpp"
#include "election/events.hpp"
#include "election/freshness.hpp"
#include "election/identity.hpp"
#include "election/leader_duties.hpp"
#include "election/leader_watch.hpp"
#include "election/neighbours.hpp"
#include "election/precedence.hpp"
#include "election/timing.hpp"
#include "election/twin_watch.hpp"

namespace cluster_lab::election {

/// Decides who holds the leader address (design.md section 4). Sends nothing and waits for nothing.
class Election {
 public:
  /// Uniform in [0, bound).
  using Random = std::function<std::uint32_t(std::uint32_t bound)>;

  /// What an earlier life left.
  struct Memory {
    std::uint64_t term = 0;       ///< of the last StoreTerm; 0: none
    std::vector<Member> members;  ///< the others that the copy of the registry knows
  };
  /// Where it looks things up; called within step() and describe().
  struct Sources {
    Random random;
    std::function<Freshness()> freshness;  ///< of this node's copy of the registry, now
  };

  Election(Identity self, Timing timing, Memory memory, Sources sources);

  /// Takes in what happened at `now`, which never goes back, and does what is due. What does not
  /// matter in the current state gives no actions; there is no failure. The first call, with any
  /// event, starts the beacons.
  [[nodiscard]] std::vector<Action> step(TimePoint now, const Event& event);
  /// When step() wants DeadlinePassed if nothing else happens first. nullopt: never.
  [[nodiscard]] std::optional<TimePoint> nextDeadline() const;

  /// What this node tells about itself now.
  [[nodiscard]] wire::Beacon describe(Role role, bool wantsAnswer) const;

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }
  [[nodiscard]] TimePoint since() const { return since_; }
  [[nodiscard]] Role role() const;
  /// Of the leadership that this node has or follows, else the highest that it knows of.
  [[nodiscard]] std::uint64_t term() const { return leader_ ? leader_->term : seenTerm_; }
  /// This node itself while Leading; nullopt unless Leading, Joining or Following.
  [[nodiscard]] const std::optional<Leader>& leader() const { return leader_; }
  [[nodiscard]] const std::optional<Problem>& problem() const { return problem_; }
  [[nodiscard]] const Neighbours& neighbours() const { return neighbours_; }

 private:
  /// Somebody has the leader address; who it is shows by heartbeats, or does not.
  struct Holder {
    MacAddress mac;  ///< all zero: the leader that is heard on the parent
    TimePoint patienceEnds;
    TimePoint nextAsk;
  };
  enum class Obstacle { Stranger, ForeignCluster, LeaderOutOfReach, CannotLead };
  struct Block {
    Obstacle obstacle;
    MacAddress mac;  ///< who has the address; all zero where nobody has, or it is not known
    Duration retryAfter;
    TimePoint nextRetry;
  };
  /// A leader that went silent on the link. What it said up to that moment proves nothing.
  struct LostLeader {
    NodeId nodeId;
    TimePoint lastSign;
  };

  void on(const LinkUp& event);
  void on(const LinkDown& event);
  void on(const ArpReceived& event);
  void on(const HeartbeatReceived& event);
  void on(const BeaconReceived& event);
  void on(const LeaderAddressLost& event);
  void on(const CannotLead& event);
  void on(const LeaderReset& event);
  void on(const Joined& event);
  void on(const JoinFailed& event);
  void on(const NodeAddressSet& event);
  void on(const DeadlinePassed& event);
  void on(const Stop& event);

  // --- every state
  void enter(State next, std::string reason, std::optional<Leader> leader = {});
  void noticeSleep();
  void runDue();
  void setProblem(std::optional<Problem> problem);
  void setReason(std::string reason);
  void noteTerm(std::uint64_t term);
  void ask();
  [[nodiscard]] bool isSelf(const wire::Beacon& beacon) const;
  [[nodiscard]] bool isTwin(const wire::Beacon& beacon) const;
  void twinHeard(const wire::Beacon& twin);
  [[nodiscard]] bool outranks(const wire::Beacon& other) const;
  [[nodiscard]] std::uint16_t followers() const;
  /// So long a follower's heartbeat counts: one may be lost, but by the next but one it may follow
  /// another leader.
  [[nodiscard]] Duration followerLife() const {
    return (timing_.missedHeartbeats - 1) * timing_.heartbeat + timing_.announceWait / 4;
  }

  // --- probing and blocked
  void startProbing(std::string reason, Duration wait = {});
  void search(std::string reason, const Timing& pace, Duration wait = {});
  void probeFrom(TimePoint firstProbe);
  [[nodiscard]] Duration jitter() const;
  void runProbing();
  [[nodiscard]] bool listenForLeaderOnParent();
  [[nodiscard]] bool letOthersGoFirst();
  void runBlocked();
  void followProbe();
  void concludeHolder();
  void concludeSilence();
  [[nodiscard]] bool blockedByLeaderOnParent();
  void meetLeader(const wire::Beacon& beacon, MacAddress source);
  void meetForeignLeader(const wire::Beacon& beacon, MacAddress source);
  void block(Obstacle obstacle, MacAddress mac, Problem problem);
  [[nodiscard]] bool isHeardLeading(const Neighbour& node) const;
  [[nodiscard]] bool goesAfterThisNode(const wire::Arp& packet) const;
  [[nodiscard]] const Neighbour* leaderOnParent() const;

  // --- leading
  void takeLead(std::string reason);
  void leadAbove(std::uint64_t term, std::string reason);
  void leaderMet(const wire::Beacon& beacon, MacAddress source);
  void leaderOnParentMet(const wire::Beacon& beacon);
  void runLeading();
  void leadingHears(const wire::Beacon& beacon, MacAddress source);
  void contested(const wire::Arp& packet);

  // --- joining and following
  void join(const wire::Beacon& beacon, MacAddress source, std::string reason);
  void runFollowing();
  void followingHears(const wire::Beacon& beacon, MacAddress source);
  void othersMiss(const wire::Beacon& beacon, MacAddress source);
  void leaderSpoke(const wire::Beacon& beacon);
  void leaderLeaves(const wire::Beacon& beacon);
  void loseLeader(std::string reason, TimePoint lastSign, Duration wait = {});

  const Identity self_;
  const Timing timing_;
  const Sources sources_;

  TimePoint now_;  ///< of the step that runs
  std::vector<Action> actions_;

  State state_ = State::WaitingForLink;
  std::string reason_ = "waiting for the cluster link";
  TimePoint since_;
  MacAddress mac_;  ///< of the cluster link; all zero before the first LinkUp
  MacAddress formerMac_;
  Ipv4 nodeAddress_;
  std::uint64_t seenTerm_;
  NodeId successor_;  ///< Stopping
  Neighbours neighbours_;
  BeaconSchedule beacons_;
  std::optional<Problem> problem_;
  TwinWatch twin_;

  std::optional<AddressProbe> probe_;  ///< Probing, and Blocked while it looks again
  std::optional<Holder> holder_;       ///< the same
  Precedence precedence_;
  Timing pace_;                         ///< of the probes
  TimePoint nextAsk_;                   ///< Probing, while others go first
  std::optional<Block> block_;          ///< Blocked
  Duration leadPause_{};                ///< after the last CannotLead
  std::optional<LeaderDuties> duties_;  ///< Leading
  TimePoint claimedByStranger_;         ///< Leading
  TimePoint readsOldNewsTill_;          ///< Leading: it was held up, frames have waited
  std::optional<LeaderWatch> watch_;    ///< Joining, Following
  std::optional<Leader> leader_;        ///< Leading, Joining, Following
  std::optional<LostLeader> lost_;
  TimePoint joinNotBefore_;
};

}  // namespace cluster_lab::election
