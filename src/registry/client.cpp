#include "registry/client.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "http/client.hpp"
#include "registry/fields.hpp"
#include "registry/go_values.hpp"
#include "registry/json_writer.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::registry {
namespace {

/// The leader's answer. NotFound: it is 404; Conflict: it says that it does not lead; Unavailable:
/// it is another but 200.
Result<http::Response> askLeader(Ipv4 leader, std::uint16_t port, const std::string& method,
                                 const std::string& target, const std::string& body) {
  http::Client client({.host = leader.toString(), .port = port, .socketPath = {}});
  auto answer = client.request(method, target, body);
  if (!answer) return fail(answer.error());
  if (answer->status == 200) return answer;
  const bool leads = answer->status != 500 || answer->body != kNoLeader;
  return fail(answer->status == 404 ? ErrorCode::NotFound
              : leads               ? ErrorCode::Unavailable
                                    : ErrorCode::Conflict,
              fmt::format("the registry at {}:{} answered {}: {}", leader.toString(), port,
                          answer->status, answer->body));
}

}  // namespace

Result<std::string> registerAtLeader(Ipv4 leader, std::uint16_t port,
                                     const NodeRegistration& node) {
  const auto answer = askLeader(leader, port, "PUT", "/cluster/v1/registry/nodes", toJson(node));
  if (!answer) return fail(answer.error());
  Fields fields(answer->body);
  return fields.finish("the leader's answer", fields.text("name"));
}

Result<void> leaveLeader(Ipv4 leader, std::uint16_t port, const NodeId& node) {
  const auto answer =
      askLeader(leader, port, "DELETE", "/cluster/v1/registry/nodes/" + node.toString(), {});
  if (!answer) return fail(answer.error());
  return {};
}

Result<void> forgetAtLeader(Ipv4 leader, std::uint16_t port, const NodeId& node) {
  const auto answer = askLeader(leader, port, "DELETE", "/cluster/v1/nodes/" + node.toString(), {});
  if (!answer) return fail(answer.error());
  return {};
}

Result<void> tellLostAtLeader(Ipv4 leader, std::uint16_t port, const std::string& node,
                              const std::string& news) {
  const auto body =
      JsonWriter().beginObject().member("node", node).member("text", news).endObject().finish();
  const auto answer = askLeader(leader, port, "PUT", "/cluster/v1/registry/lost", body);
  if (!answer) return fail(answer.error());
  return {};
}

Result<std::uint64_t> syncAtLeader(Ipv4 leader, std::uint16_t port, const NodeServices& services) {
  const auto answer =
      askLeader(leader, port, "PUT", "/cluster/v1/registry/services", toJson(services));
  if (!answer) return fail(answer.error());
  for (const auto& [name, value] : answer->headers) {
    if (toLower(name) == toLower(kIndexHeader)) return parseGoUnsigned(value).value_or(0);
  }
  return 0;
}

}  // namespace cluster_lab::registry
