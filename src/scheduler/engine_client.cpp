#include "scheduler/engine_client.hpp"

#include <string>

#include "base/text.hpp"
#include "http/client.hpp"
#include "scheduler/engine_json.hpp"

namespace cluster_lab::scheduler {
namespace {

ErrorCode codeOf(int status) {
  if (status == 400) return ErrorCode::InvalidArgument;
  if (status == 403) return ErrorCode::PermissionDenied;
  return ErrorCode::Unavailable;
}

}  // namespace

Result<void> registerEngine(Ipv4 leader, std::uint16_t port, const registry::Engine& engine) {
  http::ClientOptions options;
  options.host = leader.toString();
  options.port = port;
  http::Client client(options);
  const auto answer = client.request("POST", "/cluster/v1/nodes", renderEngine(engine),
                                     {{"Content-Type", "application/json"}});
  if (!answer) return fail(answer.error());
  if (answer->status == 200) return {};
  return fail(codeOf(answer->status), "the leader answered " + std::to_string(answer->status) +
                                          ": " + std::string(trim(answer->body)));
}

}  // namespace cluster_lab::scheduler
