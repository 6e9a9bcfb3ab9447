#include "etcd/leader_key.hpp"

#include <algorithm>
#include <utility>

#include "etcd/client.hpp"
#include "etcd/store_layout.hpp"
#include "os/log.hpp"

namespace cluster_lab::etcd {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPoll = 100ms;         // of a key that another holds
constexpr auto kResignLimit = 1s;     // for giving the key back
constexpr auto kCensusLimit = 500ms;  // for counting who answers, to say why
constexpr int kRenewalsPerLifetime = 6;
constexpr auto kRetry = 50ms;  // where renewing fails: another server may do it

bool isOf(const KeyValue& key, const NodeId& node) {
  return key.value.starts_with(node.toString());
}

/// Between renewals, and the longest that one may take.
std::chrono::milliseconds pauseOf(std::chrono::seconds lifetime) {
  return std::chrono::milliseconds(lifetime) / kRenewalsPerLifetime;
}

}  // namespace

LeaderKey::LeaderKey(Client& client, Options options)
    : client_(client), options_(std::move(options)) {}

LeaderKey::~LeaderKey() {
  endRenewing();
}

Result<void> LeaderKey::claim(std::uint64_t term, TimePoint deadline) {
  endRenewing();
  {
    const std::scoped_lock lock(mutex_);
    abandoned_ = false;
  }
  for (;;) {
    const auto tried = attempt(term, deadline);
    if (!tried) {
      if (isAbandoned()) return fail(tried.error());
      if (tried.error().code != ErrorCode::Unavailable && tried.error().code != ErrorCode::TimedOut)
        return fail(tried.error());
      return fail(ErrorCode::Unavailable, describe(client_.count(Clock::now() + kCensusLimit)),
                  tried.error().message);
    }
    if (tried->held) begin(*tried->held);
    if (isAbandoned()) {
      return fail(ErrorCode::Unavailable, "the leader's key is wanted no more");
    }
    if (tried->held) return {};
    if (Clock::now() + kPoll > deadline) {
      return fail(ErrorCode::Conflict, "another node leads etcd's registry: " + tried->holder);
    }
    std::this_thread::sleep_for(kPoll);
  }
}

Result<LeaderKey::Attempt> LeaderKey::attempt(std::uint64_t term, TimePoint deadline) {
  const auto seen = client_.range({.key = std::string(kLeaderKey), .end = {}}, deadline);
  if (!seen) return fail(seen.error());
  const auto* before = seen->found.empty() ? nullptr : &seen->found.front();
  if (before != nullptr && !isOf(*before, options_.self)) return Attempt{{}, before->value};

  const auto began = Clock::now();
  const auto lease = client_.grant(options_.lifetime, deadline);
  if (!lease) return fail(lease.error());
  const auto value = options_.self.toString() + ' ' + std::to_string(term);
  const auto taken =
      client_.run({.guards = {{std::string(kLeaderKey), before != nullptr ? before->modified : 0}},
                   .puts = {{std::string(kLeaderKey), value, lease->id}},
                   .erases = {},
                   .otherwiseRead = {std::string(kLeaderKey)}},
                  deadline);
  if (!taken) return fail(taken.error());
  if (!taken->done) return Attempt{{}, taken->found.empty() ? "" : taken->found.front().value};
  return Attempt{Held{lease->id, taken->revision, began + options_.lifetime}, {}};
}

void LeaderKey::begin(const Held& held) {
  const std::scoped_lock lock(mutex_);
  held_ = held;
  forsaken_.clear();
  if (abandoned_) return;
  ending_ = false;
  thread_ = std::thread([this] { renew(); });
}

bool LeaderKey::isAbandoned() const {
  const std::scoped_lock lock(mutex_);
  return abandoned_;
}

void LeaderKey::abandon() {
  const std::scoped_lock lock(mutex_);
  abandoned_ = true;
  ending_ = true;
  changed_.notify_all();
}

void LeaderKey::endRenewing() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void LeaderKey::resign() {
  endRenewing();
  std::optional<Held> given;
  {
    const std::scoped_lock lock(mutex_);
    given = std::exchange(held_, std::nullopt);
  }
  if (!given) return;
  if (auto done = client_.revoke(given->lease, Clock::now() + kResignLimit); !done) {
    os::log::warning(
        done.error().during("give the leader's key back, which so ends by itself").text());
  }
}

std::optional<Guard> LeaderKey::guard() const {
  const std::scoped_lock lock(mutex_);
  if (!held_ || abandoned_ || Clock::now() >= held_->until) return std::nullopt;
  return Guard{std::string(kLeaderKey), held_->revision};
}

void LeaderKey::forsake(const std::string& why) {
  const std::scoped_lock lock(mutex_);
  if (!held_ || abandoned_) return;
  held_.reset();
  forsaken_ = why;
  changed_.notify_all();
}

void LeaderKey::renew() {
  const auto usual = pauseOf(options_.lifetime);
  for (auto pause = usual;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, pause, [this] { return ending_ || !held_; });
      if (ending_) return;
    }
    const auto renewal = renewOnce();
    pause = renewal.renewed ? usual : kRetry;
    if (renewal.lost.empty()) continue;
    if (options_.lost) options_.lost(renewal.lost);
    return;
  }
}

LeaderKey::Renewal LeaderKey::renewOnce() {
  Held held;
  {
    const std::scoped_lock lock(mutex_);
    if (!held_) return {false, forsaken_};
    held = *held_;
  }
  const auto began = Clock::now();
  const auto patience = pauseOf(options_.lifetime);
  const auto lease = client_.keepAlive(held.lease, std::min(began + patience, held.until));
  const bool ended = lease ? lease->lifetime == 0s : lease.error().code == ErrorCode::NotFound;
  const bool renewed = lease && !ended;
  std::unique_lock lock(mutex_);
  if (!held_) return {false, forsaken_};
  if (renewed) held_->until = began + options_.lifetime;
  if (renewed || (!ended && Clock::now() < held.until)) return {renewed, {}};
  held_.reset();
  lock.unlock();
  return {false, ended ? "the lease of the leader's key has ended"
                       : describe(client_.count(Clock::now() + kCensusLimit))};
}

}  // namespace cluster_lab::etcd
