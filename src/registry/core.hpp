#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "base/error.hpp"
#include "registry/decide.hpp"
#include "registry/history.hpp"
#include "registry/node_ages.hpp"
#include "registry/state.hpp"
#include "registry/store.hpp"
#include "registry/stream_json.hpp"
#include "registry/wakeups.hpp"

namespace cluster_lab::registry {

/// What this node is to the registry.
struct Standing {
  enum class Kind : std::uint8_t { Wandering, Following, Leading };

  Kind kind = Kind::Wandering;
  std::uint64_t term = 0;  ///< while leading
  Ipv4 leader;             ///< none while wandering

  [[nodiscard]] bool leads() const { return kind == Kind::Leading; }
};

/// The state with all that guards it: who may read when, who writes, who is woken, what followers
/// get. Any thread. Writers go one after the other and wait for the card; readers do not wait for
/// them.
class Core {
 public:
  /// What a reader sees; valid while its call lasts.
  struct View {
    const State& state;
    const NodeAges& ages;
    const Standing& standing;
  };

  Core(Store::Opened opened, NodeId self);

  /// Calls `use(View)` under the shared lock and gives its result. Do not read() inside.
  template <typename Use>
  auto read(Use use) const {
    const std::shared_lock lock(mutex_);
    return use(View{state_, ages_, standing_});
  }

  /// Lets `decide(State)` decide, stores and carries out what it decided, and gives its answer.
  /// `decide` gives a Decision<T> or a Result of one. Unavailable: this node does not lead.
  template <typename Decide>
  auto write(Decide decide) {
    const std::scoped_lock writing(writing_);
    return finish(decide(std::as_const(state_)));  // only writers change it, and this is the one
  }

  [[nodiscard]] Wakeups& wakeups() { return wakeups_; }

  /// Begins to write under `term`, the copy at hand on the card first.
  [[nodiscard]] Result<void> lead(std::uint64_t term, Ipv4 leader);
  void follow(Ipv4 leader);
  void wander();

  // --- the stream, leader's side
  /// What follows on `from`; nullopt: nothing yet. `whole`: a snapshot in any case. Unavailable:
  /// this node does not lead.
  [[nodiscard]] Result<std::optional<StreamAnswer>> answerFollower(const Position& from,
                                                                   bool whole) const;
  /// Nothing but the ages: the answer when the waiting is over.
  [[nodiscard]] StreamAnswer emptyAnswer() const;

  // --- the stream, follower's side
  /// Takes the leader's answer in. An error: it does not fit, a snapshot is needed.
  [[nodiscard]] Result<void> take(const StreamAnswer& answer);
  void setContact(bool reached);
  /// Since when the leader has not been reached; nullopt: it is being reached.
  [[nodiscard]] std::optional<TimePoint> contactLost() const;

  [[nodiscard]] bool synced() const;
  [[nodiscard]] bool waitSynced(std::chrono::milliseconds longest) const;
  /// Waits until the copy has that index, at most `longest`.
  void waitIndex(std::uint64_t index, std::chrono::milliseconds longest);
  /// Ends all waiting for good.
  void stop();

 private:
  template <typename T>
  Result<T> finish(decide::Decision<T> decision) {
    if (auto done = commit(std::move(decision.changes)); !done) return fail(done.error());
    return std::move(decision.answer);
  }
  template <typename T>
  Result<T> finish(Result<decide::Decision<T>> decision) {
    if (!decision) return fail(decision.error());
    return finish(*std::move(decision));
  }
  /// With writing_ held.
  Result<void> commit(ChangeSet changes);
  Result<void> carryOut(Entry entry);
  Result<void> replace(const Snapshot& snapshot);
  void keepLostWrites(const State& coming);
  void setStanding(const Standing& standing);
  void setSynced(bool synced);

  const NodeId self_;
  std::mutex writing_;                    ///< taken before mutex_; guards the store
  std::unique_ptr<Store> store_;          // guarded by writing_
  mutable std::shared_mutex mutex_;       ///< changes of what follows need writing_ too
  State state_;                           // guarded by mutex_
  NodeAges ages_;                         // guarded by mutex_
  History history_;                       // guarded by mutex_
  Standing standing_;                     // guarded by mutex_
  std::optional<TimePoint> contactLost_;  // guarded by mutex_
  Wakeups wakeups_;

  mutable std::mutex syncMutex_;
  mutable std::condition_variable syncChanged_;
  bool synced_ = false;   // guarded by syncMutex_
  bool stopped_ = false;  // guarded by syncMutex_
};

}  // namespace cluster_lab::registry
