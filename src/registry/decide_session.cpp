#include "registry/decide_session.hpp"

#include "base/text.hpp"
#include "registry/decide_rows.hpp"
#include "registry/go_values.hpp"
#include "registry/session_timers.hpp"

namespace cluster_lab::registry::decide {
namespace {

constexpr std::size_t kUuidLetters = 36;

std::unexpected<Error> refuse(std::string why) {
  return fail(ErrorCode::InvalidArgument, std::move(why));
}

Result<SessionBehavior> behaviorOf(const SessionRequest& request) {
  if (request.behavior.empty() || request.behavior == "release") return SessionBehavior::Release;
  if (request.behavior == "delete") return SessionBehavior::Delete;
  return refuse("Invalid Behavior setting '" + request.behavior + "'");
}

Result<void> checkTtl(const SessionRequest& request) {
  if (request.ttl.empty()) return {};
  const auto ttl = parseGoDuration(request.ttl);
  if (!ttl) return refuse("Session TTL '" + request.ttl + "' invalid: " + ttl.error().message);
  if (ttl->count() == 0 || (*ttl >= kShortestTtl && *ttl <= kLongestTtl)) return {};
  return refuse("Invalid Session TTL '" + std::to_string(ttl->count()) +
                "', must be between [10s=24h0m0s]");
}

/// A session cannot begin with a check that would end it.
Result<void> checkChecks(const State& state, const NodeId& node,
                         const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    const auto* check = state.findCheck(node, id);
    if (check == nullptr) {
      return fail(ErrorCode::NotFound, "Missing check '" + id + "' registration");
    }
    if (check->row.status == Health::Critical) {
      return fail(ErrorCode::NotFound, "Check '" + id + "' is in critical state");
    }
  }
  return {};
}

}  // namespace

std::string sessionKey(std::string_view id) {
  return toLower(id);
}

Result<const Stored<Session>*> findSession(const State& state, std::string_view id) {
  if (id.size() != kUuidLetters) {
    return refuse("failed session lookup: index error: UUID must be 36 characters");
  }
  const auto session = state.sessions().find(sessionKey(id));
  return session == state.sessions().end() ? nullptr : &session->second;
}

Result<Decision<std::string>> createSession(const State& state, const SessionRequest& request,
                                            const std::string& id) {
  const auto behavior = behaviorOf(request);
  if (!behavior) return fail(behavior.error());
  if (auto good = checkTtl(request); !good) return fail(good.error());
  const auto* node = state.findNode(request.node);
  if (node == nullptr) return fail(ErrorCode::NotFound, "Missing node registration");
  for (const auto* ids : {&request.checks, &request.nodeChecks, &request.serviceChecks}) {
    if (auto good = checkChecks(state, node->row.id, *ids); !good) return fail(good.error());
  }
  const Session session{.id = id,
                        .name = request.name,
                        .node = node->row.id,
                        .nodeChecks = request.nodeChecks,
                        .serviceChecks = request.serviceChecks,
                        .checks = request.checks,
                        .lockDelay = request.lockDelay,
                        .behavior = *behavior,
                        .ttl = request.ttl};
  return Decision<std::string>{.changes = {{Table::Sessions, sessionKey(id), toJson(session)}},
                               .answer = id};
}

Result<Decision<bool>> destroySession(const State& state, std::string_view id) {
  const auto session = findSession(state, id);
  if (!session) return fail(session.error());
  return deleteRow(state.sessions(), Table::Sessions, sessionKey(id));
}

}  // namespace cluster_lab::registry::decide
