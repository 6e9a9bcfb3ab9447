#include "etcd/member_plan.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace cluster_lab::etcd {
namespace {

using Kind = MemberStep::Kind;

/// A seat and the node that has it.
struct Taken {
  const Seat* seat;
  const Candidate* node;  ///< nullptr: the cluster does not know it (any more)

  [[nodiscard]] bool isThere() const { return node != nullptr && node->isThere(); }
  [[nodiscard]] bool awayLongerThan(Duration limit) const {
    return node == nullptr || node->away > limit;
  }
  [[nodiscard]] std::string name() const {
    return node != nullptr ? node->name : "the unknown node at " + seat->address.toString();
  }
};

bool hasMajority(std::size_t there, std::size_t voters) {
  return there >= voters / 2 + 1;
}

class Planner {
 public:
  explicit Planner(const PlanRequest& request) : request_(request) {
    for (const auto& seat : request.seats) {
      const Taken taken{&seat, nodeOf(seat)};
      if (!seat.learner) {
        voters_.push_back(taken);
        there_ += taken.isThere() ? 1U : 0U;
      } else if (!learner_) {
        learner_ = taken;
      }
    }
  }

  [[nodiscard]] MemberStep next() const {
    if (request_.settling) return unburden();
    auto step = change();
    if (step.kind == Kind::Nothing && step.reason.empty()) return unburden();
    return step;
  }

 private:
  [[nodiscard]] MemberStep change() const {
    if (!hasMajority(there_, voters_.size())) {
      return nothing("only " + std::to_string(there_) + " of " + std::to_string(voters_.size()) +
                     " members are there, which is no majority");
    }
    if (learner_) return withLearner();
    if (auto step = moveVoter()) return *std::move(step);
    if (voters_.size() > request_.wanted) return removeSurplus();
    if (there_ < voters_.size()) return replaceAway();
    if (auto step = seatLeader()) return *std::move(step);
    if (voters_.size() < request_.wanted) return grow();
    return {};
  }

  [[nodiscard]] const Candidate* nodeOf(const Seat& seat) const {
    const auto found = std::ranges::find_if(request_.nodes, [&](const Candidate& node) {
      return seat.node.isNobody() ? node.address == seat.address : node.id == seat.node;
    });
    return found == request_.nodes.end() ? nullptr : &*found;
  }

  [[nodiscard]] bool hasSeat(const Candidate& node) const {
    return std::ranges::any_of(voters_, [&](const Taken& taken) { return taken.node == &node; });
  }

  [[nodiscard]] bool canJoin(const Candidate& node) const {
    return node.isThere() && !node.unable && !node.address.isNone() && !hasSeat(node);
  }

  /// Who gets the next free seat: the leader, then whoever is first by id, so that all plan alike.
  [[nodiscard]] const Candidate* newcomer() const {
    const Candidate* best = nullptr;
    for (const auto& node : request_.nodes) {
      if (!canJoin(node)) continue;
      if (node.id == request_.leader) return &node;
      if (best == nullptr || node.id < best->id) best = &node;
    }
    return best;
  }

  static MemberStep nothing(std::string reason) {
    return {
        .kind = Kind::Nothing, .node = {}, .address = {}, .member = 0, .reason = std::move(reason)};
  }
  static MemberStep add(const Candidate& node, std::string reason) {
    return {Kind::AddLearner, node.id, node.address, 0, node.name + ' ' + std::move(reason)};
  }
  static MemberStep onSeat(Kind kind, const Taken& taken, std::string reason) {
    return {kind, taken.node != nullptr ? taken.node->id : taken.seat->node,
            taken.node != nullptr ? taken.node->address : taken.seat->address, taken.seat->member,
            taken.name() + ' ' + std::move(reason)};
  }

  [[nodiscard]] MemberStep withLearner() const {
    if (learner_->awayLongerThan(request_.learnerPatience)) {
      return onSeat(Kind::Remove, *learner_, "was to become a member and has gone");
    }
    if (learner_->node->address != learner_->seat->address) {
      return onSeat(Kind::Remove, *learner_, "was to become a member and has another address now");
    }
    if (request_.learnerWaited > request_.learnerPatience) {
      return onSeat(Kind::Remove, *learner_, "was to become a member and does not start its etcd");
    }
    if (!learner_->isThere() || learner_->seat->node.isNobody()) {
      return nothing(learner_->name() + " has yet to start its etcd");
    }
    return onSeat(Kind::Promote, *learner_, "has been added and votes from now on");
  }

