#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "registry/catalog_request.hpp"
#include "registry/rows.hpp"

namespace cluster_lab::registry {

/// {"KV": {...}} of a transaction.
struct KvOperation {
  std::string verb;
  std::string key;
  std::string value;
  std::uint64_t flags = 0;
  std::uint64_t index = 0;
  std::string session;
};

/// {"Node": {"Verb": ..., "Node": {...}}}
struct NodeOperation {
  std::string verb;
  CatalogRegistration node;
  std::uint64_t index = 0;
};

/// {"Service": {"Verb": ..., "Node": NAME, "Service": {...}}}
struct ServiceOperation {
  std::string verb;
  std::string node;
  Service service;  ///< its node is not filled in
  std::uint64_t index = 0;
};

/// {"Check": {"Verb": ..., "Check": {...}}}
struct CheckOperation {
  std::string verb;
  std::string node;
  Check check;  ///< its node is not filled in
  std::uint64_t index = 0;
};

using Operation = std::variant<KvOperation, NodeOperation, ServiceOperation, CheckOperation>;
using Transaction = std::vector<Operation>;

/// The body of PUT /v1/txn. InvalidArgument: no such JSON, in Consul's words; Exhausted: more than
/// Consul allows.
[[nodiscard]] Result<Transaction> parseTransaction(std::string_view body);

/// Whether it can be answered from any copy, as Consul sees it.
[[nodiscard]] bool isReadOnly(const Transaction& transaction);

}  // namespace cluster_lab::registry
