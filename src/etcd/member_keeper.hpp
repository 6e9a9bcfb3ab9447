#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "etcd/member_plan.hpp"

namespace cluster_lab::etcd {

class Client;

/// Keeps etcd's members as planMembers() wants them; the node that leads the cluster asks it every
/// few seconds. Calls block; one thread at a time.
class MemberKeeper {
 public:
  struct Options {
    NodeId leader;        ///< this node
    unsigned wanted = 3;  ///< 1, 3 or 5
    Duration replaceAfter = std::chrono::minutes(5);
    Duration learnerPatience = std::chrono::seconds(30);
    std::uint16_t peerPort = 2380;
  };

  MemberKeeper(Client& client, const Options& options) : client_(client), options_(options) {}

  /// Looks at etcd's members and carries the next change out, which it gives. Conflict and
  /// Unavailable are usual while a learner lags behind or a member was connected a moment ago only:
  /// the next call tries again.
  [[nodiscard]] Result<MemberStep> keep(std::vector<Candidate> nodes, TimePoint deadline);
  /// Only moves etcd's own leadership away from this node: for a new leader of the cluster, which
  /// does not know yet who is away.
  [[nodiscard]] Result<MemberStep> unburden(std::vector<Candidate> nodes, TimePoint deadline);

 private:
  [[nodiscard]] PlanRequest requestOf(std::vector<Candidate> nodes) const;
  [[nodiscard]] Result<MemberStep> change(PlanRequest request, TimePoint deadline);
  /// Notes for how long a learner has not started its etcd, and which nodes failed to lately.
  void noteLearner(PlanRequest& request);
  /// A voter whose server does not answer is away: only one that does can become etcd's leader.
  void markSilent(PlanRequest& request) const;
  /// `self`: where this node's server is.
  [[nodiscard]] Result<void> carryOut(const MemberStep& step, Ipv4 self, TimePoint deadline);

  Client& client_;
  const Options options_;
  std::uint64_t learner_ = 0;           ///< that has not started yet; 0: none
  TimePoint learnerSince_;              ///< when it was first seen so
  std::map<NodeId, TimePoint> unable_;  ///< until when it is not asked again
};

}  // namespace cluster_lab::etcd
