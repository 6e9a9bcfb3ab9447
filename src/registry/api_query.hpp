#pragma once

#include <cstdint>
#include <functional>

#include "http/message.hpp"
#include "registry/api.hpp"

namespace cluster_lab::registry {

/// A question about the state, for answerQuery().
struct Query {
  TableSet tables;                                   ///< whose changes may change the answer
  std::function<std::uint64_t(const State&)> index;  ///< of the answer; none: that of the tables
  std::function<http::Response(const Core::View&)> render;
  bool unordered = false;  ///< the index is no count: another one is a newer answer
};

/// Answers as Consul does: looks at ?index and ?wait and blocks until the answer is newer, at
/// ?stale, ?consistent and ?dc, and sets Consul's headers. With parameters that Consul refuses its
/// refusal; 503 where too many block already. Ends soon after the client has hung up.
[[nodiscard]] http::Response answerQuery(Api& api, const http::Request& request,
                                         const Query& query);

/// Consul's refusal of ?dc with another datacenter; nullopt: it is ours.
[[nodiscard]] std::optional<http::Response> refuseDatacenter(const Api& api,
                                                             const http::Request& request);
/// The same of one named in a body; empty: ours.
[[nodiscard]] std::optional<http::Response> refuseDatacenter(const Api& api,
                                                             const std::string& datacenter);

}  // namespace cluster_lab::registry
