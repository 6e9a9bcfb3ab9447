#pragma once

#include <memory>
#include <span>

#include "base/error.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

/// Where change sets are kept for good. One thread at a time.
class Store {
 public:
  struct Opened;
  Store() = default;
  virtual ~Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// All of them or none; kept for good when it returns. `after`: the state's header once they
  /// have been carried out. Exhausted: there is no room; PermissionDenied, Io: it cannot be
  /// written. After an error the next call tries anew.
  [[nodiscard]] virtual Result<void> commit(std::span<const Entry> entries,
                                            const StateHeader& after) = 0;
  /// Everything anew, all or nothing.
  [[nodiscard]] virtual Result<void> replaceAll(const Snapshot& snapshot) = 0;
  /// Where the stored copy stands.
  [[nodiscard]] virtual const Position& position() const = 0;
};

/// A store and what was in it.
struct Store::Opened {
  std::unique_ptr<Store> store;
  State state;
};

}  // namespace cluster_lab::registry
