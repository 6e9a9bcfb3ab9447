#include "cli/commands.hpp"

#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/daemon_client.hpp"
#include "cli/dependencies.hpp"
#include "cli/doctor.hpp"
#include "cli/health.hpp"
#include "cli/kv_command.hpp"
#include "cli/lost_command.hpp"
#include "cli/machine.hpp"
#include "cli/outcome.hpp"
#include "cli/registry_commands.hpp"
#include "cli/run_program.hpp"
#include "cli/snapshot_command.hpp"
#include "cli/status_text.hpp"
#include "cli/storage_command.hpp"
#include "config/load.hpp"

namespace cluster_lab::cli {
namespace {

/// The service itself waits for a cable or a leader for ever; a person does not.
constexpr std::chrono::seconds kServiceTime{60};

/// The configuration, or the defaults and why.
struct Configuration {
  config::Settings settings;
  std::string error;
};

Configuration readConfiguration(const Invocation& invocation) {
  std::vector<const char*> arguments = {"cluster-lab"};
  if (!invocation.configuration.empty()) {
    arguments.insert(arguments.end(), {"--config", invocation.configuration.c_str()});
  }
  auto loaded = config::load(static_cast<int>(arguments.size()), arguments.data());
  if (loaded.exitCode) return {config::Settings{}, loaded.output};
  return {std::move(loaded.settings), ""};
}

DaemonClient clientFor(const Invocation& invocation, const config::Settings& settings) {
  return {invocation.host, invocation.port.value_or(settings.registry.port)};
}

Exit showStatus(const Invocation& invocation, const Style& style) {
  const auto client = clientFor(invocation, readConfiguration(invocation).settings);
  const auto json = client.statusJson();
  if (!json) return complain(json.error());
  const auto status = parseStatus(*json);
  if (!status) return complain(status.error());
  const auto nodes = client.nodes();
  if (!nodes) return complain(nodes.error());
  std::cout << (invocation.json ? pretty(*json) : renderStatus(*status, *nodes, style));
  return exitFor(isWell(*status, *nodes));
}

Exit showNodes(const Invocation& invocation, const Style& style) {
  const auto client = clientFor(invocation, readConfiguration(invocation).settings);
  const auto json = client.nodesJson();
  if (!json) return complain(json.error());
  const auto nodes = parseNodes(*json);
  if (!nodes) return complain(nodes.error());
  std::cout << (invocation.json ? pretty(*json) : renderNodes(*nodes, style));
  return exitFor(allPassing(*nodes));
}

Exit showDependencies(const Invocation& invocation, const Style& style) {
  const auto states = findDependencies(readConfiguration(invocation).settings.link.kind);
  std::cout << (invocation.json ? dependenciesJson(states) : renderDependencies(states, style));
  return exitFor(allRequiredFound(states));
}

Facts factsFor(const Invocation& invocation) {
  const auto configuration = readConfiguration(invocation);
  const auto client = clientFor(invocation, configuration.settings);
  return gatherFacts(client, configuration.settings, configuration.error);
}

Exit showHealth(const Invocation& invocation, const Style& style) {
  const auto checks = checkHealth(factsFor(invocation));
  std::cout << (invocation.json ? healthJson(checks) : renderHealth(checks, style));
  return exitFor(!anyFailed(checks));
}

Exit showFindings(const Invocation& invocation, const Style& style) {
  const auto findings = diagnose(factsFor(invocation));
  std::cout << (invocation.json ? findingsJson(findings) : renderFindings(findings, style));
  return exitFor(!anyProblem(findings));
}

/// Has systemd start `unit`.
Result<void> startUnit(const std::string& unit) {
  std::error_code ignored;
  if (!std::filesystem::exists("/run/systemd/system", ignored)) {
    return fail(ErrorCode::Unsupported,
                "expected systemd to start " + unit + ", but this machine runs without it",
                "run cluster-labd as root instead");
  }
  if (geteuid() != 0) {
    return fail(ErrorCode::PermissionDenied, "starting " + unit + " needs root",
                "run it again with sudo");
  }
  const auto ran = runProgram({"systemctl", "start", unit}, kServiceTime);
  if (!ran && ran.error().code == ErrorCode::TimedOut) {
    return fail(ErrorCode::Io, unit + " runs, but has not come to its end within a minute",
                "it goes on trying; what it waits for: cluster-lab doctor");
  }
  if (!ran) return fail(ran.error());
  if (!ran->succeeded) {
    return fail(ErrorCode::Io, "systemctl start " + unit + ": " + ran->how + "\n" + ran->output,
                "cluster-lab doctor tells why; journalctl -u " + unit + " tells more");
  }
  return {};
}

Exit startService(const Invocation& invocation, const std::string& action, const std::string& unit,
                  const std::string& done) {
  const auto started = startUnit(unit);
  if (invocation.json) {
    const nlohmann::ordered_json json = {{"action", action},
                                         {"unit", unit},
                                         {"done", started.has_value()},
                                         {"message", started ? done : started.error().message},
                                         {"remedy", started ? "" : started.error().remedy}};
    std::cout << json.dump(2) << "\n";
    return exitFor(started.has_value());
  }
  if (!started) return complain(started.error());
  std::cout << done << "\n";
  return Exit::Ok;
}

RegistryClient registryFor(const Invocation& invocation) {
  const auto settings = readConfiguration(invocation).settings;
  return {invocation.host, invocation.port.value_or(settings.registry.port)};
}

}  // namespace

Exit runCommand(const Invocation& invocation, const Style& style) {
  const auto& command = invocation.command;
  if (command == "kv") return runKv(invocation, registryFor(invocation), style);
  if (command == "services") return showServices(invocation, registryFor(invocation), style);
  if (command == "members") return showMembers(invocation, registryFor(invocation), style);
  if (command == "events") return runEvents(invocation, registryFor(invocation), style);
  if (command == "snapshot") return runSnapshot(invocation, registryFor(invocation));
  if (command == "forget") return forgetNode(invocation, registryFor(invocation));
  if (command == "lost") return runLost(invocation, registryFor(invocation), style);
  if (command == "registry") return runStorage(invocation, registryFor(invocation), style);
  if (command == "status") return showStatus(invocation, style);
  if (command == "nodes") return showNodes(invocation, style);
  if (command == "dependencies") return showDependencies(invocation, style);
  if (command == "health") return showHealth(invocation, style);
  if (command == "doctor") return showFindings(invocation, style);
  if (command == "start") {
    return startService(invocation, command, "cluster-start.service",
                        "The cluster is started on this node. See: cluster-lab status");
  }
  return startService(invocation, command, "cluster-stop.service",
                      "The cluster is stopped on this node.");
}

}  // namespace cluster_lab::cli
