#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>

#include "agent/api.hpp"
#include "agent/metrics.hpp"
#include "base/text.hpp"
#include "os/file.hpp"
#include "registry/registry.hpp"
#include "registry/state.hpp"

namespace cluster_lab::agent {
namespace {

using Metrics = std::vector<Metric>;

/// Of /proc/self/status (proc(5)): "VmRSS:\t  1234 kB".
std::uint64_t ownFigure(std::string_view status, std::string_view name) {
  for (const auto line : split(status, '\n')) {
    if (!line.starts_with(name)) continue;
    const auto value = trim(line.substr(name.size()));
    return static_cast<std::uint64_t>(
        parseInteger(value.substr(0, value.find(' ')), 0, INT32_MAX).value_or(0));
  }
  return 0;
}

void addProcess(const Api& api, Metrics& metrics) {
  const auto status = os::readFile("/proc/self/status").value_or("");
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::steady_clock::now() - api.started);
  metrics.push_back({"consul.runtime.alloc_bytes", "Resident memory of the daemon in bytes",
                     ownFigure(status, "VmRSS:") * 1024});
  metrics.push_back(
      {"consul.runtime.num_threads", "Threads of the daemon", ownFigure(status, "Threads:")});
  metrics.push_back({"consul.runtime.uptime_seconds", "Time since the daemon started",
                     static_cast<std::uint64_t>(uptime.count())});
  metrics.push_back(
      {"consul.api.http", "Requests that the registry's port was sent", api.requests.load(), true});
}

void addState(const Api& api, Metrics& metrics) {
  api.registry.read([&](const registry::State& state) {
    const auto* self = state.findNode(api.options.self);
    const bool leads = self != nullptr && self->row.role == Role::Leading;
    const auto add = [&](const char* name, const char* help, std::uint64_t value) {
      metrics.push_back({name, help, value});
    };
    add("consul.server.isLeader", "1 on the node that leads", leads ? 1 : 0);
    add("consul.raft.applied_index", "Index of the newest change in this node's copy",
        state.position().index);
    add("consul.raft.term", "Term under which this node's copy was written", state.position().term);
    add("consul.state.nodes", "Nodes in the catalog", state.nodes().size());
    add("consul.state.service_instances", "Instances of services in the catalog",
        state.services().size());
    add("consul.state.checks", "Health checks in the catalog", state.checks().size());
    add("consul.state.kv_entries", "Keys in the key/value store", state.kv().size());
    add("consul.state.sessions", "Sessions", state.sessions().size());
  });
}

void addAgent(const Api& api, Metrics& metrics) {
  api.keeper.read([&](const LocalServices& local) {
    metrics.push_back(
        {"consul.agent.services", "Services registered on this node", local.services().size()});
    metrics.push_back(
        {"consul.agent.checks", "Checks registered on this node", local.checks().size()});
    metrics.push_back(
        {"consul.agent.checks_critical", "Checks of this node that are critical",
         static_cast<std::uint64_t>(std::ranges::count_if(local.checks(), [](const auto& check) {
           return check.second.status == registry::Health::Critical;
         }))});
  });
  metrics.push_back(
      {"consul.agent.check_runs", "Checks that this node has run", api.keeper.checkRuns(), true});
}

http::Response metrics(Api& api, const http::Request& request) {
  Metrics metrics;
  addProcess(api, metrics);
  addState(api, metrics);
  addAgent(api, metrics);
  if (request.parameter("format").value_or("") == "prometheus") {
    auto response = http::text(200, metricsText(metrics));
    response.contentType = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  }
  const auto now = fmt::format("{:%Y-%m-%d %H:%M:%S} +0000 UTC", fmt::gmtime(std::time(nullptr)));
  return http::json(metricsJson(metrics, now, request.has("pretty")));
}

}  // namespace

void addMetricsRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/agent/metrics", metrics);
}

}  // namespace cluster_lab::agent