  [[nodiscard]] std::optional<MemberStep> moveVoter() const {
    for (const auto& taken : voters_) {
      if (!taken.isThere() || taken.node->address.isNone()) continue;
      if (taken.node->address == taken.seat->address) continue;
      return onSeat(Kind::Move, taken, "has another address now");
    }
    return std::nullopt;
  }

  /// Also where there are as many as wanted: another goes afterwards.
  [[nodiscard]] std::optional<MemberStep> seatLeader() const {
    const auto* first = newcomer();
    if (first == nullptr || first->id != request_.leader) return std::nullopt;
    return add(*first, "leads and is no member yet");
  }

  /// Whoever may go: those longest away first, then the last by id; never the leader.
  [[nodiscard]] const Taken* leastUseful() const {
    const auto rank = [](const Taken& taken) {
      return taken.node == nullptr ? Duration::max() : taken.node->away;
    };
    const Taken* worst = nullptr;
    for (const auto& taken : voters_) {
      if (taken.node != nullptr && taken.node->id == request_.leader) continue;
      if (worst == nullptr || rank(taken) > rank(*worst) ||
          (rank(taken) == rank(*worst) && taken.seat->node > worst->seat->node)) {
        worst = &taken;
      }
    }
    return worst;
  }

  [[nodiscard]] bool canSpare(const Taken& taken) const {
    return hasMajority(there_ - (taken.isThere() ? 1U : 0U), voters_.size() - 1);
  }

  [[nodiscard]] MemberStep removeSurplus() const {
    const auto* surplus = leastUseful();
    if (surplus == nullptr || !canSpare(*surplus)) {
      return nothing("one member too many, but too few of them are there");
    }
    return onSeat(Kind::Remove, *surplus, "is one member too many");
  }

  /// etcd takes no new member while one is away, so the seat is to be free first.
  [[nodiscard]] MemberStep replaceAway() const {
    const auto* worst = leastUseful();
    if (worst == nullptr || !worst->awayLongerThan(request_.replaceAfter)) return {};
    const auto* replacement = newcomer();
    if (replacement == nullptr)
      return nothing(worst->name() + " is away, and no other node is free");
    if (!canSpare(*worst))
      return nothing(worst->name() + " is away, and too few members are there");
    return onSeat(Kind::Remove, *worst,
                  "has been away for too long: " + replacement->name + " takes its place");
  }

  /// From an odd number always to the next odd one: an even number bears no more losses, and one
  /// more member can be lost.
  [[nodiscard]] MemberStep grow() const {
    const auto* first = newcomer();
    if (first == nullptr) return {};
    const auto free = std::ranges::count_if(
        request_.nodes, [this](const Candidate& node) { return canJoin(node); });
    const bool isOdd = voters_.size() % 2 == 1;
    if (isOdd && free < 2) return {};
    return add(*first, "becomes one of " + std::to_string(request_.wanted) + " members");
  }

  /// So that one node's death ends the cluster's leader or etcd's, not both: etcd would have to
  /// elect one before the lease of the leader's key begins to run out.
  [[nodiscard]] MemberStep unburden() const {
    const auto holder = std::ranges::find(voters_, request_.etcdLeader,
                                          [](const Taken& taken) { return taken.seat->member; });
    if (holder == voters_.end() || holder->seat->node != request_.leader) return {};
    for (const auto& taken : voters_) {
      if (!taken.isThere() || taken.node->id == request_.leader) continue;
      return onSeat(Kind::Unburden, taken, "leads etcd instead of the node that leads the cluster");
    }
    return {};
  }

  const PlanRequest& request_;
  std::vector<Taken> voters_;
  std::optional<Taken> learner_;
  std::size_t there_ = 0;  ///< voters
};

}  // namespace

MemberStep planMembers(const PlanRequest& request) {
  return Planner(request).next();
}

}  // namespace cluster_lab::etcd
