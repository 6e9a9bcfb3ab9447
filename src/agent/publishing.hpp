#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace cluster_lab::agent {

/// Decides when the catalog is told of this node's services: registrations at once, a status at
/// most once a second, an output alone after five minutes (Consul's check_update_interval), all of
/// it where the catalog may know nothing; and when it is compared with what it should show. Sends
/// nothing.
class Publishing {
 public:
  enum class Task : std::uint8_t { Compare, Sync };

  // --- what happened
  /// There is a leader that may know nothing of this node's services.
  void connected(TimePoint now);
  /// There is none: everything waits.
  void disconnected();
  void registrationChanged(TimePoint now) { wantSync(now); }
  void statusChanged(TimePoint now);
  void outputChanged(TimePoint now);
  /// The comparison found a difference.
  void differenceFound(TimePoint now) { wantSync(now); }

  // --- what to do
  /// What is to be done now; nullopt: nothing. A sync is to end in synced() or failed().
  [[nodiscard]] std::optional<Task> begin(TimePoint now);
  void synced() { retryDelay_ = {}; }
  void failed(TimePoint now);
  /// When begin() has something to do.
  [[nodiscard]] std::optional<TimePoint> nextDeadline() const;
  [[nodiscard]] bool isConnected() const { return connected_; }

 private:
  void wantSync(TimePoint due);

  bool connected_ = false;
  std::optional<TimePoint> syncDue_;
  std::optional<TimePoint> compareDue_;
  std::optional<TimePoint> lastSync_;
  Duration retryDelay_{};
};

}  // namespace cluster_lab::agent
