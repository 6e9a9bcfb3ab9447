#pragma once

#include <optional>
#include <string>

#include "agent/check_result.hpp"
#include "agent/definitions.hpp"
#include "base/time.hpp"

namespace cluster_lab::agent {

/// The course of one check in time: when it is to run, what its results make of its status, when
/// its time to live is over. Runs nothing.
class CheckCourse {
 public:
  /// `spread`: when the first run is to be, counted from `now`; within the interval.
  CheckCourse(const CheckDefinition& definition, TimePoint now, Duration spread);

  /// Is it to run now? Then it counts as running until finished().
  [[nodiscard]] bool begin(TimePoint now);
  /// A run has ended; the next is due an interval later. What the check says now; nullopt: the
  /// threshold is not reached, it says what it said.
  [[nodiscard]] std::optional<CheckResult> finished(TimePoint now, CheckResult result);

  /// A client told of a TTL check: its time begins anew. What it says now.
  [[nodiscard]] CheckResult reported(TimePoint now, CheckResult report);
  /// What the check says from now on because nobody told of it in time; once.
  [[nodiscard]] std::optional<CheckResult> expire(TimePoint now);

  /// When begin() or expire() has something to do.
  [[nodiscard]] std::optional<TimePoint> nextDeadline() const { return due_; }

 private:
  [[nodiscard]] std::optional<CheckResult> weigh(CheckResult result);

  bool runs_;
  bool expires_;
  Duration period_;  ///< interval or time to live
  std::size_t outputSize_;
  unsigned successesNeeded_;
  unsigned failuresForWarning_;
  unsigned failuresForCritical_;
  std::optional<TimePoint> due_;
  unsigned successes_ = 0;  ///< in a row
  unsigned failures_ = 0;
  std::string lastReport_;
};

}  // namespace cluster_lab::agent
