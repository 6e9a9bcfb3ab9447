#pragma once

#include "registry/decide_txn.hpp"

/// The verbs of {"KV": ...} in a transaction.
namespace cluster_lab::registry::decide {

/// What Consul refuses before it looks at anything; empty: nothing.
[[nodiscard]] std::string precheckKv(const KvOperation& operation,
                                     const TransactionContext& context);
/// The changes; an error is in Consul's words.
[[nodiscard]] Result<ChangeSet> decideOperation(const State& state, const KvOperation& operation);
/// What there is to tell after it was carried out.
void writeResult(JsonWriter& json, const State& state, const KvOperation& operation,
                 const std::string& datacenter);

}  // namespace cluster_lab::registry::decide
