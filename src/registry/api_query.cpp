#include "registry/api_query.hpp"

#include <algorithm>
#include <expected>
#include <string>

#include "os/host.hpp"
#include "registry/api_write.hpp"
#include "registry/go_values.hpp"
#include "registry/waiting_place.hpp"

namespace cluster_lab::registry {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Consul, api-docs/features/blocking
constexpr nanoseconds kDefaultWait = std::chrono::minutes(5);
constexpr nanoseconds kLongestWait = std::chrono::minutes(10);
constexpr int kJitterFraction = 16;
// How often a blocking query looks whether its client is still there.
constexpr std::chrono::seconds kLookInterval{4};

struct Blocking {
  std::uint64_t index = 0;  ///< 0: answer at once
  nanoseconds wait{0};      ///< 0: the default
};

std::expected<Blocking, http::Response> blockingOf(const http::Request& request) {
  Blocking blocking;
  if (const auto wait = request.parameter("wait"); wait && !wait->empty()) {
    const auto parsed = parseGoDuration(*wait);
    if (!parsed) return std::unexpected(http::text(400, "Invalid wait time"));
    blocking.wait = *parsed;
  }
  if (const auto index = request.parameter("index"); index && !index->empty()) {
    const auto parsed = parseGoUnsigned(*index);
    if (!parsed) return std::unexpected(http::text(400, "Invalid index"));
    blocking.index = *parsed;
  }
  return blocking;
}

std::optional<http::Response> refuseConsistency(const http::Request& request) {
  if (request.has("stale") && request.has("consistent")) {
    return http::text(400, "Cannot specify ?stale with ?consistent, conflicting semantics.");
  }
  const auto age = request.parameter("max_stale");
  if (age && !age->empty() && !parseGoDuration(*age)) {
    return http::text(400, "Invalid max_stale value \"" + *age + "\"");
  }
  return std::nullopt;
}

/// Until when a query may block: the wait asked for, and a little by chance, so that the queries of
/// many clients do not all end at once.
TimePoint deadlineOf(nanoseconds wait) {
  wait = std::min(wait == nanoseconds(0) ? kDefaultWait : wait, kLongestWait);
  const auto most = duration_cast<milliseconds>(wait).count() / kJitterFraction;
  const auto jitter = most > 0 ? os::randomBelow(static_cast<std::uint32_t>(most)) : 0U;
  return std::chrono::steady_clock::now() + wait + milliseconds(jitter);
}

std::uint64_t indexOf(const Query& query, const State& state) {
  const auto index = query.index ? query.index(state) : state.index(query.tables);
  return std::max(index, std::uint64_t{1});  // Consul: 0 would make a client not block
}

http::Response noPlaceToWait() {
  auto response = http::text(503, "too many blocking queries wait on this node (" +
                                      std::to_string(WaitingPlace::kMost) +
                                      "): ask again later, or ask another node");
  response.headers.emplace_back("Retry-After", "5");
  return response;
}

/// As Waiter::wait(), but gives up soon after the client has hung up.
Wakeups::Outcome awaitTouch(Wakeups::Waiter& waiter, TimePoint deadline,
                            const http::Request& request) {
  while (true) {
    const auto look = std::min(deadline, std::chrono::steady_clock::now() + kLookInterval);
    const auto outcome = waiter.wait(look);
    if (outcome != Wakeups::Outcome::Expired || look == deadline) return outcome;
    if (request.abandoned()) return Wakeups::Outcome::Abandoned;
  }
}

/// Waits until the query's index is above that of `blocking`, or long enough. A refusal where there
/// is no place to wait.
std::optional<http::Response> block(Api& api, const http::Request& request, const Query& query,
                                    const Blocking& blocking) {
  if (blocking.index == 0) return std::nullopt;
  const WaitingPlace place(api.waiting);
  const auto deadline = deadlineOf(blocking.wait);
  Wakeups::Waiter waiter(api.core.wakeups(), query.tables);
  const auto isOld = [&](const Core::View& view) {
    const auto index = indexOf(query, view.state);
    return query.unordered ? index == blocking.index : index <= blocking.index;
  };
  while (api.core.read(isOld)) {
    if (!place.isFree()) return noPlaceToWait();
    if (awaitTouch(waiter, deadline, request) != Wakeups::Outcome::Touched) break;
  }
  return std::nullopt;
}

void addHeaders(http::Response& response, std::uint64_t index, const Core& core, bool knownLeader) {
  const auto lost = core.contactLost();
  const auto silence =
      lost ? duration_cast<milliseconds>(std::chrono::steady_clock::now() - *lost).count() : 0;
  response.headers.emplace_back("X-Consul-Index", std::to_string(index));
  response.headers.emplace_back("X-Consul-KnownLeader", knownLeader ? "true" : "false");
  response.headers.emplace_back("X-Consul-LastContact", std::to_string(silence));
}

}  // namespace

std::optional<http::Response> refuseDatacenter(const Api& api, const http::Request& request) {
  return refuseDatacenter(api, request.parameter("dc").value_or(""));
}

std::optional<http::Response> refuseDatacenter(const Api& api, const std::string& datacenter) {
  if (datacenter.empty() || datacenter == api.options.datacenter) return std::nullopt;
  return http::text(500, "No path to datacenter");
}

http::Response answerQuery(Api& api, const http::Request& request, const Query& query) {
  const auto blocking = blockingOf(request);
  if (!blocking) return blocking.error();
  if (auto refusal = refuseConsistency(request)) return *refusal;
  if (auto refusal = refuseDatacenter(api, request)) return *refusal;
  if (auto refusal = block(api, request, query, *blocking)) return *refusal;
  if (request.has("consistent")) {
    if (auto refusal = catchUp(api, request)) return *refusal;
  }

  std::uint64_t index = 0;
  bool knownLeader = false;
  auto response = api.core.read([&](const Core::View& view) {
    index = indexOf(query, view.state);
    knownLeader = view.standing.kind != Standing::Kind::Wandering;
    return query.render(view);
  });
  addHeaders(response, index, api.core, knownLeader);
  return response;
}

}  // namespace cluster_lab::registry
