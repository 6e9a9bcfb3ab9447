#include "etcd/member_keeper.hpp"

#include <algorithm>
#include <utility>

#include "etcd/client.hpp"
#include "etcd/seating.hpp"
#include "etcd/server_command.hpp"
#include "os/log.hpp"

namespace cluster_lab::etcd {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGreeting{300};  // for a server to answer
constexpr std::chrono::minutes kTryAgain{10};        // with a node that did not start its etcd

Request requestFor(const MemberStep& step, std::uint16_t peerPort) {
  switch (step.kind) {
    case MemberStep::Kind::AddLearner:
      return renderMemberAdd(urlOf(step.address, peerPort));
    case MemberStep::Kind::Promote:
      return renderMemberPromote(step.member);
    case MemberStep::Kind::Move:
      return renderMemberUpdate(step.member, urlOf(step.address, peerPort));
    case MemberStep::Kind::Remove:
      return renderMemberRemove(step.member);
    case MemberStep::Kind::Unburden:
    case MemberStep::Kind::Nothing:
      break;
  }
  return {};
}

}  // namespace

Result<MemberStep> MemberKeeper::keep(std::vector<Candidate> nodes, TimePoint deadline) {
  return change(requestOf(std::move(nodes)), deadline);
}

Result<MemberStep> MemberKeeper::unburden(std::vector<Candidate> nodes, TimePoint deadline) {
  auto request = requestOf(std::move(nodes));
  request.settling = true;
  return change(std::move(request), deadline);
}

PlanRequest MemberKeeper::requestOf(std::vector<Candidate> nodes) const {
  return {.leader = options_.leader,
          .nodes = std::move(nodes),
          .seats = {},
          .etcdLeader = 0,
          .wanted = options_.wanted,
          .replaceAfter = options_.replaceAfter,
          .learnerPatience = options_.learnerPatience,
          .learnerWaited = {},
          .settling = false};
}

Result<MemberStep> MemberKeeper::change(PlanRequest request, TimePoint deadline) {
  const auto members = client_.members(deadline);
  if (!members) return fail(members.error().during("ask for etcd's members"));
  for (const auto& member : *members) request.seats.push_back(seatOf(member));
  const auto own = std::ranges::find(request.seats, options_.leader, &Seat::node);
  const auto address = own == request.seats.end() ? Ipv4{} : own->address;
  if (const auto status = client_.status(address, deadline)) request.etcdLeader = status->leader;
  if (own != request.seats.end() && own->member == request.etcdLeader) markSilent(request);

  noteLearner(request);

  auto step = planMembers(request);
  if (step.kind == MemberStep::Kind::Nothing) return step;
  if (auto done = carryOut(step, address, deadline); !done) {
    return fail(done.error().during("change etcd's members: " + step.reason));
  }
  os::log::info("etcd's members: " + step.reason);
  if (step.kind == MemberStep::Kind::Remove && step.member == learner_) {
    unable_[step.node] = Clock::now() + kTryAgain;
  }
  return step;
}

void MemberKeeper::noteLearner(PlanRequest& request) {
  const auto now = Clock::now();
  for (auto& node : request.nodes) {
    const auto found = unable_.find(node.id);
    node.unable = found != unable_.end() && now < found->second;
  }
  const auto waiting = std::ranges::find_if(
      request.seats, [](const Seat& seat) { return seat.learner && seat.node.isNobody(); });
  const auto member = waiting == request.seats.end() ? 0 : waiting->member;
  if (member != std::exchange(learner_, member)) learnerSince_ = now;
  if (member != 0) request.learnerWaited = now - learnerSince_;
}

void MemberKeeper::markSilent(PlanRequest& request) const {
  for (auto& node : request.nodes) {
    const auto seat = std::ranges::find(request.seats, node.id, &Seat::node);
    const bool votes = seat != request.seats.end() && !seat->learner;
    if (!votes || node.id == options_.leader || !node.isThere()) continue;
    const auto deadline = Clock::now() + kGreeting;
    if (!client_.status(node.address, deadline)) node.away = kGreeting;
  }
}

Result<void> MemberKeeper::carryOut(const MemberStep& step, Ipv4 self, TimePoint deadline) {
  if (step.kind == MemberStep::Kind::Unburden) {
    return client_.transfer(self, step.member, deadline);
  }
  const auto changed = client_.changeMembers(requestFor(step, options_.peerPort), deadline);
  if (!changed) return fail(changed.error());
  return {};
}

}  // namespace cluster_lab::etcd
