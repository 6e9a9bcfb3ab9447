#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "registry/acknowledgements.hpp"
#include "registry/authority.hpp"
#include "registry/decide.hpp"
#include "registry/history.hpp"
#include "registry/lock_delays.hpp"
#include "registry/node_ages.hpp"
#include "registry/state.hpp"
#include "registry/store.hpp"
#include "registry/stream_json.hpp"
#include "registry/wakeups.hpp"
#include "registry/write_queue.hpp"

namespace cluster_lab::registry {

/// What this node is to the registry.
struct Standing {
  enum class Kind : std::uint8_t {
    Wandering,
    Following,
    Leading,
    HandingOver,  ///< writes no more; followers still get what it wrote
  };

  Kind kind = Kind::Wandering;
  std::uint64_t term = 0;                       ///< while leading or handing over
  Ipv4 leader;                                  ///< none while wandering
  Acknowledgements::Leadership leadership = 0;  ///< while leading or handing over
  std::uint64_t number = 0;                     ///< how many standings this node had before

  [[nodiscard]] bool leads() const { return kind == Kind::Leading; }
  /// Do followers get the stream here?
  [[nodiscard]] bool feeds() const { return leads() || kind == Kind::HandingOver; }
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

  struct Events {
    /// Before this node's copy is replaced by one that it has parted from: both, and up to which
    /// index clients may have been told that a change is done.
    std::function<void(const State& own, const State& coming, std::uint64_t told)> parted;
    /// While leading: the copy has what the card lacks. Must not call back in.
    std::function<void()> cardBehind;
  };
  /// `authority`: has the last word where the state says that the storage is shared; this node's
  /// card then keeps a copy like a follower's. nullptr: this node cannot use any.
  Core(Store::Opened opened, NodeId self, Events events = {}, const Replication& replication = {},
       Authority* authority = nullptr);

  /// Calls `use(View)` under the shared lock and gives its result. Do not read() inside.
  template <typename Use>
  auto read(Use use) const {
    const std::shared_lock lock(mutex_);
    return use(View{state_, ages_, standing_});
  }

  /// Lets `decide` decide, stores and carries out what it decided, and gives its answer. `decide`
  /// takes a State or a WriteQueue::View and gives a Decision<T> or a Result of one. Many threads'
  /// writes may be stored at once. Unavailable: this node does not lead.
  template <typename Decide>
  auto write(Decide decide) {
    return submit(std::nullopt, decide);
  }
  /// The same for one that looks at and changes nothing but that key of the key/value store, and
  /// at most looks at sessions: it is stored in one go with others of the kind.
  template <typename Decide>
  auto writeKey(const std::string& key, Decide decide) {
    return submit(key, decide);
  }

  [[nodiscard]] Wakeups& wakeups() { return wakeups_; }

  /// Asks the authority whether this node may lead, and gives its state for lead(); nullopt: the
  /// storage is not shared. Where it is this node wanders meanwhile. Blocks, until resign() at the
  /// latest. Errors as Authority::lead(); Unsupported: this node cannot use that storage; Conflict:
  /// there is a later agreement on where the registry is kept than this node's copy knows.
  [[nodiscard]] Result<std::optional<State>> askToLead(std::uint64_t term);
  /// Begins to write under `term`: from `agreed`, the authority's state; where there is none from
  /// the copy at hand, which goes on the card first (where that cannot be written, each write tries
  /// it). Corrupt: the authority has nothing, though this node has.
  [[nodiscard]] Result<void> lead(std::uint64_t term, Ipv4 leader,
                                  std::optional<State> agreed = {});
  /// Lets the authority know that this node writes no more: whoever waits for its word fails soon.
  void resign();
  /// Writes into the time line that this node, of that name, leads.
  [[nodiscard]] Result<void> tellLeader(const std::string& node, const std::string& why);
  /// Makes the nodes agree on that storage. Another kind than before: the registry moves there,
  /// while writers wait. AlreadyExists: there is a registry already; Unavailable: this node does
  /// not lead. After an error it stays where it is, and what the other storage got must not be
  /// used.
  [[nodiscard]] Result<void> keepIn(const Storage& storage);
  void follow(Ipv4 leader);
  void wander();
  /// Takes no more writes, waits until a follower has all that there is, at most `longest`, and
  /// gives the one that has; it still gets the stream.
  [[nodiscard]] std::optional<NodeId> handOver(std::chrono::milliseconds longest);
  [[nodiscard]] Acknowledgements& acknowledgements() { return acknowledgements_; }
  /// Waits until all up to `index` may be told to a client; gives how many followers have it.
  /// Unavailable: this node did not lead for all that time.
  [[nodiscard]] Result<unsigned> acknowledge(Acknowledgements::Leadership leadership,
                                             std::uint64_t index);

  // --- the stream, leader's side
  /// What follows on `from`; nullopt: nothing yet. `whole`: a snapshot in any case. Unavailable:
  /// this node does not lead.
  [[nodiscard]] Result<std::optional<StreamAnswer>> answerFollower(const Position& from,
                                                                   bool whole) const;
  /// Why this node must not lead, when another one knows of that agreement; nullopt: it may. Later
  /// askToLead() remembers it.
  [[nodiscard]] std::optional<Error> outrankedBy(const Storage& others);
  /// Nothing but the ages: the answer when the waiting is over.
  [[nodiscard]] StreamAnswer emptyAnswer() const;

