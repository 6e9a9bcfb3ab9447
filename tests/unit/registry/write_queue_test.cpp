#include "registry/write_queue.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

namespace cluster_lab::registry {

namespace {

/// Carries nothing out but counts; the first batch waits until it is told to go on, so that others
/// queue behind it.
struct Log {
  std::vector<std::size_t> batches;
  std::promise<void> begun;
  std::promise<void> go;
  std::atomic<bool> first = true;

  WriteQueue queue{[this](const WriteQueue::Batch& batch) {
    if (first.exchange(false)) {
      begun.set_value();
      go.get_future().wait();
    }
    batches.push_back(batch.size());
    for (auto* write : batch) {
      write->outcome = fail(ErrorCode::Io, write->key.value_or("alone"));
    }
  }};

  std::future<std::string> write(std::optional<std::string> key) {
    return std::async(std::launch::async, [this, key] {
      WriteQueue::Write write;
      write.key = key;
      queue.run(write);
      return write.outcome.error().message;
    });
  }
  /// The sizes of the batches after one is under way and these have queued behind it.
  std::vector<std::size_t> batchesOf(const std::vector<std::optional<std::string>>& keys) {
    std::vector<std::future<std::string>> writers;
    writers.push_back(write("first"));
    begun.get_future().wait();
    for (const auto& key : keys) {
      writers.push_back(write(key));
      while (queue.waiting() < writers.size()) std::this_thread::yield();
    }
    go.set_value();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      CHECK(writers[i + 1].get() == keys[i].value_or("alone"));
    }
    return batches;
  }
};

using Sizes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("write queue: what comes meanwhile goes together, each with its own outcome") {
  CHECK(Log().batchesOf({"a", "b", "c"}) == Sizes{1, 3});
}

TEST_CASE("write queue: a second write of a key waits for the next batch") {
  CHECK(Log().batchesOf({"a", "a", "b", "a"}) == Sizes{1, 2, 1, 1});
}

TEST_CASE("write queue: one that may touch anything is alone, and nobody overtakes it") {
  CHECK(Log().batchesOf({"a", std::nullopt, "b", "c"}) == Sizes{1, 1, 1, 2});
}

}  // namespace cluster_lab::registry
