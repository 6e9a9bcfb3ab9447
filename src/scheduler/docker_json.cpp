#include "scheduler/docker_json.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

#include "scheduler/api_version.hpp"
#include "scheduler/engine_json.hpp"

namespace cluster_lab::scheduler {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct Totals {
  std::uint64_t containers = 0, running = 0, paused = 0, stopped = 0;
  std::uint64_t images = 0, processors = 0, memoryBytes = 0;
};

Totals totalsOf(const ClusterView& view) {
  Totals totals;
  for (const auto& [engine, status] : view.engines) {
    if (status != EngineStatus::Healthy) continue;
    totals.containers += engine.containers;
    totals.running += engine.containersRunning;
    totals.paused += engine.containersPaused;
    totals.stopped += engine.containersStopped;
    totals.images += engine.images;
    totals.processors += engine.processors;
    totals.memoryBytes += engine.memoryBytes;
  }
  return totals;
}

/// One fact of all engines; the different ones with commas where they differ.
std::string allOf(const ClusterView& view, std::string registry::Engine::*fact) {
  std::set<std::string> values;
  for (const auto& entry : view.engines) {
    if (!(entry.engine.*fact).empty()) values.insert(entry.engine.*fact);
  }
  std::string joined;
  for (const auto& value : values) joined += (joined.empty() ? "" : ", ") + value;
  return joined;
}

std::string inMebibytes(std::uint64_t bytes) {
  constexpr std::uint64_t kMebibyte = 1U << 20U;
  return std::to_string(bytes / kMebibyte) + " MiB";
}

std::string inWords(const std::map<std::string, std::string>& labels) {
  std::string words;
  for (const auto& [key, value] : labels) {
    words.append(words.empty() ? "" : ", ").append(key).append("=").append(value);
  }
  return words;
}

/// The lines under a node's name.
void addFacts(Json& pairs, const EngineView& entry) {
  const auto& engine = entry.engine;
  const auto add = [&pairs](const std::string& name, const std::string& value) {
    if (!value.empty()) pairs.push_back({" └ " + name, value});
  };
  add("Status", std::string(wordFor(entry.status)));
  if (!engine.version.empty()) {
    add("Containers", std::to_string(engine.containers) + " (" +
                          std::to_string(engine.containersRunning) + " running, " +
                          std::to_string(engine.containersPaused) + " paused, " +
                          std::to_string(engine.containersStopped) + " stopped)");
    add("CPUs", std::to_string(engine.processors));
    add("Memory", inMebibytes(engine.memoryBytes));
  }
  add("Labels", inWords(engine.labels));
  add("Engine", engine.version);
}

Json driverStatus(const ClusterView& view) {
  Json pairs = Json::array();
  const auto& leader = view.leader;
  if (!leader.id.isNobody()) {
    pairs.push_back({"Leader", leader.name + " (" + leader.address.toString() + ")"});
  }
  pairs.push_back({"Nodes", std::to_string(view.engines.size())});
  for (const auto& entry : view.engines) {
    pairs.push_back({" " + entry.engine.nodeName, entry.engine.address.toString()});
    addFacts(pairs, entry);
  }
  return pairs;
}

Json noPlugins() {
  const auto none = Json::array();
  return {{"Volume", none}, {"Network", none}, {"Authorization", nullptr}, {"Log", none}};
}

Json nodeJson(const EngineView& node) {
  auto object = Json::parse(renderEngine(node.engine));
  object["Status"] = wordFor(node.status);
  return object;
}

}  // namespace

std::string renderInfo(const ClusterView& view, const std::string& version) {
  const auto totals = totalsOf(view);
  return dump({{"ID", view.leader.id.isNobody() ? "" : view.leader.id.toString()},
               {"Name", view.leader.name},
               {"ServerVersion", "cluster-lab/" + version},
               {"Containers", totals.containers},
               {"ContainersRunning", totals.running},
               {"ContainersPaused", totals.paused},
               {"ContainersStopped", totals.stopped},
               {"Images", totals.images},
               {"NCPU", totals.processors},
               {"MemTotal", totals.memoryBytes},
               {"Driver", "cluster-lab"},
               {"DriverStatus", driverStatus(view)},
               {"OSType", "linux"},
               {"OperatingSystem", allOf(view, &registry::Engine::operatingSystem)},
               {"KernelVersion", allOf(view, &registry::Engine::kernel)},
               {"Architecture", allOf(view, &registry::Engine::architecture)},
               {"Plugins", noPlugins()},
               // What an engine could lack and the client would warn of.
               {"MemoryLimit", true},
               {"SwapLimit", true},
               {"KernelMemory", true},
               {"CpuCfsPeriod", true},
               {"CpuCfsQuota", true},
               {"CPUShares", true},
               {"CPUSet", true},
               {"PidsLimit", true},
               {"OomKillDisable", true},
               {"IPv4Forwarding", true},
               {"BridgeNfIptables", true},
               {"BridgeNfIp6tables", true},
               {"Swarm", {{"LocalNodeState", "inactive"}}},
               {"Labels", Json::array()},
               {"ExperimentalBuild", false}});
}

std::string renderVersion(const ClusterView& view, const std::string& version) {
  return dump({{"Platform", {{"Name", "Cluster Lab"}}},
               {"Version", version},
               {"ApiVersion", kApiVersion},
               {"MinAPIVersion", kMinApiVersion},
               {"GitCommit", ""},
               {"GoVersion", ""},
               {"Os", "linux"},
               {"Arch", allOf(view, &registry::Engine::architecture)},
               {"KernelVersion", allOf(view, &registry::Engine::kernel)}});
}

std::string renderMessage(std::string_view message) {
  return dump({{"message", message}}) + "\n";
}

std::string renderNodes(const ClusterView& view) {
  Json nodes = Json::array();
  for (const auto& node : view.engines) nodes.push_back(nodeJson(node));
  return dump(nodes);
}

std::string renderNode(const EngineView& node) {
  return dump(nodeJson(node));
}

std::string renderRegistered(const std::string& name, const std::string& manager) {
  return dump({{"Name", name}, {"Manager", manager}});
}

}  // namespace cluster_lab::scheduler
