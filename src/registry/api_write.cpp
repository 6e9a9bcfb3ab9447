#include "registry/api_write.hpp"

#include <string>

#include "base/text.hpp"
#include "http/origin.hpp"
#include "registry/api_query.hpp"
#include "registry/client.hpp"
#include "registry/go_values.hpp"
#include "registry/waiting_place.hpp"

namespace cluster_lab::registry {
namespace {

// Marks a request that a follower handed on: it is not handed on again.
constexpr const char* kForwardedHeader = "X-ClusterLab-Forwarded";
// How many followers have what was written.
constexpr const char* kReplicasHeader = "X-ClusterLab-Replicas";
// How long a follower waits for its own copy to have what it handed on.
constexpr std::chrono::milliseconds kCopyWait{1000};
constexpr std::chrono::milliseconds kForwardTimeout{10000};
// How soon a leader that is not ready is asked again.
constexpr std::chrono::milliseconds kRetry{100};

std::string encodedTarget(const http::Request& request) {
  std::string target;
  for (const auto segment : split(request.path, '/')) {
    if (!target.empty() || segment.data() != request.path.data()) target += '/';
    target += http::encodeComponent(segment);
  }
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    target += std::exchange(separator, '&');
    target += http::encodeComponent(name);
    if (!value.empty()) target += "=" + http::encodeComponent(value);
  }
  return target;
}

std::uint64_t copyIndex(const Core& core) {
  return core.read([](const Core::View& view) { return view.state.position().index; });
}

http::Response noLeader() {
  return http::text(500, kNoLeader);
}

/// Nothing was carried out: nobody led there.
bool isRefusal(const http::Response& answer) {
  return answer.status == 500 && answer.body == kNoLeader;
}

/// One try to have a request answered by the leader; nullopt: surely nothing was carried out.
using Attempt = std::function<std::optional<http::Response>(const Standing&)>;

/// Tries until there is an answer, or long enough without a leader: as Consul holds a client's
/// requests back while a leader is elected. Other nodes wait themselves.
http::Response throughLeader(Api& api, const http::Request& request, Permission permission,
                             const Attempt& attempt) {
  const bool waits = permission == Permission::Client && !request.header(kForwardedHeader);
  const auto deadline = std::chrono::steady_clock::now() + api.options.holdTime;
  std::optional<WaitingPlace> place;
  while (true) {
    const auto standing = api.core.read([](const Core::View& view) { return view.standing; });
    if (auto answer = attempt(standing)) return *std::move(answer);
    const bool late = std::chrono::steady_clock::now() >= deadline;
    // A node that hands over is about to end: its clients had better ask again, elsewhere.
    const bool ends = standing.kind == Standing::Kind::HandingOver;
    if (!waits || late || ends || request.abandoned()) return noLeader();
    if (!place) place.emplace(api.waiting);
    if (!place->isFree() || !api.core.awaitStanding(standing.number, kRetry)) return noLeader();
  }
}

/// Adds to an answer of this leader how far its copy is, and waits until a follower has it all.
std::optional<http::Response> acknowledged(Api& api, const Standing& standing,
                                           Permission permission, http::Response response) {
  if (isRefusal(response)) return std::nullopt;
  const auto index = copyIndex(api.core);
  response.headers.emplace_back(kIndexHeader, std::to_string(index));
  if (permission == Permission::Cluster || response.status >= 400) return response;
  const auto replicas = api.core.acknowledge(standing.leadership, index);
  if (!replicas) return errorResponse(replicas.error());
  response.headers.emplace_back(kReplicasHeader, std::to_string(*replicas));
  return response;
}

/// Only headers that tell of the answer, not of the connection that it came by.
void keepOwnHeaders(http::Response& response) {
  std::erase_if(response.headers,
                [](const auto& header) { return !header.first.starts_with("X-"); });
}

/// The leader's answer; nullopt: it was not asked, or leads no more.
std::optional<http::Response> askLeader(Api& api, const Standing& standing,
                                        const http::Request& request) {
  if (standing.kind != Standing::Kind::Following) return std::nullopt;
  auto [answer, sentNothing] = api.leader.call({.host = standing.leader.toString(),
                                                .port = api.options.port,
                                                .socketPath = {},
                                                .answerTimeout = kForwardTimeout},
                                               request.method, encodedTarget(request), request.body,
                                               {{kForwardedHeader, "1"}}, standing.number);
  if (sentNothing || (answer && isRefusal(*answer))) return std::nullopt;
  if (!answer) return http::text(500, "rpc error making call: " + answer.error().text());
  return *std::move(answer);
}

/// The index of the leader's copy that its answer tells; 0: it tells none.
std::uint64_t leaderIndexIn(const http::Response& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (toLower(name) == toLower(kIndexHeader)) return parseGoUnsigned(value).value_or(0);
  }
  return 0;
}

