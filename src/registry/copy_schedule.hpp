#pragma once

#include <optional>

#include "base/time.hpp"

namespace cluster_lab::registry {

/// When a follower puts its copy on its card: soon after a change, but so seldom that the card
/// lasts. Time is told.
class CopySchedule {
 public:
  /// Two writes are at least `interval` apart.
  explicit CopySchedule(Duration interval) : interval_(interval) {}

  /// The copy has changed.
  void changed() { changed_ = true; }
  /// It was put on the card as it was at `now`, or that failed.
  void wrote(TimePoint now) {
    changed_ = false;
    written_ = now;
  }
  /// When to write next, at once for a time that is over; nullopt: there is nothing new.
  [[nodiscard]] std::optional<TimePoint> nextWrite() const {
    if (!changed_) return std::nullopt;
    return written_ ? *written_ + interval_ : TimePoint{};
  }

 private:
  Duration interval_;
  bool changed_ = false;
  std::optional<TimePoint> written_;
};

}  // namespace cluster_lab::registry
