#include "cli/daemon_client.hpp"

#include <utility>

#include "http/client.hpp"

namespace cluster_lab::cli {

Error unreachable(const Error& error) {
  return {error.code, "the daemon does not answer: " + error.message,
          "start the cluster with: sudo cluster-lab start; why it does not run: "
          "cluster-lab doctor"};
}

DaemonClient::DaemonClient(std::string host, std::uint16_t port)
    : host_(std::move(host)), port_(port) {}

std::string DaemonClient::place() const {
  return host_ + ":" + std::to_string(port_);
}

Result<std::string> DaemonClient::ask(const std::string& target) const {
  http::Client client({.host = host_, .port = port_, .socketPath = {}});
  const auto answer = client.get(target);
  if (!answer) {
    return fail(unreachable(answer.error()));
  }
  if (answer->status != 200) {
    return fail(ErrorCode::Corrupt,
                "expected 200 for " + target + " from " + place() + ", found status " +
                    std::to_string(answer->status),
                "see who listens there: sudo ss -ltnp");
  }
  return answer->body;
}

Result<std::string> DaemonClient::statusJson() const {
  return ask("/cluster/v1/status");
}

Result<std::string> DaemonClient::nodesJson() const {
  return ask("/cluster/v1/nodes");
}

Result<StatusView> DaemonClient::status() const {
  const auto json = statusJson();
  if (!json) return fail(json.error());
  return parseStatus(*json);
}

Result<std::vector<NodeView>> DaemonClient::nodes() const {
  const auto json = nodesJson();
  if (!json) return fail(json.error());
  return parseNodes(*json);
}

}  // namespace cluster_lab::cli
