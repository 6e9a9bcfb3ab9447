#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "base/node_id.hpp"
#include "base/time.hpp"

namespace cluster_lab::registry {

/// Which follower has how much of what the leader wrote, and for which of them an acknowledgement
/// waits. A follower tells by its questions: one that asks for what comes after an index has all up
/// to it. Sends nothing and waits for nothing.
class Replicas {
 public:
  /// A follower that was answered has `timeout` to ask again; then it does not count until it does.
  explicit Replicas(Duration timeout) : timeout_(timeout) {}

  /// This node leads from now on. `expected`: followers that will ask soon, as far as one knows:
  /// they count as if they had just been answered. Where there are some, nothing is enough for the
  /// first 200 ms: another may have taken the lead in the same moment, and go on instead.
  void begin(TimePoint now, const std::set<NodeId>& expected);
  /// The follower has all up to `index`, and waits for more.
  void asked(const NodeId& node, std::uint64_t index);
  /// Its question was answered, or the connection by which it came has ended.
  void answered(const NodeId& node, TimePoint now);
  /// It left, or is known to be silent: it does not count until it asks.
  void forget(const NodeId& node);
  /// This node is master of itself at `now`: it was neither paused nor put to sleep. Once told in a
  /// leadership it must be told again and again: who overslept finds its followers gone and may be
  /// no leader any more, so it does not acknowledge alone before its election had time to look.
  void vouch(TimePoint now);

  struct Coverage {
    unsigned followers = 0;  ///< that count and have it
    bool enough = false;     ///< it may be acknowledged: one has it, or there is none that counts
    TimePoint lookAgain;     ///< where it is not enough: time alone changes that then
  };
  [[nodiscard]] Coverage coverage(std::uint64_t index, TimePoint now) const;
  /// Who has all up to `index`, of those that count the one that has most.
  [[nodiscard]] std::optional<NodeId> holder(std::uint64_t index, TimePoint now) const;

 private:
  struct Follower {
    std::uint64_t index = 0;
    unsigned questions = 0;  ///< not answered yet
    TimePoint lastAnswered;
  };
  [[nodiscard]] bool counts(const Follower& follower, TimePoint now) const;
  /// From when on this node may acknowledge alone, as far as it depends on itself.
  [[nodiscard]] TimePoint aloneFrom(TimePoint now) const;

  Duration timeout_;
  std::map<NodeId, Follower> followers_;
  std::optional<TimePoint> vouched_;
  TimePoint settledFrom_ = TimePoint::min();
  TimePoint awakeFrom_ = TimePoint::min();  ///< after a pause: when it may act alone again
};

}  // namespace cluster_lab::registry
