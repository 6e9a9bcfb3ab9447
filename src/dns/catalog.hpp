#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/zone.hpp"
#include "registry/rows.hpp"

namespace cluster_lab::registry {
class State;
}

namespace cluster_lab::dns {

/// An instance of a service that may be told, with what is told of it.
struct Instance {
  const registry::NodeRegistration* node;
  const registry::Service* service;
  std::uint16_t weight;  ///< of its SRV record

  struct Place {
    Location location;
    bool isNode;  ///< the service has no address of its own
  };
  /// Where it is. A service whose address is the very name that is `asked` for is where its node
  /// is. nullopt: nowhere that can be told.
  [[nodiscard]] std::optional<Place> place(const wire::DnsName& asked) const;
};

/// Instances of the service whose checks, and whose node's, are passing or warning, as Consul's
/// default (only_passing=false) has it; in the order of their keys. `tag` empty: with any tags.
/// Names and tags in any case.
[[nodiscard]] std::vector<Instance> healthyInstances(const registry::State& state,
                                                     std::string_view service,
                                                     std::string_view tag);
/// Members of the cluster that are not critical.
[[nodiscard]] std::vector<const registry::NodeRegistration*> healthyMembers(
    const registry::State& state);

/// "web.service.dc1.consul" of a service that has this address, "pi-2.node.dc1.consul" of a node.
[[nodiscard]] std::optional<wire::DnsName> nameOfAddress(const registry::State& state,
                                                         const Location& address, const Zone& zone);

/// A node's meta data as TXT records (RFC 1464).
[[nodiscard]] std::vector<wire::DnsRecord> metaRecords(const registry::NodeRegistration& node,
                                                       const wire::DnsName& name);

}  // namespace cluster_lab::dns
