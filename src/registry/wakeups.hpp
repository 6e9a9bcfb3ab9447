#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>

#include "base/time.hpp"
#include "registry/change_set.hpp"

namespace cluster_lab::registry {

/// Wakes those who wait for a change of certain tables, and only those. Any thread.
class Wakeups {
 public:
  enum class Outcome : std::uint8_t {
    Touched,    ///< one of the tables has changed
    Expired,    ///< the deadline passed
    Abandoned,  ///< waiting has no sense any more: all changed, or the registry stops
  };

  /// Somebody who waits. Counts touches from when it is made, so make it before looking at the
  /// state. One thread.
  class Waiter {
   public:
    Waiter(Wakeups& wakeups, TableSet tables);
    ~Waiter();
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    /// Waits for the first touch since the last call.
    [[nodiscard]] Outcome wait(TimePoint deadline);

   private:
    friend class Wakeups;
    Wakeups& wakeups_;
    TableSet tables_;
    std::condition_variable wake_;
    bool touched_ = false;    // guarded by wakeups_.mutex_
    bool abandoned_ = false;  // guarded by wakeups_.mutex_
    std::list<Waiter*>::iterator place_;
  };

  void touch(TableSet tables);
  /// Ends every waiting that is under way.
  void abandon();
  /// Ends every waiting, also future ones.
  void stop();

 private:
  void abandonLocked();

  std::mutex mutex_;
  std::list<Waiter*> waiters_;  // guarded by mutex_
  bool stopped_ = false;        // guarded by mutex_
};

}  // namespace cluster_lab::registry