  // --- the stream, follower's side
  /// Takes the leader's answer in. An error: it does not fit, a snapshot is needed; Conflict: the
  /// leader goes by an agreement on the storage that is over. A new agreement is on the card then.
  [[nodiscard]] Result<void> take(const StreamAnswer& answer);
  void setContact(bool reached);
  /// Puts on the card what it lacks of the copy: what came since, where that is still known, else
  /// all; in one transaction. Nothing is new: nothing is written.
  [[nodiscard]] Result<void> keepCopy();
  /// Since when the leader has not been reached; nullopt: it is being reached.
  [[nodiscard]] std::optional<TimePoint> contactLost() const;

  [[nodiscard]] bool synced() const;
  [[nodiscard]] bool waitSynced(std::chrono::milliseconds longest) const;
  /// Waits until the copy has that index, at most `longest`.
  void waitIndex(std::uint64_t index, std::chrono::milliseconds longest);
  /// Waits until the standing has another number, at most `longest`. false: stop() was called.
  [[nodiscard]] bool awaitStanding(std::uint64_t number, std::chrono::milliseconds longest) const;
  /// Ends all waiting for good.
  void stop();

 private:
  template <typename Decide>
  static auto decideWith(Decide& decide, const WriteQueue::View& view) {
    if constexpr (std::is_invocable_v<Decide&, const WriteQueue::View&>) {
      return answerOr(decide(view));
    } else {
      return answerOr(decide(view.state));
    }
  }
  template <typename T>
  static Result<decide::Decision<T>> answerOr(Result<decide::Decision<T>> decision) {
    return decision;
  }
  template <typename T>
  static Result<decide::Decision<T>> answerOr(decide::Decision<T> decision) {
    return decision;
  }
  template <typename Decide>
  auto submit(std::optional<std::string> key, Decide& decide) {
    using Decided = decltype(decideWith(decide, std::declval<WriteQueue::View>()));
    using Answer = decltype(Decided::value_type::answer);
    std::optional<Answer> answer;
    WriteQueue::Write write;
    write.key = std::move(key);
    write.decide = [&](const WriteQueue::View& view) -> Result<ChangeSet> {
      auto decided = decideWith(decide, view);
      if (!decided) return fail(decided.error());
      answer = std::move(decided->answer);
      return std::move(decided->changes);
    };
    queue_.run(write);
    if (!write.outcome) return Result<Answer>(fail(write.outcome.error()));
    return Result<Answer>(*std::move(answer));
  }
  void carryOut(const WriteQueue::Batch& batch);
  /// With writing_ held, as those that follow.
  Result<void> commit(std::vector<Entry> entries);
  Result<void> makeLast(std::span<const Entry> entries);
  Result<void> agreeOn(std::span<const Entry> entries, const StateHeader& after);
  Result<void> apply(std::vector<Entry> entries);
  Result<void> replace(const Snapshot& snapshot);
  /// Whose word counts; nullptr: this node's card has the last one.
  [[nodiscard]] Authority* authority() const;
  Result<void> takeOver(State agreed);
  /// Could this node lead by its card alone? Errors as askToLead().
  [[nodiscard]] Result<void> checkAgreement(const std::optional<Storage>& agreed) const;
  [[nodiscard]] Entry nextEntry(ChangeSet changes, std::size_t ahead = 0) const;
  Result<void> moveTo(const Storage& storage, Entry entry);
  Result<void> moveHome(Entry entry);
  void keepAgreement();
  void become(State coming);
  /// Up to which index of this node's copy clients may have been told that a change is done.
  [[nodiscard]] std::uint64_t told() const;
  void setStanding(Standing standing);
  [[nodiscard]] std::set<NodeId> expectedFollowers() const;
  void setSynced();

  const NodeId self_;
  const Events events_;
  Authority* const authority_;
  WriteQueue queue_;
  std::mutex writing_;                    ///< taken before the two others
  std::mutex storing_;                    ///< taken before mutex_
  std::unique_ptr<Store> store_;          // guarded by storing_
  LockDelays lockDelays_;                 // guarded by writing_
  std::uint64_t ledTerm_ = 0;             // guarded by writing_; of the last leadership
  mutable std::shared_mutex mutex_;       ///< changes of what follows need writing_ too
  State state_;                           // guarded by mutex_
  NodeAges ages_;                         // guarded by mutex_
  History history_;                       // guarded by mutex_
  Standing standing_;                     // guarded by mutex_
  std::optional<TimePoint> contactLost_;  // guarded by mutex_
  Storage newest_;                        // guarded by mutex_; that other nodes told of
  Wakeups wakeups_;
  Acknowledgements acknowledgements_;

  mutable std::mutex syncMutex_;
  mutable std::condition_variable syncChanged_;
  bool synced_ = false;               // guarded by syncMutex_
  bool stopped_ = false;              // guarded by syncMutex_
  std::uint64_t standingNumber_ = 0;  // guarded by syncMutex_
};

}  // namespace cluster_lab::registry
