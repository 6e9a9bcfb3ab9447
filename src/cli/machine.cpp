#include "cli/machine.hpp"

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "cli/run_program.hpp"
#include "cli/wording.hpp"
#include "http/client.hpp"
#include "os/file.hpp"
#include "os/host.hpp"
#include "os/netlink.hpp"

namespace cluster_lab::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kVersionTime{5};
constexpr std::chrono::seconds kSystemctlTime{10};
constexpr std::chrono::milliseconds kLeaderTime{2000};

bool mentionsModule(const fs::path& list, const std::string& module) {
  // modules.dep of a distribution's kernel has about 1 MB.
  const auto text = os::readFile(list, std::size_t{16} << 20U);
  return text && text->find("/" + module + ".ko") != std::string::npos;
}

bool kernelHasModule(const std::string& module) {
  std::error_code ignored;
  if (fs::exists("/sys/module/" + module, ignored)) return true;
  const auto modules = fs::path("/lib/modules") / os::kernelRelease();
  return mentionsModule(modules / "modules.dep", module) ||
         mentionsModule(modules / "modules.builtin", module);
}

DependencyState findDependency(const Dependency& dependency) {
  DependencyState state{.dependency = dependency, .found = false, .version = {}};
  if (dependency.isModule) {
    state.found = kernelHasModule(dependency.name);
    if (state.found) state.version = os::kernelRelease();
    return state;
  }
  const auto program = os::findProgram(dependency.name);
  state.found = program.has_value();
  if (!program || dependency.version.empty()) return state;
  auto arguments = dependency.version;
  arguments.front() = program->string();
  if (const auto ran = runProgram(arguments, kVersionTime)) state.version = versionIn(ran->output);
  return state;
}

/// The value of "NAME=value" among the lines.
std::string propertyOf(const std::string& lines, std::string_view name) {
  for (const auto line : split(lines, '\n')) {
    if (line.starts_with(name) && line.substr(name.size()).starts_with('=')) {
      return printable(trim(line.substr(name.size() + 1)));
    }
  }
  return "";
}

Unit lookAtUnit() {
  std::error_code ignored;
  Unit unit{
      .hasSystemd = fs::exists("/run/systemd/system", ignored), .state = {}, .statusLine = {}};
  if (!unit.hasSystemd) return unit;
  const auto shown = runProgram(
      {"systemctl", "show", "--property=ActiveState,StatusText", "cluster-start.service"},
      kSystemctlTime);
  unit.state = shown ? propertyOf(shown->output, "ActiveState") : "unknown";
  unit.statusLine = shown ? propertyOf(shown->output, "StatusText") : "";
  return unit;
}

std::optional<std::uint32_t> idOf(const os::LinkInfo& link) {
  if (link.vlan) return link.vlan->value;
  if (link.vni) return link.vni->value;
  return std::nullopt;
}

std::optional<Interface> lookAtInterface(os::Netlink& netlink, const std::string& name) {
  const auto link = netlink.link(name);
  if (!link) return std::nullopt;
  Interface interface {
    .name = name, .kind = link->kind, .id = idOf(*link), .up = link->up, .carrier = link->carrier,
    .addresses = {}
  };
  if (const auto addresses = netlink.addresses(link->index)) {
    for (const auto& one : *addresses) interface.addresses.push_back(one.address);
  }
  return interface;
}

/// proc(5): a line per route; destination and mask are zero for the default route.
bool hasDefaultRoute() {
  const auto table = os::readFile("/proc/net/route");
  if (!table) return false;
  return std::ranges::any_of(split(*table, '\n'), [](std::string_view line) {
    const auto fields = split(line, '\t');
    return fields.size() > 7 && fields[1] == "00000000" && fields[7] == "00000000";
  });
}

/// Does a program named `name` run with `argument` in its command line?
bool runsProgram(std::string_view name, std::string_view argument) {
  std::error_code ended;
  for (fs::directory_iterator it("/proc", ended), last; !ended && it != last; it.increment(ended)) {
    const auto commandLine = os::readFile(it->path() / "cmdline");
    if (!commandLine) continue;
    const auto words = split(*commandLine, '\0');
    if (fs::path(words.front()).filename() != name) continue;
    if (commandLine->find(argument) != std::string::npos) return true;
  }
  return false;
}

