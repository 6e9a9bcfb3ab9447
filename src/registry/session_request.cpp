#include "registry/session_request.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "registry/go_object.hpp"
#include "registry/go_values.hpp"
#include "registry/rows.hpp"

namespace cluster_lab::registry {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// Consul takes a delay below this for seconds (lockDelayMinThreshold).
constexpr std::int64_t kLeastNanoseconds = 1000;
constexpr nanoseconds kLongestLockDelay = std::chrono::hours(24 * 365);

nanoseconds lockDelayIn(const GoObject& body) {
  std::int64_t delay = 0;
  if (body.isText("LockDelay")) {
    const auto parsed = parseGoDuration(body.text("LockDelay"));
    if (!parsed) body.refuse(parsed.error().message);
    delay = parsed.value_or(nanoseconds(0)).count();
  } else {
    delay = body.number("LockDelay");
  }
  const nanoseconds meant = delay < kLeastNanoseconds
                                ? nanoseconds(seconds(std::max<std::int64_t>(delay, 0)))
                                : nanoseconds(delay);
  return std::min(meant, kLongestLockDelay);
}

std::vector<std::string> serviceChecksIn(const GoObject& body) {
  std::vector<std::string> ids;
  for (const auto& check : body.objects("ServiceChecks")) ids.push_back(check.text("ID"));
  return ids;
}

/// One of two lists is of old clients; an empty one of either takes the default of the other away.
void settleChecks(SessionRequest& request) {
  const std::vector<std::string> standard = {std::string(kSerfHealth)};
  if (request.checks.empty()) {
    request.nodeChecks.clear();
  } else if (request.nodeChecks.empty() || request.checks == standard) {
    request.checks.clear();
  }
}

}  // namespace

Result<SessionRequest> sessionRequestFrom(std::string_view text, const std::string& node) {
  SessionRequest request;
  request.node = node;
  request.nodeChecks = {std::string(kSerfHealth)};
  request.checks = request.nodeChecks;
  if (trim(text).empty() || trim(text) == "null") {
    settleChecks(request);
    return request;
  }
  const auto body = GoObject::parse(text);
  if (!body) return fail(body.error());
  request.name = body->text("Name");
  if (body->has("Node")) request.node = body->text("Node");
  if (body->has("Checks")) request.checks = body->texts("Checks");
  if (body->has("NodeChecks")) request.nodeChecks = body->texts("NodeChecks");
  request.serviceChecks = serviceChecksIn(*body);
  if (body->has("LockDelay")) request.lockDelay = lockDelayIn(*body);
  if (body->has("Behavior")) request.behavior = body->text("Behavior");
  request.ttl = body->text("TTL");
  if (const auto good = body->finish(); !good) return fail(good.error());
  settleChecks(request);
  return request;
}

}  // namespace cluster_lab::registry
