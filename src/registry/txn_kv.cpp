#include "registry/txn_kv.hpp"

#include "registry/consul_json.hpp"
#include "registry/decide_kv.hpp"

namespace cluster_lab::registry::decide {
namespace {

std::unexpected<Error> refuse(std::string what) {
  return fail(ErrorCode::Conflict, std::move(what));
}

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

/// The decision's changes where it says yes, else the error.
Result<ChangeSet> changesOr(Decision<bool> decision, const std::string& error) {
  if (!decision.answer) return refuse(error);
  return std::move(decision.changes);
}

Result<ChangeSet> changesOr(Result<Decision<bool>> decision, const std::string& error) {
  if (!decision) return fail(decision.error());
  return changesOr(*std::move(decision), error);
}

Result<ChangeSet> decidePut(const State& state, const KvOperation& operation) {
  KeyPut put{.key = operation.key,
             .value = operation.value,
             .flags = operation.flags,
             .checkAndSet = std::nullopt};
  if (operation.verb == "cas") put.checkAndSet = operation.index;
  return changesOr(putKey(state, put),
                   "failed to set key " + quoted(operation.key) + ", index is stale");
}

Result<ChangeSet> decideDelete(const State& state, const KvOperation& operation) {
  KeyDelete request{.key = operation.key,
                    .recurse = operation.verb == "delete-tree",
                    .checkAndSet = std::nullopt};
  if (operation.verb == "delete-cas") request.checkAndSet = operation.index;
  return changesOr(deleteKey(state, request),
                   "failed to delete key " + quoted(operation.key) + ", index is stale");
}

Result<ChangeSet> decideLock(const State& state, const KvOperation& operation) {
  const KeyLock lock{.key = operation.key,
                     .value = operation.value,
                     .flags = operation.flags,
                     .session = operation.session};
  const auto key = quoted(operation.key);
  if (operation.verb == "lock") {
    return changesOr(lockKey(state, lock), "failed to lock key " + key + ", lock is already held");
  }
  return changesOr(unlockKey(state, lock), "failed to unlock key " + key +
                                               ", lock isn't held, or is held by another session");
}

/// The verbs that change nothing.
Result<ChangeSet> decideLook(const State& state, const KvOperation& operation) {
  const auto& verb = operation.verb;
  const auto key = quoted(operation.key);
  const auto pair = state.kv().find(operation.key);
  const bool exists = pair != state.kv().end();
  if (verb == "get-tree") return ChangeSet{};
  if (verb == "get") return exists ? Result<ChangeSet>{} : refuse("key " + key + " doesn't exist");
  if (verb == "check-not-exists") {
    return exists ? refuse("key " + key + " exists") : Result<ChangeSet>{};
  }
  if (verb == "check-index") {
    if (!exists) return refuse("failed to check index, key " + key + " doesn't exist");
    if (pair->second.modified == operation.index) return ChangeSet{};
    return refuse("failed index check for key " + key + ", current modify index " +
                  std::to_string(pair->second.modified) + " != " + std::to_string(operation.index));
  }
  if (verb == "check-session") {
    if (!exists) return refuse("failed to check session, key " + key + " doesn't exist");
    const auto& session = pair->second.row.session;
    if (session == operation.session) return ChangeSet{};
    return refuse("failed session check for key " + key + ", current session " + quoted(session) +
                  " != " + quoted(operation.session));
  }
  return refuse("unknown KV verb " + quoted(verb));
}

void writeEntry(JsonWriter& json, const std::string& key, const Stored<KvPair>& pair) {
  json.beginObject().key("KV");
  consul::writePair(json, key, pair);
  json.endObject();
}

}  // namespace

std::string precheckKv(const KvOperation& operation, const TransactionContext& context) {
  if (operation.key.empty() && operation.verb != "delete-tree") return "Must provide key";
  const bool heldBack =
      operation.verb == "lock" && context.isHeldBack && context.isHeldBack(operation.key);
  return heldBack ? "failed to lock key " + quoted(operation.key) + " due to lock delay" : "";
}

Result<ChangeSet> decideOperation(const State& state, const KvOperation& operation) {
  const auto& verb = operation.verb;
  if (verb == "set" || verb == "cas") return decidePut(state, operation);
  if (verb == "lock" || verb == "unlock") return decideLock(state, operation);
  if (verb.starts_with("delete")) return decideDelete(state, operation);
  return decideLook(state, operation);
}

void writeResult(JsonWriter& json, const State& state, const KvOperation& operation,
                 const std::string& /*datacenter*/) {
  if (operation.verb == "get-tree") {
    for (const auto& [key, pair] : rowsUnder(state.kv(), operation.key)) {
      writeEntry(json, key, pair);
    }
    return;
  }
  const auto pair = state.kv().find(operation.key);
  if (pair == state.kv().end()) return;
  auto shown = pair->second;
  if (operation.verb != "get") shown.row.value.clear();  // who wrote it knows it
  writeEntry(json, operation.key, shown);
}

}  // namespace cluster_lab::registry::decide
