#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "registry/registry.hpp"

namespace cluster_lab::scheduler {

/// The small world that the tests are about.
[[nodiscard]] Ipv4Network testNetwork();
[[nodiscard]] NodeId nodeId(unsigned number);
/// "pi-N" at 192.168.200.(100+N).
[[nodiscard]] registry::Node nodeNumber(unsigned number, Role role = Role::Following);
/// Its engine: 4 CPUs, 1 GiB, N containers of which one runs.
[[nodiscard]] registry::Engine engineNumber(unsigned number);

/// A registry in memory, which leads unless told otherwise.
class RegistryWorld : public registry::Registry {
 public:
  void addNode(registry::Node node) { nodes_.push_back(std::move(node)); }
  /// All changes fail from now on.
  void loseLead() { leads_ = false; }

  Result<void> lead(std::uint64_t, Ipv4, const std::string&) override { return {}; }
  void follow(Ipv4) override {}
  void wander() override {}
  std::optional<NodeId> handOver(std::chrono::milliseconds) override { return std::nullopt; }
  void vouch() override {}
  std::uint64_t index() const override { return 1; }
  std::uint64_t term() const override { return 1; }
  bool synced() const override { return true; }
  bool waitSynced(std::chrono::milliseconds) const override { return true; }
  Result<std::string> registerNode(const registry::NodeRegistration& node) override;
  Result<void> setHealth(const NodeId&, registry::Health, const std::string&) override {
    return {};
  }
  Result<void> removeNode(const NodeId&) override { return {}; }
  Result<void> forgetNode(const NodeId&) override { return {}; }
  Result<void> putLease(const registry::Lease&) override { return {}; }
  Result<void> deleteLease(MacAddress) override { return {}; }
  Result<void> putEngine(const registry::Engine& engine) override;
  Result<void> removeEngine(const NodeId& node) override;
  Result<void> keepIn(const registry::Storage&) override { return {}; }
  Result<void> syncServices(const registry::NodeServices&) override { return {}; }
  std::vector<registry::Node> nodes() const override { return nodes_; }
  std::vector<registry::Lease> leases() const override { return {}; }
  std::vector<registry::Engine> engines() const override;
  std::optional<registry::Storage> storage() const override { return std::nullopt; }
  void read(const std::function<void(const registry::State&)>&) const override {}
  void addRoutes(http::Router&) override {}
  void stop() override {}

 private:
  mutable std::mutex mutex_;
  std::vector<registry::Node> nodes_;
  std::vector<registry::Engine> engines_;
  bool leads_ = true;
};

}  // namespace cluster_lab::scheduler
