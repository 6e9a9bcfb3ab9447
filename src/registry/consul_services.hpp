#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/json_writer.hpp"
#include "registry/state.hpp"

/// Services and checks as Consul's API shows them (Consul 1.8's members in its order).
namespace cluster_lab::registry::consul {

/// An instance of a service, with the node that it is on. Valid as long as the state is unchanged.
struct Instance {
  const Stored<NodeRegistration>* node = nullptr;
  const Stored<Service>* service = nullptr;
};

/// The instances of a service (its name in any case), in the order of their nodes' names.
[[nodiscard]] std::vector<Instance> instancesOf(const State& state, std::string_view name);
/// The checks that say whether the instance is well: its own, and those of its whole node.
[[nodiscard]] std::vector<const Stored<Check>*> checksOf(const State& state,
                                                         const Service& service);

/// As in /v1/catalog/node.
void writeService(JsonWriter& json, const Stored<Service>& service);
/// As /v1/catalog/service.
void writeCatalogService(JsonWriter& json, const Instance& instance, const std::string& datacenter);
/// As /v1/health/service.
void writeInstance(JsonWriter& json, const State& state, const Instance& instance,
                   const std::vector<const Stored<Check>*>& checks, const std::string& datacenter);
/// As /v1/health/node.
void writeCheck(JsonWriter& json, const State& state, const Stored<Check>& check);

}  // namespace cluster_lab::registry::consul
