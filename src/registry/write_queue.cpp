#include "registry/write_queue.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace cluster_lab::registry {
namespace {

// One transaction of so many is as good as one of more, and none waits for it too long.
constexpr std::size_t kLargestBatch = 128;

}  // namespace

void WriteQueue::run(Write& write) {
  std::unique_lock lock(mutex_);
  waiting_.push_back(&write);
  write.turn_.wait(lock, [&] { return write.done_ || waiting_.front() == &write; });
  if (write.done_) return;
  const auto batch = nextBatch();
  lock.unlock();
  carryOut_(batch);
  lock.lock();
  finish(batch);
}

std::size_t WriteQueue::waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

WriteQueue::Batch WriteQueue::nextBatch() const {
  Batch batch{waiting_.front()};
  if (!waiting_.front()->key) return batch;
  std::set<std::string_view> keys{*waiting_.front()->key};
  for (auto write = waiting_.begin() + 1; write != waiting_.end(); ++write) {
    if (!(*write)->key || batch.size() == kLargestBatch)
      break;  // nobody overtakes one that is alone
    if (keys.insert(*(*write)->key).second) batch.push_back(*write);
  }
  return batch;
}

void WriteQueue::finish(const Batch& batch) {
  std::erase_if(waiting_,
                [&](const Write* write) { return std::ranges::find(batch, write) != batch.end(); });
  for (auto* write : batch) {
    write->done_ = true;
    write->turn_.notify_one();
  }
  if (!waiting_.empty()) waiting_.front()->turn_.notify_one();
}

}  // namespace cluster_lab::registry
