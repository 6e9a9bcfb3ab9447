#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "link/plan.hpp"

namespace cluster_lab::link {

/// What may fail and is then tried again.
enum class Task {
  SwitchParentOn,
  MakeLink,  ///< or find that it is there already, exactly as planned
  SwitchLinkOn,
};

/// The interfaces that matter, as the kernel has them now.
struct Seen {
  std::optional<Interface> parent;
  std::optional<Interface> link;    ///< the interface of the planned name
  std::vector<std::string> others;  ///< names of the machine's other hardware interfaces
};
struct Made {  ///< Task::MakeLink succeeded
  int index;
};
struct Failed {
  Task task;
  Error error;
};
struct Stopped {};
using Event = std::variant<Seen, Made, Failed, Stopped>;

struct Attempt {  ///< to be answered by Made or Failed, where it applies, and then Seen
  Task task;
};
struct RemoveLink {
  int index;
};
struct TellUp {
  Interface link;
};
struct TellDown {};
struct TellProblem {
  Problem problem;
};
struct Note {  ///< for the log: somebody did something to the link
  std::string text;
};
using Action = std::variant<Attempt, RemoveLink, TellUp, TellDown, TellProblem, Note>;
using Actions = std::vector<Action>;

/// Spaces attempts: never closer than 250 ms, and when they fail, twice as far each time, up to 30
/// s.
class BackOff {
 public:
  /// When the next attempt may be.
  [[nodiscard]] TimePoint next() const { return next_; }
  void begin(TimePoint now);
  void failed(TimePoint now);
  /// The world has changed: the next attempt may succeed and is not put off longer than the
  /// spacing.
  void hurry();
  void succeeded();

 private:
  static constexpr std::chrono::milliseconds kSpacing{250};
  static constexpr std::chrono::seconds kLongest{30};

  TimePoint last_ = TimePoint::min();
  TimePoint next_ = TimePoint::min();
  Duration delay_ = kSpacing;
};

/// Decides what to do about the cluster link: waits for its parent and a carrier, has it made, and
/// notices when any of it goes away. Does nothing itself.
class Keeper {
 public:
  explicit Keeper(Plan plan);
  /// Takes in what happened at `now`, which never goes back. After Stopped, Seen begins anew.
  [[nodiscard]] Actions step(TimePoint now, const Event& event);
  /// When step() wants a fresh Seen if nothing else happens first. nullopt: never.
  [[nodiscard]] std::optional<TimePoint> nextDeadline() const { return deadline_; }

 private:
  void take(const Seen& seen);
  void take(const Failed& failed, TimePoint now, Actions& actions);
  [[nodiscard]] Actions stop();
  void proceed(TimePoint now, Actions& actions);
  void attempt(Task task, TimePoint now, Actions& actions);
  void goUp(const Interface& link, Actions& actions);
  void goDown(Actions& actions);
  void goDown(const Problem& problem, Actions& actions);
  [[nodiscard]] std::string whatHappened(Task task) const;
  BackOff& backOff(Task task) { return backOffs_[static_cast<std::size_t>(task)]; }

  Plan plan_;
  Seen seen_;
  std::array<BackOff, 3> backOffs_;  // by Task
  int planned_ = 0;                  // index of the link that is known to be as planned
  std::optional<Interface> told_;    // as told by TellUp
  std::optional<Problem> problem_;
  std::optional<TimePoint> deadline_;
};

}  // namespace cluster_lab::link
