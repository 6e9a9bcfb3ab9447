#include "registry/core.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "os/log.hpp"
#include "registry/agreement.hpp"
#include "registry/client.hpp"
#include "registry/consequences.hpp"
#include "registry/row_json.hpp"
#include "registry/timeline.hpp"
#include "registry/wall_clock.hpp"

namespace cluster_lab::registry {
namespace {

// For followers a little behind: more than a restart misses, and little memory.
constexpr std::size_t kHistoryEntries = 1024;
constexpr std::size_t kHistoryBytes = std::size_t{1} << 20U;

TimePoint now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

Core::Core(Store::Opened opened, NodeId self, Events events, const Replication& replication,
           Authority* authority)
    : self_(self),
      events_(std::move(events)),
      authority_(authority),
      queue_([this](const WriteQueue::Batch& batch) { carryOut(batch); }),
      store_(std::move(opened.store)),
      state_(std::move(opened.state)),
      history_(kHistoryEntries, kHistoryBytes),
      acknowledgements_(replication) {
  ages_.follow(state_, now());
}

Result<std::optional<State>> Core::askToLead(std::uint64_t term) {
  const auto known = read([](const View& view) {
    const auto* agreed = view.state.agreedStorage();
    return agreed == nullptr ? std::nullopt : std::optional(*agreed);
  });
  if (auto may = checkAgreement(known); !may) return fail(may.error());
  const auto storage = known.value_or(Storage{});
  if (!storage.isShared()) return std::nullopt;
  if (authority_ == nullptr) {
    return fail(ErrorCode::Unsupported,
                "the registry is kept in " + storage.kind + ", which this node cannot use");
  }
  wander();  // nobody else may ask the authority meanwhile
  auto agreed = authority_->lead(term, storage);
  if (!agreed) return fail(agreed.error());
  return *std::move(agreed);
}

Result<void> Core::checkAgreement(const std::optional<Storage>& agreed) const {
  const auto newest = [this] {
    const std::shared_lock lock(mutex_);
    return newest_;
  }();
  if (!mayFollow(newest, agreed.value_or(Storage{}))) {
    return fail(ErrorCode::Conflict,
                "another node knows of a later agreement, to keep the "
                "registry in " +
                    newest.kind + ": this node waits for one that goes by it");
  }
  if (!agreed && authority_ != nullptr && authority_->hasPart()) {
    return fail(ErrorCode::Conflict,
                "this node has a part of a registry in etcd, of which its copy does not know: it "
                "waits for a node that does");
  }
  return {};
}

std::optional<Error> Core::outrankedBy(const Storage& others) {
  const std::scoped_lock lock(mutex_);
  if (mayFollow(others, state_.storage())) return std::nullopt;
  if (mayFollow(newest_, others)) newest_ = others;
  return Error{ErrorCode::Conflict,
               "another node knows of a later agreement, to keep the registry in " + others.kind,
               {}};
}

Result<void> Core::lead(std::uint64_t term, Ipv4 leader, std::optional<State> agreed) {
  const std::scoped_lock writing(writing_);
  if (agreed) {
    if (auto taken = takeOver(*std::move(agreed)); !taken) {
      resign();
      return taken;
    }
  }
  const bool shared = authority() != nullptr;
  if (!shared) {
    resign();  // the registry has left the authority that was asked
    if (auto stored = keepCopy(); !stored) {
      // Reading goes on; a write tries anew.
      os::log::error(stored.error().during("take the registry over").text());
    }
  }
  lockDelays_ = {};  // of an earlier leadership
  ledTerm_ = term;
  setStanding(
      {.kind = Standing::Kind::Leading,
       .term = term,
       .leader = leader,
       .leadership = acknowledgements_.begin(expectedFollowers(), keepsTwice(state_.storage())),
       .number = 0});
  setContact(true);
  return {};
}

/// An authority that has lost everything must not make this node forget it, too.
Result<void> Core::takeOver(State agreed) {
  const auto& own = state_.position();
  if (agreed.position() == own) return {};
  if (agreed.position() == Position{}) {
    return fail(ErrorCode::Corrupt,
                "the registry is not where it is to be kept, though this node has a copy that goes "
                "to change " +
                    std::to_string(own.index));
  }
  const bool news = agreed.storage() != state_.storage();
  become(std::move(agreed));
  if (news) keepAgreement();
  if (events_.cardBehind) events_.cardBehind();
  return {};
}

Entry Core::nextEntry(ChangeSet changes, std::size_t ahead) const {
  const auto index = state_.position().index + ahead + 1;
  return {.at = {.term = standing_.term, .writer = self_, .index = index},
          .changes = std::move(changes)};
}

Result<void> Core::keepIn(const Storage& wanted) {
  const std::scoped_lock writing(writing_);
  if (!standing_.leads()) return fail(ErrorCode::Unavailable, kNoLeader);
  const auto now = state_.storage();
  const auto storage = nextAgreement(now, wanted, self_);
  if (now == storage) return {};
  auto entry = nextEntry({{Table::Storage, std::string(kStorageKey), toJson(storage)}});
  if (now.kind == storage.kind) {
    if (auto done = commit({std::move(entry)}); !done) return done;
  } else {
    auto moved =
        storage.isShared() ? moveTo(storage, std::move(entry)) : moveHome(std::move(entry));
    if (!moved) return fail(moved.error().during("move the registry to " + storage.kind));
  }
  keepAgreement();
  acknowledgements_.waitForNobody(keepsTwice(storage));
  return {};
}

/// What the authority gets has the agreement in it already, so that it never holds a registry that
/// is kept elsewhere.
Result<void> Core::moveTo(const Storage& storage, Entry entry) {
  if (authority_ == nullptr) {
    return fail(ErrorCode::Unsupported, "this node cannot use it");
  }
  const auto there = authority_->lead(standing_.term, storage);
  if (!there) return fail(there.error());
  auto next = state_;
  auto done = next.apply(entry);
  if (done && there->position() != Position{}) {
    done = fail(ErrorCode::AlreadyExists, "there is a registry already, which goes to change " +
                                              std::to_string(there->position().index));
  }
  if (done) done = authority_->replaceAll(next.snapshot());
  if (!done) {
    resign();
    return done;
  }
  return apply({std::move(entry)});
}

Result<void> Core::moveHome(Entry entry) {
  if (auto writable = keepCopy(); !writable) return writable;
  if (auto agreed = commit({std::move(entry)}); !agreed) return agreed;
  resign();
  return {};
}

/// The card must say where the registry is, lest a power cut makes this node look elsewhere. Where
/// it cannot be written the followers know.
void Core::keepAgreement() {
  if (auto kept = keepCopy(); !kept) {
    os::log::error(kept.error().during("keep in mind where the registry is").text());
  }
}

Authority* Core::authority() const {
  return state_.storage().isShared() ? authority_ : nullptr;
}

void Core::resign() {
  if (authority_ != nullptr) authority_->resign();
}

Result<void> Core::tellLeader(const std::string& node, const std::string& why) {
  const auto told = write([&](const WriteQueue::View& view) {
    return decide::tellLeader(view.state, node, why, view.wallClock);
  });
  if (!told) return fail(told.error());
  return {};
}

void Core::follow(Ipv4 leader) {
  const std::scoped_lock writing(writing_);
  setStanding({.kind = Standing::Kind::Following,
               .term = 0,
               .leader = leader,
               .leadership = 0,
               .number = 0});
}

void Core::wander() {
  const std::scoped_lock writing(writing_);
  setStanding({});
}

std::optional<NodeId> Core::handOver(std::chrono::milliseconds longest) {
  std::uint64_t last = 0;
  {
    const std::scoped_lock writing(writing_);
    if (!standing_.leads()) return std::nullopt;
    auto standing = standing_;
    standing.kind = Standing::Kind::HandingOver;
    setStanding(standing);
    last = state_.position().index;
  }
  const auto holder = acknowledgements_.awaitHolder(last, longest);
  resign();
  return holder;
}

Result<unsigned> Core::acknowledge(Acknowledgements::Leadership leadership, std::uint64_t index) {
  auto replicas = acknowledgements_.await(leadership, index);
  const auto* word = read([this](const View&) { return authority(); });
  if (replicas && word != nullptr && !word->holds()) {
    return fail(ErrorCode::Unavailable, kLeadershipLost);
  }
  return replicas;
}

/// The members that were alive when the former leader went: they come within a moment, and what is
/// written meanwhile waits for them, lest the next one who takes over never hears of it.
std::set<NodeId> Core::expectedFollowers() const {
  return read([this](const View& view) {
    std::set<NodeId> expected;
    for (const auto& [key, node] : view.state.nodes()) {
      const auto& id = node.row.id;
      const auto* health = view.state.serfHealthOf(id);
      const bool alive = health != nullptr && health->row.status == Health::Passing;
      if (alive && !node.row.external && node.row.role == Role::Following && id != self_) {
        expected.insert(id);
      }
    }
    return expected;
  });
}

void Core::setStanding(Standing standing) {
  if (!standing.feeds()) acknowledgements_.end();
  {
    const std::scoped_lock lock(mutex_);
    standing.number = standing_.number + 1;
    standing_ = standing;
  }
  {
    const std::scoped_lock lock(syncMutex_);
    synced_ = false;
    standingNumber_ = standing.number;
    syncChanged_.notify_all();
  }
  wakeups_.touch(
      TableSet::all());  // followers that wait here must hear that this one leads no more
}

void Core::carryOut(const WriteQueue::Batch& batch) {
  const std::scoped_lock writing(writing_);
  const WriteQueue::View view{
      .state = state_, .lockDelays = lockDelays_, .now = now(), .wallClock = wallClock()};
  const auto* word = authority();
  std::vector<Entry> entries;
  WriteQueue::Batch changing;
  for (auto* write : batch) {
    if (!standing_.leads() || (word != nullptr && !word->holds())) {
      write->outcome = fail(ErrorCode::Unavailable, kNoLeader);
      continue;
    }
    auto changes = write->decide(view);
    if (!changes) {
      write->outcome = fail(changes.error());
    } else if (!changes->empty()) {
      auto all =
          withOccurrences(state_, withConsequences(state_, *std::move(changes)), view.wallClock);
      entries.push_back(nextEntry(std::move(all), entries.size()));
      changing.push_back(write);
    }
  }
  const auto done = commit(std::move(entries));
  for (auto* write : changing) write->outcome = done;
}

Result<void> Core::commit(std::vector<Entry> entries) {
  if (entries.empty()) return {};
  if (auto done = makeLast(entries); !done) return done;
  for (const auto& entry : entries) lockDelays_.note(state_, entry.changes, now());
  auto applied = apply(std::move(entries));
  if (authority() != nullptr && events_.cardBehind) events_.cardBehind();
  return applied;
}

/// By the authority's word, else on this node's card.
Result<void> Core::makeLast(std::span<const Entry> entries) {
  const auto after = state_.headerAfter(entries);
  if (authority() != nullptr) return agreeOn(entries, after);
  if (auto whole = keepCopy(); !whole) return whole;
  const std::scoped_lock storing(storing_);
  if (auto stored = store_->commit(entries, after); !stored) {
    return fail(stored.error().during("store a change of the registry"));
  }
  return {};
}

Result<void> Core::agreeOn(std::span<const Entry> entries, const StateHeader& after) {
  auto agreed = authority_->commit(entries, after);
  if (agreed) return {};
  auto error = agreed.error().during("agree on a change of the registry");
  if (authority_->holds()) return fail(std::move(error));
  os::log::warning(error.text());
  return fail(ErrorCode::Unavailable, kLeadershipLost);
}

Result<void> Core::apply(std::vector<Entry> entries) {
  TableSet touched;
  Result<void> done;
  {
    const std::scoped_lock lock(mutex_);
    for (auto& entry : entries) {
      done = state_.apply(entry);
      if (!done) break;
      touched.add(entry.tables());
      history_.append(std::move(entry));
    }
    ages_.follow(state_, now());
  }
  wakeups_.touch(touched);
  return done;
}

Result<std::optional<StreamAnswer>> Core::answerFollower(const Position& from, bool whole) const {
  const std::shared_lock lock(mutex_);
  if (!standing_.feeds()) return fail(ErrorCode::Unavailable, "this node does not lead");
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
  const auto before = state_.storage();
  if (answer.snapshot) {
    if (auto done = replace(*answer.snapshot); !done) return done;
  }
  if (auto done = apply(answer.entries); !done) return done;
  if (state_.storage() != before) keepAgreement();
  {
    const std::scoped_lock lock(mutex_);
    ages_.adopt(answer.ages, now());
  }
  setSynced();
  return {};
}

Result<void> Core::replace(const Snapshot& snapshot) {
  auto coming = State::from(snapshot);
  if (!coming) return fail(coming.error());
  if (!mayFollow(state_.storage(), coming->storage())) {
    return fail(ErrorCode::Conflict,
                "the leader does not know that the registry is kept in " + state_.storage().kind);
  }
  become(*std::move(coming));
  return {};
}

/// Of what others led, or this node in an earlier life, anything may have been acknowledged.
std::uint64_t Core::told() const {
  const auto& eras = state_.header().lineage.eras();
  const bool own = !eras.empty() && eras.back().term == ledTerm_ && eras.back().writer == self_;
  if (!own) return std::numeric_limits<std::uint64_t>::max();
  const auto before = eras.size() > 1 ? eras[eras.size() - 2].last : 0;
  return std::max(before, acknowledgements_.told());
}

void Core::become(State coming) {
  const bool parted = !coming.header().lineage.contains(state_.position());
  if (parted && events_.parted) events_.parted(state_, coming, told());
  {
    const std::scoped_lock lock(mutex_);
    state_ = std::move(coming);
    history_.clear();
    ages_.follow(state_, now());
  }
  if (parted) {
    wakeups_.abandon();  // indexes that clients wait for mean nothing any more
  } else {
    wakeups_.touch(TableSet::all());
  }
}

Result<void> Core::keepCopy() {
  const std::scoped_lock storing(storing_);
  const auto from = store_->position();
  std::shared_lock lock(mutex_);
  if (from == state_.position()) return {};
  const auto header = state_.header();
  const bool shared = header.lineage.contains(from);
  if (const auto since = shared ? history_.since(from.index, header.at.index) : std::nullopt) {
    lock.unlock();
    return store_->commit(*since, header);
  }
  const auto snapshot = state_.snapshot();
  lock.unlock();
  return store_->replaceAll(snapshot);
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

void Core::setSynced() {
  const std::scoped_lock lock(syncMutex_);
  synced_ = true;
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

bool Core::awaitStanding(std::uint64_t number, std::chrono::milliseconds longest) const {
  std::unique_lock lock(syncMutex_);
  syncChanged_.wait_for(lock, longest, [&] { return standingNumber_ != number || stopped_; });
  return !stopped_;
}

void Core::waitIndex(std::uint64_t index, std::chrono::milliseconds longest) {
  const auto deadline = now() + longest;
  Wakeups::Waiter waiter(wakeups_, TableSet::all());
  while (read([](const View& view) { return view.state.position().index; }) < index) {
    if (waiter.wait(deadline) != Wakeups::Outcome::Touched) return;
  }
}

void Core::stop() {
  acknowledgements_.end();
  wakeups_.stop();
  const std::scoped_lock lock(syncMutex_);
  stopped_ = true;
  syncChanged_.notify_all();
}

}  // namespace cluster_lab::registry
