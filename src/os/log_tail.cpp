#include "os/log_tail.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace cluster_lab::os {
namespace {

constexpr std::size_t kMostLines = 1024;

}  // namespace

struct LogTail::Impl {
  explicit Impl(LogLevel level) : least(level) {}

  void show(LogLevel level, std::string_view message) {
    if (level < least) return;
    const std::scoped_lock lock(mutex);
    if (lines.size() == kMostLines) lines.pop_front();
    lines.push_back({level, std::string(message)});
    arrived.notify_all();
  }

  const LogLevel least;
  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<Line> lines;  // guarded by mutex
};

namespace {

/// Everybody who watches. Its lock is taken before a tail's.
struct Watchers {
  std::mutex mutex;
  std::vector<std::shared_ptr<LogTail::Impl>> tails;  // guarded by mutex
  std::atomic<unsigned> all = 0;                      // so that a log nobody watches costs nothing
  std::atomic<unsigned> ofDebug = 0;
};

Watchers& watchers() {
  static Watchers all;
  return all;
}

}  // namespace

LogTail::LogTail(LogLevel least) : impl_(std::make_shared<Impl>(least)) {
  auto& all = watchers();
  const std::scoped_lock lock(all.mutex);
  all.tails.push_back(impl_);
  ++all.all;
  if (least == LogLevel::Debug) ++all.ofDebug;
}

LogTail::~LogTail() {
  auto& all = watchers();
  const std::scoped_lock lock(all.mutex);
  std::erase(all.tails, impl_);
  --all.all;
  if (impl_->least == LogLevel::Debug) --all.ofDebug;
}

std::optional<LogTail::Line> LogTail::next(std::chrono::milliseconds longest) {
  std::unique_lock lock(impl_->mutex);
  if (!impl_->arrived.wait_for(lock, longest, [this] { return !impl_->lines.empty(); })) {
    return std::nullopt;
  }
  auto line = std::move(impl_->lines.front());
  impl_->lines.pop_front();
  return line;
}

void log::showTails(LogLevel level, std::string_view message) {
  auto& all = watchers();
  if (all.all == 0) return;
  const std::scoped_lock lock(all.mutex);
  for (const auto& tail : all.tails) tail->show(level, message);
}

bool log::debugIsWatched() {
  return watchers().ofDebug > 0;
}

}  // namespace cluster_lab::os
