#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "registry/change_set.hpp"
#include "registry/lock_delays.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

/// Lets many threads share one transaction. They queue; the first of the queue carries out what it
/// and others behind it want, in one batch, while further ones come and wait for the next. Any
/// thread.
class WriteQueue {
 public:
  /// What is decided from.
  struct View {
    const State& state;
    const LockDelays& lockDelays;
    TimePoint now;
    std::int64_t wallClock;  ///< Unix seconds; 0: the clock is not set
  };

  /// What one thread wants written; lives on its stack while it waits.
  struct Write {
    /// The only key of the key/value store that is looked at (besides sessions) and changed; then
    /// it may share a batch with writes of other keys. Nothing: it is alone in its batch.
    std::optional<std::string> key;
    std::function<Result<ChangeSet>(const View&)> decide;
    Result<void> outcome;

   private:
    friend class WriteQueue;
    std::condition_variable turn_;
    bool done_ = false;
  };
  /// Independent of one another, in the order they came.
  using Batch = std::vector<Write*>;

  /// `carryOut` sets the outcome of each write of a batch. One call at a time, on the thread of one
  /// of them.
  explicit WriteQueue(std::function<void(const Batch&)> carryOut)
      : carryOut_(std::move(carryOut)) {}

  /// Blocks until the write has its outcome.
  void run(Write& write);
  /// How many writes have no outcome yet.
  [[nodiscard]] std::size_t waiting() const;

 private:
  /// Of the head of the queue and what may go with it; they stay in the queue meanwhile.
  [[nodiscard]] Batch nextBatch() const;
  void finish(const Batch& batch);

  const std::function<void(const Batch&)> carryOut_;
  mutable std::mutex mutex_;
  std::deque<Write*> waiting_;  // guarded by mutex_
};

}  // namespace cluster_lab::registry
