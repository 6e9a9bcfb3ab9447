#include "lab/node_watch.hpp"

#include <algorithm>
#include <thread>

#include "base/text.hpp"
#include "http/client.hpp"
#include "lab/kernel.hpp"
#include "lab/node_init.hpp"
#include "lab/process.hpp"
#include "os/file.hpp"

namespace cluster_lab::lab {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t kRegistryPort = 8500;
constexpr auto kBetweenRounds = 20ms;

Result<std::string> get(Ipv4 address, const std::string& target) {
  http::Client client({.host = address.toString(),
                       .port = kRegistryPort,
                       .socketPath = {},
                       .connectTimeout = 300ms,
                       .answerTimeout = 2000ms});
  auto answer = client.get(target);
  if (!answer) return fail(answer.error());
  if (answer->status != 200)
    return fail(ErrorCode::Unavailable, target + " answers " + std::to_string(answer->status));
  return answer->body;
}

std::string lastLines(std::string_view text, std::size_t count) {
  const auto lines = split(trim(text), '\n');
  std::string tail;
  for (std::size_t i = lines.size() - std::min(count, lines.size()); i < lines.size(); ++i)
    tail += "    " + std::string(lines[i]) + "\n";
  return tail;
}

}  // namespace

NodeView NodeWatch::blank(const NodeState& node) const {
  NodeView view;
  view.name = node.name();
  view.lanAddress = lab_.address(node);
  view.plugged = node.plugged;
  view.state = isAlive(node.init) ? "silent" : "off";
  return view;
}

void NodeWatch::ask(NodeView& view) const {
  const auto status = get(view.lanAddress, "/cluster/v1/status");
  const auto read = status ? readStatus(*status, view) : fail(status.error());
  if (read) return;
  view.state = "silent";
  view.reason = read.error().message;
}

NodeView NodeWatch::lookInside(const NodeState& node) const {
  auto view = blank(node);
  if (view.state == "off") return view;
  const auto daemon = store_.daemonState(node);
  if (!daemon.empty() && daemon != kDaemonRuns) {
    view.state = "stopped";
    return view;
  }
  if (auto asked = inNetworkOf(node.init.pid, [&] { ask(view); }); !asked)
    view.reason = asked.error().message;
  return view;
}

std::vector<std::string> NodeWatch::expected(const Watched& watched,
                                             const std::vector<Watched>& all) const {
  std::vector<std::string> names;
  for (const auto& node : lab_.nodes) {
    if (node.options != watched.node.options || !node.plugged || !isAlive(node.init)) continue;
    const auto known =
        std::ranges::find(all, node.index, [](const Watched& other) { return other.node.index; });
    names.push_back(known == all.end() ? node.name() : known->view.name);
  }
  return names;
}

void NodeWatch::askOverLan(Watched& watched, const std::vector<Watched>& all) const {
  auto& view = watched.view;
  ask(view);
  if (view.inCluster()) {
    const auto nodes = get(view.lanAddress, "/v1/catalog/nodes");
    const auto read = nodes ? readCatalog(*nodes, view) : fail(nodes.error());
    if (!read) view.reason = read.error().message;
  }
  watched.lacks = stillLacks(view, expected(watched, all));
}

bool NodeWatch::hopeless(const std::vector<Watched>& all) const {
  return std::ranges::any_of(all, [&](const Watched& watched) {
    const auto daemon = store_.daemonState(watched.node);
    return !isAlive(watched.node.init) || (!daemon.empty() && daemon != kDaemonRuns);
  });
}

std::vector<Straggler> NodeWatch::stragglers(const std::vector<Watched>& all) const {
  constexpr std::size_t kLines = 12;
  std::vector<Straggler> found;
  for (const auto& watched : all) {
    if (watched.lacks.empty()) continue;
    const auto log = os::readFile(store_.nodeDirectory(watched.node) / "log");
    found.push_back({watched.node.name(), watched.lacks, lastLines(log.value_or(""), kLines)});
  }
  return found;
}

std::vector<Straggler> NodeWatch::waitUntilFormed(const std::vector<NodeState>& nodes,
                                                  std::chrono::steady_clock::time_point deadline,
                                                  const Formed& formed) const {
  std::vector<Watched> all;
  all.reserve(nodes.size());
  for (const auto& node : nodes) all.push_back({.node = node, .view = blank(node)});
  const auto isMissing = [](const Watched& watched) { return !watched.lacks.empty(); };
  while (std::ranges::any_of(all, isMissing)) {
    for (auto& watched : all) {
      if (!isMissing(watched)) continue;
      askOverLan(watched, all);
      if (!isMissing(watched)) formed(watched.view);
    }
    if (std::chrono::steady_clock::now() >= deadline || hopeless(all)) break;
    std::this_thread::sleep_for(kBetweenRounds);
  }
  return stragglers(all);
}

}  // namespace cluster_lab::lab
