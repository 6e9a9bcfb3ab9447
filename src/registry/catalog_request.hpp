#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "registry/rows.hpp"

namespace cluster_lab::registry {

class GoObject;

/// The body of PUT /v1/catalog/register.
struct CatalogRegistration {
  std::string datacenter;  ///< empty: this one
  std::string node;
  std::string nodeId;  ///< empty: none given
  std::string address;
  std::map<std::string, std::string> taggedAddresses;
  std::map<std::string, std::string> meta;
  bool skipNodeUpdate = false;
  std::optional<Service> service;       ///< its node is not filled in
  std::vector<Check> checks;            ///< likewise
  std::vector<std::string> checkNodes;  ///< the node that each check names; empty: none
};

/// The body of PUT /v1/catalog/deregister.
struct CatalogDeregistration {
  std::string datacenter;
  std::string node;
  std::string serviceId;
  std::string checkId;
};

/// InvalidArgument: no such JSON, in Consul's words.
[[nodiscard]] Result<CatalogRegistration> parseCatalogRegistration(std::string_view body);
[[nodiscard]] Result<CatalogDeregistration> parseCatalogDeregistration(std::string_view body);

/// The members of a service that the catalog and the agent call alike; id and name are left to the
/// caller. What is out of range is kept as the object's error.
[[nodiscard]] Service serviceFrom(const GoObject& object);
/// A service with its id and name, and a check, as the catalog and transactions call them.
[[nodiscard]] Service namedServiceFrom(const GoObject& object);
[[nodiscard]] Check checkFrom(const GoObject& object);
/// A check's status; "" and what Consul does not know either: critical.
[[nodiscard]] Health healthFrom(const GoObject& object, std::string_view name);

}  // namespace cluster_lab::registry
