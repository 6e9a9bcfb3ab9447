#include <algorithm>

#include "base/text.hpp"
#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/api_write.hpp"
#include "registry/decide_services.hpp"
#include "registry/go_values.hpp"
#include "registry/json_writer.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::registry {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kLongestWait = std::chrono::minutes(10);
// How soon a follower whose connection ended is noticed where nothing happens.
constexpr std::chrono::milliseconds kLookInterval{500};

struct Poll {
  Position from;
  nanoseconds wait{0};
  bool whole = false;
  std::optional<NodeId> node;        ///< who asks
  std::optional<Storage> agreement;  ///< that the asker knows
};

Result<std::optional<Storage>> agreementIn(const http::Request& request) {
  const auto text = request.parameter("agreement");
  if (!text) return std::nullopt;
  auto agreement = fromJson<Storage>(*text);
  if (!agreement) return fail(agreement.error().during("agreement"));
  return *std::move(agreement);
}

Result<Poll> pollOf(const http::Request& request) {
  const auto term = parseGoUnsigned(request.parameter("term").value_or("0"));
  const auto index = parseGoUnsigned(request.parameter("index").value_or("0"));
  const auto writer = NodeId::parse(request.parameter("writer").value_or(NodeId{}.toString()));
  const auto wait = parseGoDuration(request.parameter("wait").value_or("0"));
  const auto node = request.parameter("node");
  const auto asker = NodeId::parse(node.value_or(NodeId{}.toString()));
  if (!term || !index) return fail(ErrorCode::InvalidArgument, "term, index: expected numbers");
  if (!writer) return fail(writer.error().during("writer"));
  if (!wait) return fail(wait.error().during("wait"));
  if (!asker) return fail(asker.error().during("node"));
  auto agreement = agreementIn(request);
  if (!agreement) return fail(agreement.error());
  return Poll{.from = {.term = *term, .writer = *writer, .index = *index},
              .wait = std::min(*wait, kLongestWait),
              .whole = request.has("whole"),
              .node = node ? std::optional(*asker) : std::nullopt,
              .agreement = *std::move(agreement)};
}

/// What the question tells of the asker's copy, while it waits for its answer.
class AskerHeard {
 public:
  AskerHeard(Core& core, const Poll& poll) {
    if (!poll.node) return;
    const auto has = poll.whole ? Position{} : poll.from;
    const auto leadership = core.read([&](const Core::View& view) {
      const bool shared = view.state.header().lineage.contains(has);
      return shared ? view.standing.leadership : 0;
    });
    if (leadership == 0) return;
    question_.emplace(core.acknowledgements(), leadership, *poll.node, has.index);
  }

 private:
  std::optional<Acknowledgements::Question> question_;
};

/// Waits for a change, and looks now and then whether the asker is still there.
Wakeups::Outcome awaitChange(Wakeups::Waiter& waiter, TimePoint deadline,
                             const http::Request& request) {
  while (true) {
    const auto look = std::min(deadline, std::chrono::steady_clock::now() + kLookInterval);
    const auto outcome = waiter.wait(look);
    if (request.abandoned()) return Wakeups::Outcome::Abandoned;
    if (outcome != Wakeups::Outcome::Expired || look == deadline) return outcome;
  }
}

/// Refuses a follower that knows of a later agreement than this leader, who then must not lead.
std::optional<http::Response> refuseOutranking(Api& api, const Poll& poll) {
  if (!poll.agreement) return std::nullopt;
  const bool leads = api.core.read([](const Core::View& view) { return view.standing.leads(); });
  const auto why = leads ? api.core.outrankedBy(*poll.agreement) : std::nullopt;
  if (!why) return std::nullopt;
  api.options.outranked(why->message);
  return http::text(409, why->message);
}

http::Response changes(Api& api, const http::Request& request) {
  if (auto refusal = refusePeer(api, request, Permission::Cluster)) return *refusal;
  const auto poll = pollOf(request);
  if (!poll) return errorResponse(poll.error());
  if (auto refusal = refuseOutranking(api, *poll)) return *refusal;
  const auto deadline = std::chrono::steady_clock::now() + poll->wait;
  Wakeups::Waiter waiter(api.core.wakeups(), TableSet::all());
  const AskerHeard heard(api.core, *poll);
  do {
    const auto answer = api.core.answerFollower(poll->from, poll->whole);
    if (!answer) return http::text(503, answer.error().text());
    if (*answer) return http::json(toJson(**answer));
  } while (awaitChange(waiter, deadline, request) == Wakeups::Outcome::Touched);
  return http::json(toJson(api.core.emptyAnswer()));
}

/// A node that registers is alive, whatever was said of it before.
Result<std::string> registerAlive(Api& api, const NodeRegistration& node) {
  auto name = api.core.write(
      [&](const State& state) { return decide::registerNode(state, node, api.options.port); });
  if (!name) return name;
  const auto passing = api.core.write([&](const State& state) {
    return decide::setHealth(state, node.id, Health::Passing, "Agent alive and reachable");
  });
  if (!passing) return fail(passing.error());
  return name;
}

http::Response registerNode(Api& api, const http::Request& request) {
  return answerWrite(api, request, Permission::Cluster, [&] {
    const auto node = fromJson<NodeRegistration>(request.body);
    if (!node) return errorResponse(node.error());
    const auto name = registerAlive(api, *node);
    if (!name) return errorResponse(name.error());
    return http::json(JsonWriter().beginObject().member("name", *name).endObject().finish());
  });
}

http::Response syncServices(Api& api, const http::Request& request) {
  return answerWrite(api, request, Permission::Cluster, [&] {
    const auto wanted = fromJson<NodeServices>(request.body);
    if (!wanted) return errorResponse(wanted.error());
    const auto done =
        api.core.write([&](const State& state) { return decide::syncServices(state, *wanted); });
    if (!done && done.error().code == ErrorCode::NotFound) {
      return http::text(404, done.error().text());
    }
    return done ? http::json("true") : errorResponse(done.error());
  });
}

http::Response removeNode(Api& api, const http::Request& request) {
  return answerWrite(api, request, Permission::Cluster, [&] {
    const auto id = NodeId::parse(http::starOf("/cluster/v1/registry/nodes/*", request.path));
    if (!id) return errorResponse(id.error());
    api.core.acknowledgements().forget(*id);
    const auto known =
        api.core.write([&](const State& state) { return decide::removeNode(state, *id); });
    if (!known) return errorResponse(known.error());
    return http::json(*known ? "true" : "false");
  });
}

}  // namespace

void addStreamRoutes(http::Router& router, Api& api) {
  addEndpoint(router, "/cluster/v1/registry/changes",
              {{"GET", [&api](const http::Request& request) { return changes(api, request); }}});
  addEndpoint(
      router, "/cluster/v1/registry/nodes",
      {{"PUT", [&api](const http::Request& request) { return registerNode(api, request); }}});
  addGet(router, api, kLeaderIndexPath, &leaderIndex);
  addEndpoint(
      router, "/cluster/v1/registry/services",
      {{"PUT", [&api](const http::Request& request) { return syncServices(api, request); }}});
  addEndpoint(
      router, "/cluster/v1/registry/nodes/*",
      {{"DELETE", [&api](const http::Request& request) { return removeNode(api, request); }}});
}

}  // namespace cluster_lab::registry
