#include "agent/publishing.hpp"

namespace cluster_lab::agent {
namespace {

using namespace std::chrono_literals;

constexpr Duration kStatusInterval = 1s;
constexpr Duration kOutputDelay = 5min;     // check_update_interval
constexpr Duration kCompareInterval = 60s;  // agent.AEInterval
constexpr Duration kFirstRetry = 500ms;
constexpr Duration kLongestRetry = 15s;

}  // namespace

void Publishing::connected(TimePoint now) {
  connected_ = true;
  retryDelay_ = {};
  compareDue_ = now + kCompareInterval;
  wantSync(now);
}

void Publishing::disconnected() {
  connected_ = false;
  syncDue_.reset();
  compareDue_.reset();
}

void Publishing::statusChanged(TimePoint now) {
  wantSync(lastSync_ ? std::max(now, *lastSync_ + kStatusInterval) : now);
}

void Publishing::outputChanged(TimePoint now) {
  wantSync(now + kOutputDelay);
}

/// The earliest wish counts, since all of them are fulfilled together.
void Publishing::wantSync(TimePoint due) {
  if (connected_) syncDue_ = syncDue_ ? std::min(*syncDue_, due) : due;
}

std::optional<Publishing::Task> Publishing::begin(TimePoint now) {
  if (syncDue_ && *syncDue_ <= now) {
    syncDue_.reset();
    lastSync_ = now;
    return Task::Sync;
  }
  if (!compareDue_ || now < *compareDue_) return std::nullopt;
  compareDue_ = now + kCompareInterval;
  return Task::Compare;
}

void Publishing::failed(TimePoint now) {
  retryDelay_ = std::clamp(retryDelay_ * 2, kFirstRetry, kLongestRetry);
  wantSync(now + retryDelay_);
}

std::optional<TimePoint> Publishing::nextDeadline() const {
  if (!syncDue_ || !compareDue_) return syncDue_ ? syncDue_ : compareDue_;
  return std::min(*syncDue_, *compareDue_);
}

}  // namespace cluster_lab::agent
