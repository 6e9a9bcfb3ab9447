#pragma once

#include <functional>
#include <string>
#include <vector>

#include "registry/decide.hpp"
#include "registry/json_writer.hpp"
#include "registry/txn_request.hpp"

namespace cluster_lab::registry::decide {

/// What is wrong with one operation, in Consul's words.
struct OperationError {
  std::size_t operation = 0;  ///< its place in the transaction
  std::string what;

  bool operator==(const OperationError&) const = default;
};

/// Around a transaction.
struct TransactionContext {
  std::string datacenter;
  std::function<bool(const std::string& key)> isHeldBack;  ///< by a lock-delay; empty: none is
};

/// Carries the operations out one after another, each seeing what those before it did, on a copy
/// of what they touch. The answer: what was wrong; then nothing is changed. Each result is written
/// as an object into `results`, an array that is open; with errors they mean nothing.
[[nodiscard]] Decision<std::vector<OperationError>> transact(const State& state,
                                                             const Transaction& transaction,
                                                             const TransactionContext& context,
                                                             JsonWriter& results);

}  // namespace cluster_lab::registry::decide
