#include "agent/check_runner.hpp"

#include "agent/alias.hpp"
#include "agent/http_check.hpp"
#include "agent/member_names.hpp"
#include "os/child_process.hpp"
#include "os/short_command.hpp"
#include "os/tcp_probe.hpp"
#include "registry/registry.hpp"
#include "registry/state.hpp"

namespace cluster_lab::agent {
namespace {

using namespace std::chrono_literals;
using registry::Health;
using std::chrono::milliseconds;

constexpr std::chrono::nanoseconds kTcpTimeout = 10s;
constexpr std::chrono::nanoseconds kScriptTimeout = 30s;

CheckResult runTcp(const CheckDefinition& check, const std::stop_token& stop) {
  const auto limit = check.timeout.count() > 0 ? check.timeout : kTcpTimeout;
  const auto reached = os::probeTcp(check.tcp, std::chrono::ceil<milliseconds>(limit), stop);
  if (!reached) return {Health::Critical, reached.error().message};
  return {Health::Passing, "TCP connect " + check.tcp + ": Success"};
}

CheckResult runScript(const CheckDefinition& check, const std::stop_token& stop) {
  const auto limit = check.timeout.count() > 0 ? check.timeout : kScriptTimeout;
  const auto end = os::runCommand(
      {.arguments = check.args, .environment = {}},
      {.time = std::chrono::ceil<milliseconds>(limit), .output = check.outputSize}, stop);
  if (!end) return {Health::Critical, end.error().message};
  auto output = cutPrinted(end->output, end->printed);
  if (end->timedOut) {
    return {Health::Critical, "Timed out (" + goDuration(limit) + ") running check\n\n" + output};
  }
  constexpr int kKilled = -1;
  return {judgeExit(end->exitStatus.value_or(kKilled)), std::move(output)};
}

/// Of another node's service, or that node, as the registry has it.
CheckResult followAlias(const CheckDefinition& check, const registry::Registry& registry) {
  AliasTarget target{.node = check.aliasNode, .service = check.aliasService};
  std::vector<AliasedCheck> checks;
  registry.read([&](const registry::State& state) {
    const auto* node = state.findNode(check.aliasNode);
    if (node == nullptr) return;
    const auto& id = node->row.id;
    target.exists =
        check.aliasService.empty() || state.findService(id, check.aliasService) != nullptr;
    for (const auto& [key, stored] :
         registry::rowsUnder(state.checks(), registry::checkKey(id, ""))) {
      const auto& row = stored.row;
      if (row.type == toString(CheckKind::Alias) && row.serviceId.empty()) continue;
      checks.push_back({row.name, row.serviceId, row.status, row.output});
    }
  });
  return judgeAlias(target, checks);
}

}  // namespace

CheckResult runCheck(const CheckDefinition& check, const registry::Registry& registry,
                     const std::stop_token& stop) {
  switch (check.kind()) {
    case CheckKind::Http:
      return runHttpCheck(check, stop);
    case CheckKind::Tcp:
      return runTcp(check, stop);
    case CheckKind::Script:
      return runScript(check, stop);
    default:
      return followAlias(check, registry);
  }
}

}  // namespace cluster_lab::agent
