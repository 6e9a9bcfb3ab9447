#pragma once

#include <functional>
#include <string>

#include "http/message.hpp"
#include "registry/api.hpp"

namespace cluster_lab::registry {

/// Who may ask for it.
enum class Permission : std::uint8_t {
  Client,   ///< this machine and the cluster link, and the LAN where it is opened
  Cluster,  ///< this machine and the cluster link
};

/// Consul's refusal of a client that may not change anything here; nullopt: may.
[[nodiscard]] std::optional<http::Response> refuseClient(const http::Request& request,
                                                         Ipv4Network clusterNetwork,
                                                         bool lanWrites);
/// The same of one who may not ask for it.
[[nodiscard]] std::optional<http::Response> refusePeer(const Api& api, const http::Request& request,
                                                       Permission permission);

/// Answers a request that changes something: by `carryOut` where this node leads, when a follower
/// has it, too; where it follows, by handing the request to the leader and waiting until this
/// node's copy has the change too, so that the client reads here what it wrote. Without a leader it
/// waits for one and tries again (so `carryOut` may be called several times), as long as surely
/// nothing was carried out. 403 for one who may not, 500 without a leader.
[[nodiscard]] http::Response answerWrite(Api& api, const http::Request& request,
                                         Permission permission,
                                         const std::function<http::Response()>& carryOut);

/// Where the leader tells the index of its copy, for catchUp().
inline constexpr const char* kLeaderIndexPath = "/cluster/v1/registry/index";
[[nodiscard]] http::Response leaderIndex(Api& api, const http::Request& request);
/// Waits until this node's copy has all that the leader's had when this was called: what
/// ?consistent asks for. Waits for a leader as answerWrite() does; 500 without one.
[[nodiscard]] std::optional<http::Response> catchUp(Api& api, const http::Request& request);

/// Consul's refusal of a body above the limit that its option of that name sets.
[[nodiscard]] http::Response requestTooLarge(std::size_t size, std::size_t most,
                                             const std::string& option);

/// 507 where the card could not take a write, else 500.
[[nodiscard]] int storeStatusOf(const Error& error);
/// Consul's answer to a failure of ours, and 507 where the card could not take it.
[[nodiscard]] http::Response errorResponse(const Error& error);

}  // namespace cluster_lab::registry
