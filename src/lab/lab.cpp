#include "lab/lab.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "lab/kernel.hpp"
#include "lab/lab_plan.hpp"
#include "lab/machine.hpp"
#include "lab/node_init.hpp"
#include "lab/node_watch.hpp"
#include "lab/process.hpp"
#include "lab/programs.hpp"
#include "os/netlink.hpp"

namespace cluster_lab::lab {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr unsigned kStandardCount = 3;

/// A progress line appears at once, also in a pipe.
template <typename... Parts>
void say(fmt::format_string<Parts...> format, Parts&&... parts) {
  fmt::print(format, std::forward<Parts>(parts)...);
  fmt::print("\n");
  std::fflush(stdout);
}

double secondsSince(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

/// The network that an address of this machine stands in.
Ipv4Network networkOf(const os::AddressInfo& info) {
  const int prefix = std::clamp(info.prefixLength, 1, 30);
  const auto mask = ~std::uint32_t{0} << (32 - prefix);
  const Ipv4 network(info.address.hostOrder() & mask);
  return Ipv4Network::parse(fmt::format("{}/{}", network.toString(), prefix))
      .value_or(Ipv4Network());
}

/// The networks that a new lab must not meet: of other labs and of this machine.
Result<std::vector<Ipv4Network>> takenNetworks() {
  auto taken = LabStore::lans();
  auto netlink = os::Netlink::open();
  if (!netlink) return fail(netlink.error());
  const auto links = (*netlink)->links();
  if (!links) return fail(links.error());
  for (const auto& link : *links) {
    const auto addresses = (*netlink)->addresses(link.index);
    if (!addresses) return fail(addresses.error());
    for (const auto& address : *addresses) taken.push_back(networkOf(address));
  }
  return taken;
}

/// "vlan" where this kernel can, else "vxlan", and says so.
std::string bestLink() {
  const auto why = whyNoLink("vlan");
  if (why.empty()) return "vlan";
  say("This kernel has no 802.1Q (VLAN): the nodes use VXLAN instead.");
  return "vxlan";
}

/// Asks a running node's first process for the daemon, unless that one runs well: what is asked of
/// a running daemon would be done when it ends.
void startDaemon(const NodeState& node, const NodeView& now, const LabStore& store) {
  const bool runs = now.state != "stopped" && now.state != "stopping" && now.state != "silent";
  if (runs) return;
  store.forgetDaemonState(node);
  sendSignal(node.init, kStartDaemonSignal);
}

std::unexpected<Error> noSuchLab(const std::string& name) {
  return fail(ErrorCode::NotFound, fmt::format("there is no lab '{}'", name),
              "start it with: lab up");
}

}  // namespace

Lab::Lab(const std::string& name)
    : began_(Clock::now()), name_(name), store_(name), switch_(name) {}

Result<void> Lab::open() {
  auto loaded = store_.load();
  if (!loaded) return fail(loaded.error());
  if (!*loaded) return noSuchLab(name_);
  state_ = std::move(**loaded);
  return {};
}

Result<NodeState*> Lab::node(const Request& request) {
  if (auto opened = open(); !opened) return fail(opened.error());
  if (auto* const found = state_.find(request.node)) return found;
  return fail(ErrorCode::NotFound, fmt::format("there is no node '{}'", request.node),
              "lab ls lists them");
}

Result<void> Lab::create(const Request& request) {
  if (auto removed = down(request); !removed) return removed;  // what a crash or a reboot left
  const auto taken = takenNetworks();
  if (!taken) return fail(taken.error());
  const auto lan = chooseLan(name_, *taken);
  if (!lan) return fail(ErrorCode::Exhausted, "all of 198.18.0.0/15 is in use on this machine");
  const auto why = request.link.empty() || request.link == "none" ? "" : whyNoLink(request.link);
  if (!why.empty())
    return fail(ErrorCode::Unsupported,
                fmt::format("this kernel cannot do {}: {}", request.link, why),
                "use another --link");
  state_ = {.name = name_,
            .bootId = bootId(),
            .lan = *lan,
            .link = request.link.empty() ? bestLink() : request.link,
            .cardMiB = request.cardMiB,
            .nodes = {}};
  if (auto saved = store_.save(state_); !saved) return saved;
  return switch_.build(*lan);
}

Result<void> Lab::sameLink(const Request& request) const {
  if (request.link.empty() || request.link == state_.link) return {};
  return fail(ErrorCode::AlreadyExists,
              fmt::format("lab '{}' is up with link {}", name_, state_.link),
              "lab down, then again");
}

NodeState& Lab::append(const Request& request) {
  NodeState node{.index = state_.nextIndex(), .options = {}, .init = {}};
  if (!request.configFile.empty()) node.options = {"--config", request.configFile};
  node.options.insert(node.options.end(), request.further.begin(), request.further.end());
  return state_.nodes.emplace_back(std::move(node));
}

Result<void> Lab::powerOn(NodeState& node) {
  const auto directory = store_.makeNodeDirectory(node, state_.cardMiB);
  if (!directory) return fail(directory.error());
  auto daemon = daemonCommand();
  if (!daemon) return fail(daemon.error());
  daemon->push_back("--link.kind=" + state_.link);
  daemon->push_back("--board.led=no");  // it is this machine's
  daemon->insert(daemon->end(), node.options.begin(), node.options.end());
  const MachineSpec spec{.name = node.name(),
                         .directory = directory->string(),
                         .address = state_.address(node),
                         .prefixLength = state_.lan.prefixLength(),
                         .daemon = std::move(*daemon)};
  store_.forgetDaemonState(node);
  if (auto removed = switch_.removePort(node.name()); !removed) return removed;
  const auto process = lab::powerOn(spec, [&](int pid) {
    return switch_.connect(node.name(), pid, nodeMac(state_.lan, node.index));
  });
  if (!process) return fail(process.error());
  node.init = *process;
  node.plugged = true;
  return store_.save(state_);
}

Result<void> Lab::powerOnAll() {
  for (auto& node : state_.nodes) {
    if (isAlive(node.init)) continue;
    if (auto on = powerOn(node); !on) return on;
  }
  return {};
}

Result<void> Lab::waitFor(const std::vector<NodeState>& nodes) const {
  const auto deadline = Clock::now() + 30s + nodes.size() * 500ms;
  const auto formed = [&](const NodeView& node) {
    say("{:<6} {:<10} after {:.1f} s", node.name, node.state, secondsSince(began_));
  };
  const auto missing = NodeWatch(state_, store_).waitUntilFormed(nodes, deadline, formed);
  if (missing.empty()) return {};
  std::string text = "the cluster did not form; the lab is left up for looking\n";
  for (const auto& node : missing)
    text += fmt::format("  {} is {}\n{}", node.node, node.lacks, node.logTail);
  return fail(ErrorCode::TimedOut, text);
}

std::vector<NodeView> Lab::look() const {
  std::vector<NodeView> views;
  views.reserve(state_.nodes.size());
  const NodeWatch watch(state_, store_);
  for (const auto& node : state_.nodes) views.push_back(watch.lookInside(node));
  return views;
}

void Lab::report() const {
  const auto first = std::ranges::find_if(
      state_.nodes, [](const NodeState& node) { return node.plugged && isAlive(node.init); });
  fmt::print("\n{}\n", toTable(look()));
  say("{} nodes on link {} in {:.1f} s.", state_.nodes.size(), state_.link, secondsSince(began_));
  if (first != state_.nodes.end())
    say("The cluster's page: http://{}:8500/ui/", state_.address(*first).toString());
}

Result<void> Lab::up(const Request& request) {
  {
    const auto lock = LabStore::lock();
    if (!lock) return fail(lock.error());
    auto ready = open();
    if (ready)
      ready = sameLink(request);
    else if (ready.error().code == ErrorCode::NotFound)
      ready = create(request);
    if (!ready) return ready;
    while (state_.nodes.size() < request.count.value_or(kStandardCount)) append(request);
    say("Lab '{}': {} nodes on LAN {}, link {}", name_, state_.nodes.size(), state_.lan.toString(),
        state_.link);
    if (auto on = powerOnAll(); !on) return on;
  }
  if (!request.wait) return {};
  if (auto formed = waitFor(state_.nodes); !formed) return formed;
  report();
  return {};
}

Result<void> Lab::add(const Request& request) {
  {
    const auto lock = LabStore::lock();
    if (!lock) return fail(lock.error());
    if (auto opened = open(); !opened) return opened;
    if (state_.nextIndex() > kMostNodes)
      return fail(ErrorCode::Exhausted, fmt::format("a lab has at most {} nodes", kMostNodes));
    if (auto on = powerOn(append(request)); !on) return on;
  }
  say("{} is on: {}", state_.nodes.back().name(), state_.address(state_.nodes.back()).toString());
  return request.wait ? waitFor({state_.nodes.back()}) : Result<void>();
}

Result<void> Lab::start(const Request& request) {
  NodeState wanted;
  {
    const auto lock = LabStore::lock();
    if (!lock) return fail(lock.error());
    const auto found = node(request);
    if (!found) return fail(found.error());
    if (isAlive((*found)->init)) {
      startDaemon(**found, NodeWatch(state_, store_).lookInside(**found), store_);
    } else if (auto on = powerOn(**found); !on) {
      return on;
    }
    wanted = **found;
  }
  return request.wait ? waitFor({wanted}) : Result<void>();
}

Result<void> Lab::kill(const Request& request) {
  const auto lock = LabStore::lock();
  if (!lock) return fail(lock.error());
  const auto found = node(request);
  if (!found) return fail(found.error());
  auto done = killAndWait((*found)->init);
  // The kernel takes its time to remove the namespace; the cable goes now.
  if (done) done = switch_.removePort((*found)->name());
  if (!done) return done;
  (*found)->init = {};
  return store_.save(state_);
}

Result<void> Lab::setPlugged(const Request& request, bool plugged) {
  const auto lock = LabStore::lock();
  if (!lock) return fail(lock.error());
  const auto found = node(request);
  if (!found) return fail(found.error());
  if (!isAlive((*found)->init))
    return fail(ErrorCode::Unavailable, (*found)->name() + " is off", "lab start " + request.node);
  if (auto set = switch_.setPort((*found)->name(), plugged); !set) return set;
  (*found)->plugged = plugged;
  return store_.save(state_);
}

Result<void> Lab::plug(const Request& request) {
  return setPlugged(request, true);
}

Result<void> Lab::unplug(const Request& request) {
  return setPlugged(request, false);
}

Result<void> Lab::list(const Request& request) {
  const auto opened = open();
  if (!opened && (opened.error().code != ErrorCode::NotFound || !request.json)) return opened;
  const auto views = look();
  fmt::print("{}", request.json ? toJson(views) : toTable(views));
  return {};
}

Result<void> Lab::exec(const Request& request) {
  const auto found = node(request);
  if (!found) return fail(found.error());
  if (!isAlive((*found)->init))
    return fail(ErrorCode::Unavailable, (*found)->name() + " is off", "lab start " + request.node);
  std::vector<std::string> command = {"nsenter", "--target", fmt::format("{}", (*found)->init.pid),
                                      "--mount", "--uts",    "--ipc",
                                      "--net",   "--pid",    "--"};
  command.insert(command.end(), request.further.begin(), request.further.end());
  return fail(becomeProgram(command));
}

Result<void> Lab::logs(const Request& request) {
  const auto found = node(request);
  if (!found) return fail(found.error());
  const auto log = (store_.nodeDirectory(**found) / "log").string();
  if (request.follow) return fail(becomeProgram({"tail", "-n", "+1", "-F", log}));
  return fail(becomeProgram({"cat", log}));
}

Result<void> Lab::down(const Request&) {
  if (auto loaded = store_.load(); loaded && *loaded) {
    for (const auto& node : (*loaded)->nodes) {
      if (auto killed = killAndWait(node.init); !killed) return killed;
    }
  }
  auto done = switch_.remove();
  if (done) done = store_.remove();
  return done;
}

}  // namespace cluster_lab::lab
