#pragma once

#include "registry/decide_txn.hpp"

/// The verbs of {"Node": ...}, {"Service": ...} and {"Check": ...} in a transaction.
namespace cluster_lab::registry::decide {

/// What Consul refuses before it looks at anything; empty: nothing.
[[nodiscard]] std::string precheckNode(const NodeOperation& operation);
[[nodiscard]] std::string precheckService(const ServiceOperation& operation);

/// The changes; an error is in Consul's words.
[[nodiscard]] Result<ChangeSet> decideOperation(const State& state, const NodeOperation& operation);
[[nodiscard]] Result<ChangeSet> decideOperation(const State& state,
                                                const ServiceOperation& operation);
[[nodiscard]] Result<ChangeSet> decideOperation(const State& state,
                                                const CheckOperation& operation);

/// What there is to tell after it was carried out.
void writeResult(JsonWriter& json, const State& state, const NodeOperation& operation,
                 const std::string& datacenter);
void writeResult(JsonWriter& json, const State& state, const ServiceOperation& operation,
                 const std::string& datacenter);
void writeResult(JsonWriter& json, const State& state, const CheckOperation& operation,
                 const std::string& datacenter);

}  // namespace cluster_lab::registry::decide
