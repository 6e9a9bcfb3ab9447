#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "registry/decide.hpp"

/// The key/value store: what Consul's verbs change (api-docs/kv).
namespace cluster_lab::registry::decide {

/// PUT /v1/kv/KEY.
struct KeyPut {
  std::string key;
  std::string value;
  std::uint64_t flags = 0;
  std::optional<std::uint64_t>
      checkAndSet;  ///< only where this is its ModifyIndex; 0: is not there
};

/// The answer: whether it was done (check-and-set may say no). The same value again changes
/// nothing. A lock on the key stays, but its LockIndex begins anew, as with Consul.
[[nodiscard]] Decision<bool> putKey(const State& state, const KeyPut& put);

/// PUT /v1/kv/KEY?acquire=SESSION or ?release=SESSION.
struct KeyLock {
  std::string key;
  std::string value;
  std::uint64_t flags = 0;
  std::string session;
};

/// The answer: whether the session has the lock now; false where another one has it. NotFound: no
/// such session, in Consul's words.
[[nodiscard]] Result<Decision<bool>> lockKey(const State& state, const KeyLock& lock);
/// The answer: whether the session had it. NotFound: no session is named.
[[nodiscard]] Result<Decision<bool>> unlockKey(const State& state, const KeyLock& lock);

/// DELETE /v1/kv/KEY.
struct KeyDelete {
  std::string key;
  bool recurse = false;  ///< all keys that begin so
  std::optional<std::uint64_t> checkAndSet;
};

/// The answer: false where check-and-set said no. A lock on the key does not hinder it.
[[nodiscard]] Decision<bool> deleteKey(const State& state, const KeyDelete& request);

}  // namespace cluster_lab::registry::decide