std::optional<http::Response> forward(Api& api, const Standing& standing,
                                      const http::Request& request) {
  if (request.header(kForwardedHeader)) return std::nullopt;
  auto answer = askLeader(api, standing, request);
  if (!answer) return std::nullopt;
  api.core.waitIndex(leaderIndexIn(*answer), kCopyWait);
  keepOwnHeaders(*answer);
  return answer;
}

/// Waits until a follower has all that this leader has acknowledged or is about to.
http::Response tellIndex(Api& api, const Standing& standing) {
  const auto index = copyIndex(api.core);
  const auto replicas = api.core.acknowledge(standing.leadership, index);
  if (!replicas) return errorResponse(replicas.error());
  auto response = http::json("true");
  response.headers.emplace_back(kIndexHeader, std::to_string(index));
  return response;
}

}  // namespace

std::optional<http::Response> refuseClient(const http::Request& request, Ipv4Network clusterNetwork,
                                           bool lanWrites) {
  if (http::mayWrite(request, clusterNetwork, lanWrites)) return std::nullopt;
  return http::text(403,
                    "writes are accepted from this machine and from the cluster link only: set "
                    "registry.lan-writes=yes in /etc/cluster-lab/cluster-lab.conf of this node to "
                    "accept them from the LAN");
}

std::optional<http::Response> refusePeer(const Api& api, const http::Request& request,
                                         Permission permission) {
  const auto& network = api.options.clusterNetwork;
  if (permission == Permission::Client) {
    return refuseClient(request, network, api.options.lanWrites);
  }
  if (http::mayWrite(request, network, false)) return std::nullopt;
  return http::text(403,
                    "this is for the nodes of the cluster: it is accepted from this machine "
                    "and from the cluster link only");
}

http::Response answerWrite(Api& api, const http::Request& request, Permission permission,
                           const std::function<http::Response()>& carryOut) {
  if (auto refusal = refusePeer(api, request, permission)) return *refusal;
  if (auto refusal = refuseDatacenter(api, request)) return *refusal;
  return throughLeader(api, request, permission, [&](const Standing& standing) {
    return standing.leads() ? acknowledged(api, standing, permission, carryOut())
                            : forward(api, standing, request);
  });
}

http::Response leaderIndex(Api& api, const http::Request&) {
  const auto standing = api.core.read([](const Core::View& view) { return view.standing; });
  return standing.leads() ? tellIndex(api, standing) : noLeader();
}

std::optional<http::Response> catchUp(Api& api, const http::Request& request) {
  http::Request question;
  question.method = "GET";
  question.path = kLeaderIndexPath;
  const auto ask = [&](const Standing& standing) -> std::optional<http::Response> {
    if (standing.leads()) return tellIndex(api, standing);
    auto answer = askLeader(api, standing, question);
    // Asking changes nothing, so it may be asked again whatever happened.
    return answer && answer->status == 200 ? answer : std::nullopt;
  };
  auto answer = throughLeader(api, request, Permission::Client, ask);
  if (answer.status != 200) return answer;
  const auto index = leaderIndexIn(answer);
  api.core.waitIndex(index, kCopyWait);
  if (copyIndex(api.core) >= index) return std::nullopt;
  return http::text(500, "this node's copy is behind the leader's: ask again, or with ?stale");
}

http::Response requestTooLarge(std::size_t size, std::size_t most, const std::string& option) {
  return http::text(413, "Request body(" + std::to_string(size) +
                             " bytes) too large, max size: " + std::to_string(most) +
                             " bytes. See https://www.consul.io/docs/agent/options.html#" + option +
                             ".");
}

int storeStatusOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::Exhausted:
    case ErrorCode::PermissionDenied:
    case ErrorCode::Io:
      return 507;  // RFC 4918 section 11.5, Insufficient Storage
    default:
      return 500;
  }
}

http::Response errorResponse(const Error& error) {
  const bool asked = error.code == ErrorCode::InvalidArgument;
  return http::text(asked ? 400 : storeStatusOf(error), error.text());
}

}  // namespace cluster_lab::registry
