// The real docker command against the endpoint.
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>

#include "http/router.hpp"
#include "http/server.hpp"
#include "registry_world.hpp"
#include "scheduler/scheduler_api.hpp"
#include "support/skip.hpp"

namespace cluster_lab::scheduler {
namespace {

std::vector<std::string> installedClients() {
  std::vector<std::string> found;
  for (const auto* path : {"/usr/bin/docker", "/usr/local/bin/docker"}) {
    if (::access(path, X_OK) == 0) found.emplace_back(path);
  }
  return found;
}

std::string outputOf(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>&1").c_str(), "r"),
                                                   ::pclose);
  REQUIRE(pipe);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    output.append(buffer.data(), count);
  }
  return output;
}

/// A cluster of three: one with an engine, one without, one silent.
struct Cluster {
  RegistryWorld registry;
  SchedulerApi api{registry, {testNetwork(), "1.0.0"}};
  http::Router router;
  std::unique_ptr<http::Server> server;

  Cluster() {
    auto silent = nodeNumber(3);
    silent.health = registry::Health::Critical;
    for (const auto& node : {nodeNumber(1, Role::Leading), nodeNumber(2), silent}) {
      registry.addNode(node);
    }
    REQUIRE(registry.putEngine(engineNumber(1)).has_value());
    api.addRoutes(router);
    auto started =
        http::Server::start({.address = "127.0.0.1"},
                            [this](const http::Request& request) { return router.route(request); });
    REQUIRE(started);
    server = std::move(*started);
  }

  [[nodiscard]] std::string ask(const std::string& client, const std::string& words) const {
    return outputOf("env -u DOCKER_HOST -u DOCKER_CONTEXT timeout 20 " + client +
                    " -H tcp://127.0.0.1:" + std::to_string(server->port()) + " " + words);
  }
};

void checkHas(const std::string& output, std::initializer_list<const char*> parts) {
  for (const auto* part : parts) {
    INFO(output << "\nshould have: " << part);
    CHECK(output.find(part) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("docker command: info lists the nodes, with and without an engine") {
  const auto clients = installedClients();
  if (clients.empty()) return test::skip("no docker command is installed");
  const Cluster cluster;
  for (const auto& client : clients) {
    INFO(client);
    const auto output = cluster.ask(client, "info");
    checkHas(output, {"Nodes: 3", "pi-1: 192.168.200.101", "Status: Healthy", "Engine: 20.10.24",
                      "pi-2: 192.168.200.102", "Status: No engine", "pi-3: 192.168.200.103",
                      "Status: Silent", "CPUs: 4", "Containers: 1", "Total Memory: 1GiB"});
    CHECK(output.find("WARNING") == std::string::npos);
  }
}

TEST_CASE("docker command: version shows the cluster's") {
  const auto clients = installedClients();
  if (clients.empty()) return test::skip("no docker command is installed");
  const Cluster cluster;
  for (const auto& client : clients) {
    INFO(client);
    checkHas(cluster.ask(client, "version"), {"Server: Cluster Lab", "1.0.0", "armv7l"});
  }
}

TEST_CASE("docker command: what is not served yet is told clearly") {
  const auto clients = installedClients();
  if (clients.empty()) return test::skip("no docker command is installed");
  const Cluster cluster;
  for (const auto& client : clients) {
    INFO(client);
    checkHas(cluster.ask(client, "ps"), {"is not served by this cluster yet"});
  }
}

}  // namespace cluster_lab::scheduler
