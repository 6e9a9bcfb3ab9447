#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "agent/api.hpp"
#include "unit/registry/fixture.hpp"

namespace cluster_lab::agent::test {

/// A node that leads, with its registry, its services and the endpoints of both, without sockets.
struct Place {
  registry::test::TemporaryFolder folder;
  std::unique_ptr<registry::Registry> registry =
      registry::Registry::open(registry::test::optionsFor(1, folder.path())).value();
  std::unique_ptr<ServiceKeeper> keeper;
  std::unique_ptr<Api> api;
  std::unique_ptr<http::Router> router;
  bool stopped = false;

  explicit Place(bool scriptChecks = false) {
    registry->lead(1, registry::test::kLeaderAddress).value();
    registry->registerNode(registry::test::nodeOf(1, Role::Leading)).value();
    start(scriptChecks);
  }

  /// As a daemon that starts (again) on what is in the folder.
  void start(bool scriptChecks = false) {
    const auto self = registry::test::idOf(1);
    keeper = std::make_unique<ServiceKeeper>(
        *registry,
        ServiceKeeper::Options{.self = self, .file = file(), .scriptChecks = scriptChecks});
    api.reset(new Api{.registry = *registry,
                      .keeper = *keeper,
                      .options = {.self = self,
                                  .selfName = "pi-1",
                                  .clusterNetwork = Ipv4Network::parse("192.168.200.0/24").value(),
                                  .leaderAddress = registry::test::kLeaderAddress},
                      .stopDaemon = [this] { stopped = true; }});
    router = std::make_unique<http::Router>();
    registry->addRoutes(*router);
    addRoutes(*router, *api);
    keeper->connected();
  }

  [[nodiscard]] std::filesystem::path file() const { return folder.path() / "services.json"; }

  [[nodiscard]] http::Response get(const std::string& target) const {
    return router->route(registry::test::requestOf("GET", target));
  }
  [[nodiscard]] http::Response put(const std::string& target, const std::string& body = {}) const {
    return router->route(registry::test::requestOf("PUT", target, body));
  }
};

/// Waits until it is so, five seconds at most.
template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace cluster_lab::agent::test
