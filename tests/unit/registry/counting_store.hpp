#pragma once

#include <atomic>
#include <span>

#include "registry/store.hpp"

namespace cluster_lab::registry::test {

/// Counts what is written, and fails on demand.
class CountingStore final : public Store {
 public:
  struct Written {
    std::atomic<int> times = 0;
    std::atomic<std::size_t> entries = 0;
    std::atomic<std::size_t> rows = 0;
    std::atomic<bool> fails = false;
  };
  explicit CountingStore(Written& written) : written_(written) {}

  Result<void> commit(std::span<const Entry> entries, const StateHeader& after) override {
    written_.entries += entries.size();
    return wrote(after.at);
  }
  Result<void> replaceAll(const Snapshot& snapshot) override {
    written_.rows += snapshot.rows.size();
    return wrote(snapshot.header.at);
  }
  const Position& position() const override { return position_; }

 private:
  Result<void> wrote(const Position& position) {
    ++written_.times;
    if (written_.fails) return fail(ErrorCode::Exhausted, "the card is full");
    position_ = position;
    return {};
  }

  Written& written_;
  Position position_;
};

}  // namespace cluster_lab::registry::test
