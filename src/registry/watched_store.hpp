#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "registry/problems.hpp"
#include "registry/store.hpp"

namespace cluster_lab::registry {

/// Another store, of whose writes it tells when they begin to fail and when they succeed again: as
/// the problem `disk_full`, `card_read_only` or `store_failed`. Its errors have a remedy. One
/// thread at a time.
class WatchedStore final : public Store {
 public:
  WatchedStore(std::unique_ptr<Store> store, TellProblem tell);
  /// The store could not even be opened: told, and over with the first write that succeeds.
  void couldNotOpen(const Error& error);

  [[nodiscard]] Result<void> commit(std::span<const Entry> entries,
                                    const StateHeader& after) override;
  [[nodiscard]] Result<void> replaceAll(const Snapshot& snapshot) override;
  [[nodiscard]] const Position& position() const override { return store_->position(); }

 private:
  [[nodiscard]] Result<void> watch(Result<void> done);
  [[nodiscard]] Error begin(Error error);
  void change(const std::string& code, const std::optional<Error>& problem);

  std::unique_ptr<Store> store_;
  const TellProblem tell_;
  std::string problem_;  ///< its code while there is one
};

}  // namespace cluster_lab::registry