EngineState lookAtEngine(const std::string& socket) {
  std::error_code problem;
  if (!fs::exists(socket, problem)) {
    return os::findProgram("dockerd") ? EngineState::Stopped : EngineState::NotInstalled;
  }
  http::Client client({.host = {}, .port = 0, .socketPath = socket});
  const auto answer = client.get("/_ping");
  if (answer && answer->status == 200) return EngineState::Running;
  if (!answer && answer.error().code == ErrorCode::PermissionDenied) {
    return EngineState::NoPermission;
  }
  return EngineState::Stopped;
}

bool answers(Ipv4 address, std::uint16_t port, const std::string& target) {
  http::Client client({.host = address.toString(),
                       .port = port,
                       .socketPath = {},
                       .connectTimeout = kLeaderTime,
                       .answerTimeout = kLeaderTime});
  const auto answer = client.get(target);
  return answer && answer->status == 200;
}

Wanted wantedBy(const config::Settings& settings) {
  return {.kind = settings.link.kind,
          .id = settings.link.id,
          .parent = settings.link.parent,
          .link = settings.link.name(),
          .subnet = settings.network.subnet,
          .leaderAddress = settings.network.leaderAddress,
          .registryPort = settings.registry.port,
          .schedulerPort = settings.scheduler.port};
}

LinkKind kindNamed(const std::string& name, LinkKind otherwise) {
  if (name == "vlan") return LinkKind::Vlan;
  if (name == "vxlan") return LinkKind::Vxlan;
  return name == "none" ? LinkKind::None : otherwise;
}

/// What the running daemon says counts more than the files: its command line is over them.
void takeFromDaemon(const StatusView& status, Wanted& wanted) {
  wanted.kind = kindNamed(status.link.kind, wanted.kind);
  wanted.id = status.link.id;
  wanted.parent = status.link.parent;
  wanted.link = status.link.name;
  if (const auto subnet = Ipv4Network::parse(status.subnet)) wanted.subnet = *subnet;
  if (const auto leader = Ipv4::parse(status.leaderAddress)) wanted.leaderAddress = *leader;
  if (status.registryPort != 0) wanted.registryPort = status.registryPort;
  if (status.schedulerPort != 0) wanted.schedulerPort = status.schedulerPort;
}

void askDaemon(const DaemonClient& daemon, Facts& facts) {
  facts.asked = daemon.place();
  if (auto status = daemon.status()) {
    facts.status = std::move(*status);
    takeFromDaemon(*facts.status, facts.wanted);
  } else {
    facts.statusError = status.error();
  }
  if (auto nodes = daemon.nodes()) facts.nodes = std::move(*nodes);
}

void lookAtNetwork(Facts& facts) {
  facts.defaultRoute = hasDefaultRoute();
  const auto ipv6Off =
      os::readFile("/proc/sys/net/ipv6/conf/" + facts.wanted.parent + "/disable_ipv6");
  facts.parentWithoutIpv6 = ipv6Off && trim(*ipv6Off) == "1";
  const auto netlink = os::Netlink::open();
  if (!netlink) return;
  facts.parent = lookAtInterface(**netlink, facts.wanted.parent);
  facts.link = lookAtInterface(**netlink, facts.wanted.link);
}

}  // namespace

std::vector<DependencyState> findDependencies(LinkKind kind) {
  std::vector<DependencyState> states;
  std::ranges::transform(dependencies(kind), std::back_inserter(states), findDependency);
  return states;
}

Facts gatherFacts(const DaemonClient& daemon, const config::Settings& settings,
                  const std::string& configurationError) {
  Facts facts;
  facts.configurationError = configurationError;
  facts.wanted = wantedBy(settings);
  askDaemon(daemon, facts);
  facts.unit = lookAtUnit();
  lookAtNetwork(facts);
  facts.dhcpServerRuns = runsProgram("dnsmasq", settings.runDirectory.string());
  facts.dhcpClientRuns = runsProgram("udhcpc", facts.wanted.link);
  facts.engine = lookAtEngine(settings.scheduler.engineSocket);
  facts.dependencies = findDependencies(facts.wanted.kind);
  const auto leader = facts.wanted.leaderAddress;
  facts.leaderAnswers = answers(leader, facts.wanted.registryPort, "/cluster/v1/status");
  facts.schedulerAnswers = answers(leader, facts.wanted.schedulerPort, "/_ping");
  return facts;
}

}  // namespace cluster_lab::cli
