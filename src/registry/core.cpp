#include "registry/core.hpp"

#include <utility>

#include "os/log.hpp"
#include "registry/consequences.hpp"

namespace cluster_lab::registry {
namespace {

// For followers a little behind: more than a restart misses, and little memory.
constexpr std::size_t kHistoryEntries = 1024;
constexpr std::size_t kHistoryBytes = std::size_t{1} << 20U;

TimePoint now() {
  return std::chrono::steady_clock::now();
}

/// What a user wrote by hand; all else nodes tell again by themselves.
bool sameKeys(const State& one, const State& other) {
  if (one.kv().size() != other.kv().size()) return false;
  auto mirror = other.kv().begin();
  for (const auto& [key, pair] : one.kv()) {
    if (key != mirror->first || pair.row.value != mirror->second.row.value ||
        pair.row.flags != mirror->second.row.flags) {
      return false;
    }
    ++mirror;
  }
  return true;
}

}  // namespace

Core::Core(Store::Opened opened, NodeId self)
    : self_(self),
      store_(std::move(opened.store)),
      state_(std::move(opened.state)),
      history_(kHistoryEntries, kHistoryBytes) {
  ages_.follow(state_, now());
}

Result<void> Core::lead(std::uint64_t term, Ipv4 leader) {
  const std::scoped_lock writing(writing_);
  if (store_->position() != state_.position()) {
    if (auto stored = store_->replaceAll(state_.snapshot()); !stored) {
      return fail(stored.error().during("take the registry over"));
    }
  }
  setStanding({.kind = Standing::Kind::Leading, .term = term, .leader = leader});
  setContact(true);
  return {};
}

void Core::follow(Ipv4 leader) {
  const std::scoped_lock writing(writing_);
  setStanding({.kind = Standing::Kind::Following, .term = 0, .leader = leader});
}

void Core::wander() {
  const std::scoped_lock writing(writing_);
  setStanding({});
}

void Core::setStanding(const Standing& standing) {
  {
    const std::scoped_lock lock(mutex_);
    standing_ = standing;
  }
  setSynced(false);
  wakeups_.touch(
      TableSet::all());  // followers that wait here must hear that this one leads no more
}

Result<void> Core::commit(ChangeSet changes) {
  if (!standing_.leads()) return fail(ErrorCode::Unavailable, "No cluster leader");
  if (changes.empty()) return {};
  Entry entry{.at = {.term = standing_.term, .writer = self_, .index = state_.position().index + 1},
              .changes = withConsequences(state_, std::move(changes))};
  if (auto stored = store_->commit(entry, state_.headerAfter(entry)); !stored) {
    return fail(stored.error().during("store a change of the registry"));
  }
  return carryOut(std::move(entry));
}

Result<void> Core::carryOut(Entry entry) {
  const auto tables = entry.tables();
  {
    const std::scoped_lock lock(mutex_);
    if (auto applied = state_.apply(entry); !applied) return applied;
    ages_.follow(state_, now());
    history_.append(std::move(entry));
  }
  wakeups_.touch(tables);
  return {};
}

Result<std::optional<StreamAnswer>> Core::answerFollower(const Position& from, bool whole) const {
  const std::shared_lock lock(mutex_);
  if (!standing_.leads()) return fail(ErrorCode::Unavailable, "this node does not lead");
  StreamAnswer answer{.snapshot = std::nullopt, .entries = {}, .ages = ages_.at(now())};
  if (!whole && state_.header().lineage.contains(from)) {
    if (from.index == state_.position().index) return std::nullopt;
    if (auto entries = history_.since(from.index, state_.position().index)) {
      answer.entries = *std::move(entries);
      return answer;
    }
  }
  answer.snapshot = state_.snapshot();
  return answer;
}

StreamAnswer Core::emptyAnswer() const {
  const std::shared_lock lock(mutex_);
  return {.snapshot = std::nullopt, .entries = {}, .ages = ages_.at(now())};
}

Result<void> Core::take(const StreamAnswer& answer) {
  const std::scoped_lock writing(writing_);
  if (answer.snapshot) {
    if (auto done = replace(*answer.snapshot); !done) return done;
  }
  for (const auto& entry : answer.entries) {
    if (auto done = carryOut(entry); !done) return done;
  }
  {
    const std::scoped_lock lock(mutex_);
    ages_.adopt(answer.ages, now());
  }
  setSynced(true);
  return {};
}

Result<void> Core::replace(const Snapshot& snapshot) {
  auto coming = State::from(snapshot);
  if (!coming) return fail(coming.error());
  const bool parted = !coming->header().lineage.contains(state_.position());
  if (parted) keepLostWrites(*coming);
  {
    const std::scoped_lock lock(mutex_);
    state_ = *std::move(coming);
    history_.clear();
    ages_.follow(state_, now());
  }
  if (parted) {
    wakeups_.abandon();  // indexes that clients wait for mean nothing any more
  } else {
    wakeups_.touch(TableSet::all());
  }
  return {};
}

void Core::keepLostWrites(const State& coming) {
  const bool wroteAlone =
      store_->position() != Position{} && store_->position() == state_.position();
  if (!wroteAlone || sameKeys(state_, coming)) return;
  const auto kept = store_->setAside();
  os::log::warning(kept ? "this node wrote keys that the leader's registry does not have; they are "
                          "kept in " +
                              kept->string()
                        : kept.error().during("keep what this node wrote alone").text());
}

void Core::setContact(bool reached) {
  const std::scoped_lock lock(mutex_);
  if (reached) {
    contactLost_.reset();
  } else if (!contactLost_) {
    contactLost_ = now();
  }
}

std::optional<TimePoint> Core::contactLost() const {
  const std::shared_lock lock(mutex_);
  return contactLost_;
}

void Core::setSynced(bool synced) {
  const std::scoped_lock lock(syncMutex_);
  synced_ = synced;
  syncChanged_.notify_all();
}

bool Core::synced() const {
  const std::scoped_lock lock(syncMutex_);
  return synced_;
}

bool Core::waitSynced(std::chrono::milliseconds longest) const {
  std::unique_lock lock(syncMutex_);
  syncChanged_.wait_for(lock, longest, [this] { return synced_ || stopped_; });
  return synced_;
}

void Core::waitIndex(std::uint64_t index, std::chrono::milliseconds longest) {
  const auto deadline = now() + longest;
  Wakeups::Waiter waiter(wakeups_, TableSet::all());
  while (read([](const View& view) { return view.state.position().index; }) < index) {
    if (waiter.wait(deadline) != Wakeups::Outcome::Touched) return;
  }
}

void Core::stop() {
  wakeups_.stop();
  const std::scoped_lock lock(syncMutex_);
  stopped_ = true;
  syncChanged_.notify_all();
}

}  // namespace cluster_lab::registry
