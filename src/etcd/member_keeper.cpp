#include "etcd/member_keeper.hpp"

#include <optional>
#include <utility>

#include "etcd/client.hpp"
#include "etcd/server_command.hpp"
#include "os/log.hpp"

namespace cluster_lab::etcd {
namespace {

Seat seatOf(const Member& member) {
  return {.member = member.id,
          .node = NodeId::parse(member.name).value_or(NodeId{}),
          .address = member.peerUrls.empty() ? Ipv4{} : addressOf(member.peerUrls.front()),
          .learner = member.learner};
}

std::optional<Request> requestFor(const MemberStep& step, std::uint16_t peerPort) {
  switch (step.kind) {
    case MemberStep::Kind::AddLearner:
      return renderMemberAdd(urlOf(step.address, peerPort));
    case MemberStep::Kind::Promote:
      return renderMemberPromote(step.member);
    case MemberStep::Kind::Move:
      return renderMemberUpdate(step.member, urlOf(step.address, peerPort));
    case MemberStep::Kind::Remove:
      return renderMemberRemove(step.member);
    case MemberStep::Kind::Nothing:
      break;
  }
  return std::nullopt;
}

}  // namespace

Result<MemberStep> MemberKeeper::keep(std::vector<Candidate> nodes, TimePoint deadline) {
  const auto members = client_.members(deadline);
  if (!members) return fail(members.error().during("ask for etcd's members"));
  PlanRequest request{.leader = options_.leader,
                      .nodes = std::move(nodes),
                      .seats = {},
                      .wanted = options_.wanted,
                      .replaceAfter = options_.replaceAfter,
                      .learnerPatience = options_.learnerPatience};
  for (const auto& member : *members) request.seats.push_back(seatOf(member));
  auto step = planMembers(request);
  const auto change = requestFor(step, options_.peerPort);
  if (!change) return step;
  const auto changed = client_.changeMembers(*change, deadline);
  if (!changed) return fail(changed.error().during("change etcd's members: " + step.reason));
  os::log::info("etcd's members: " + step.reason);
  return step;
}

}  // namespace cluster_lab::etcd
