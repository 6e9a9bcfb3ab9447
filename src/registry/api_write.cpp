#include "registry/api_write.hpp"

#include <string>

#include "base/text.hpp"
#include "http/origin.hpp"
#include "registry/api_query.hpp"
#include "registry/client.hpp"
#include "registry/go_values.hpp"

namespace cluster_lab::registry {
namespace {

// Marks a request that a follower handed on: it is not handed on again.
constexpr const char* kForwardedHeader = "X-ClusterLab-Forwarded";
// How many followers have what was written.
constexpr const char* kReplicasHeader = "X-ClusterLab-Replicas";
// How long a follower waits for its own copy to have what it handed on.
constexpr std::chrono::milliseconds kCopyWait{1000};
constexpr std::chrono::milliseconds kForwardTimeout{10000};

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

/// Adds to an answer of this leader how far its copy is, and waits until a follower has it all.
http::Response acknowledged(Api& api, const Standing& standing, Permission permission,
                            http::Response response) {
  const auto index = copyIndex(api.core);
  response.headers.emplace_back(kIndexHeader, std::to_string(index));
  if (permission == Permission::Cluster || response.status >= 400) return response;
  const auto replicas = api.core.acknowledgements().await(standing.leadership, index);
  if (!replicas) return errorResponse(replicas.error());
  response.headers.emplace_back(kReplicasHeader, std::to_string(*replicas));
  return response;
}

http::Response noLeader() {
  return http::text(500, "No cluster leader");
}

/// Only headers that tell of the answer, not of the connection that it came by.
void keepOwnHeaders(http::Response& response) {
  std::erase_if(response.headers,
                [](const auto& header) { return !header.first.starts_with("X-"); });
}

Result<http::Response> askLeader(Api& api, Ipv4 leader, const http::Request& request) {
  return api.leader.request({.host = leader.toString(),
                             .port = api.options.port,
                             .socketPath = {},
                             .answerTimeout = kForwardTimeout},
                            request.method, encodedTarget(request), request.body,
                            {{kForwardedHeader, "1"}});
}

/// The index of the leader's copy that its answer tells; 0: it tells none.
std::uint64_t leaderIndexIn(const http::Response& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (toLower(name) == toLower(kIndexHeader)) return parseGoUnsigned(value).value_or(0);
  }
  return 0;
}

http::Response forward(Api& api, const http::Request& request, Ipv4 leader) {
  auto answer = askLeader(api, leader, request);
  if (!answer) return http::text(500, "No cluster leader: " + answer.error().text());
  api.core.waitIndex(leaderIndexIn(*answer), kCopyWait);
  keepOwnHeaders(*answer);
  return *std::move(answer);
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
  const auto standing = api.core.read([](const Core::View& view) { return view.standing; });
  if (standing.leads()) return acknowledged(api, standing, permission, carryOut());
  if (standing.kind == Standing::Kind::Wandering || request.header(kForwardedHeader)) {
    return noLeader();
  }
  return forward(api, request, standing.leader);
}

http::Response leaderIndex(Api& api, const http::Request&) {
  const bool leads = api.core.read([](const Core::View& view) { return view.standing.leads(); });
  if (!leads) return noLeader();
  auto response = http::json("true");
  response.headers.emplace_back(kIndexHeader, std::to_string(copyIndex(api.core)));
  return response;
}

std::optional<http::Response> catchUp(Api& api) {
  const auto standing = api.core.read([](const Core::View& view) { return view.standing; });
  if (standing.leads()) return std::nullopt;
  if (standing.kind == Standing::Kind::Wandering) return noLeader();
  http::Request question;
  question.method = "GET";
  question.path = kLeaderIndexPath;
  const auto answer = askLeader(api, standing.leader, question);
  if (!answer || answer->status != 200) return noLeader();
  const auto index = leaderIndexIn(*answer);
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

http::Response errorResponse(const Error& error) {
  return http::text(error.code == ErrorCode::InvalidArgument ? 400 : 500, error.text());
}

}  // namespace cluster_lab::registry
