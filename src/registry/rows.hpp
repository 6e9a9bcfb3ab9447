#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/node_id.hpp"
#include "registry/records.hpp"

namespace cluster_lab::registry {

/// The check that every node has (Consul's name for "its agent answers").
inline constexpr std::string_view kSerfHealth = "serfHealth";

/// A health check of a node.
struct Check {
  NodeId node;
  std::string id = std::string(kSerfHealth);
  std::string name;
  Health status = Health::Passing;
  std::string output;
};

/// What a key of the key/value store holds.
struct KvPair {
  std::string value;  ///< any bytes
  std::uint64_t flags = 0;
  std::uint64_t lockIndex = 0;  ///< how often the key was locked
  std::string session;          ///< that holds the lock; empty: none
};

/// A row with Consul's CreateIndex and ModifyIndex.
template <typename Row>
struct Stored {
  Row row;
  std::uint64_t created = 0;
  std::uint64_t modified = 0;
};

template <typename Row>
using Rows = std::map<std::string, Stored<Row>, std::less<>>;

// --- keys of the tables
[[nodiscard]] inline std::string nodeKey(const NodeId& id) {
  return id.toString();
}
[[nodiscard]] inline std::string checkKey(const NodeId& node, std::string_view check) {
  return node.toString().append("/").append(check);
}
[[nodiscard]] inline std::string leaseKey(MacAddress mac) {
  return mac.toString();
}

/// "passing", "warning", "critical".
[[nodiscard]] std::string_view toString(Health health);

}  // namespace cluster_lab::registry
