#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dns/answer.hpp"
#include "registry/state.hpp"

namespace cluster_lab::dns::test {

/// Nodes and services as Consul 1.8.7 had them when its answers were looked at.
[[nodiscard]] registry::State exampleState();
/// With `count` more instances "many", on nodes many1, many2, ... with addresses of their own.
[[nodiscard]] registry::State crowdedState(int count);
[[nodiscard]] Zone exampleZone();

[[nodiscard]] wire::DnsMessage query(std::string_view name, wire::DnsType type);
/// Without chance: nothing is shuffled.
[[nodiscard]] std::uint32_t noChance(std::uint32_t bound);
[[nodiscard]] Reply ask(std::string_view name, wire::DnsType type = wire::DnsType::A);

/// As dig shows it: "pi-2.node.consul. A 192.168.200.102".
[[nodiscard]] std::string show(const wire::DnsRecord& record);
using Lines = std::vector<std::string>;
[[nodiscard]] Lines show(const std::vector<wire::DnsRecord>& records);
[[nodiscard]] Lines show(const std::vector<wire::DnsName>& names);

}  // namespace cluster_lab::dns::test
