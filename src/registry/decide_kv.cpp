#include "registry/decide_kv.hpp"

#include "registry/decide_rows.hpp"
#include "registry/decide_session.hpp"

namespace cluster_lab::registry::decide {
namespace {

const Stored<KvPair>* find(const State& state, const std::string& key) {
  const auto known = state.kv().find(key);
  return known == state.kv().end() ? nullptr : &known->second;
}

std::unexpected<Error> missingSession() {
  return fail(ErrorCode::NotFound, "missing session");
}

}  // namespace

Decision<bool> putKey(const State& state, const KeyPut& put) {
  const auto* known = find(state, put.key);
  if (put.checkAndSet && *put.checkAndSet != (known == nullptr ? 0 : known->modified)) return {};

  KvPair pair{.value = put.value, .flags = put.flags, .lockIndex = 0, .session = {}};
  if (known != nullptr) pair.session = known->row.session;  // a plain put takes no lock away
  return putRow(state.kv(), Table::Kv, put.key, pair);
}

Result<Decision<bool>> lockKey(const State& state, const KeyLock& lock) {
  if (lock.session.empty()) return missingSession();
  const auto session = findSession(state, lock.session);
  if (!session) return fail(session.error());
  if (*session == nullptr) {
    return fail(ErrorCode::NotFound, "invalid session \"" + lock.session + "\"");
  }
  const auto& holder = (*session)->row.id;
  KvPair pair{.value = lock.value, .flags = lock.flags, .lockIndex = 1, .session = holder};
  if (const auto* known = find(state, lock.key)) {
    const bool held = !known->row.session.empty();
    if (held && known->row.session != holder) return Decision<bool>{};
    pair.lockIndex = known->row.lockIndex + (held ? 0 : 1);
  }
  return putRow(state.kv(), Table::Kv, lock.key, pair);
}

Result<Decision<bool>> unlockKey(const State& state, const KeyLock& lock) {
  if (lock.session.empty()) return missingSession();
  const auto* known = find(state, lock.key);
  if (known == nullptr || known->row.session != sessionKey(lock.session)) return Decision<bool>{};
  const KvPair pair{
      .value = lock.value, .flags = lock.flags, .lockIndex = known->row.lockIndex, .session = {}};
  return putRow(state.kv(), Table::Kv, lock.key, pair);
}

Decision<bool> deleteKey(const State& state, const KeyDelete& request) {
  Decision<bool> decision{.changes = {}, .answer = true};
  if (request.recurse) {
    for (const auto& pair : rowsUnder(state.kv(), request.key)) {
      decision.changes.push_back({Table::Kv, pair.first, std::nullopt});
    }
    return decision;
  }
  const auto* known = find(state, request.key);
  if (known == nullptr) return decision;  // Consul: gone already is done
  if (request.checkAndSet && *request.checkAndSet != known->modified) return {};
  decision.changes.push_back({Table::Kv, request.key, std::nullopt});
  return decision;
}

}  // namespace cluster_lab::registry::decide
