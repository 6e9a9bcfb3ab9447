#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>

#include "base/error.hpp"
#include "base/time.hpp"

namespace cluster_lab::os {

/// Something the loop watches. Destroying it ends the watching; it may be destroyed in its own
/// callback, and after the loop. Loop thread only.
class EventSource {
 public:
  virtual ~EventSource() = default;
};
using EventHandle = std::unique_ptr<EventSource>;

/// The one loop thread's event loop, on sd-event. All calls but now(), post() and quit() belong to
/// the thread that runs it.
class EventLoop {
 public:
  [[nodiscard]] static Result<std::unique_ptr<EventLoop>> create();
  virtual ~EventLoop() = default;

  /// The monotonic clock, read now (never cached). Any thread.
  [[nodiscard]] virtual TimePoint now() const = 0;
  /// Calls `onReadable` whenever `fd` has something to read (or was hung up). The caller owns `fd`
  /// and keeps it open longer than the handle.
  [[nodiscard]] virtual Result<EventHandle> watchReadable(int fd,
                                                          std::function<void()> onReadable) = 0;
  /// The same for when `fd` takes something to write, or could not be connected.
  [[nodiscard]] virtual Result<EventHandle> watchWritable(int fd,
                                                          std::function<void()> onWritable) = 0;
  /// Calls once at `when` (1 ms accuracy), at once if it is past.
  [[nodiscard]] virtual Result<EventHandle> at(TimePoint when, std::function<void()> call) = 0;
  /// Calls for each arrival of `signal`, which this blocks in the calling thread: call it before
  /// other threads start.
  [[nodiscard]] virtual Result<EventHandle> onSignal(int signal, std::function<void()> call) = 0;
  /// Calls once when child `pid` has ended, with the status as waitpid(2) gives it. SIGCHLD must be
  /// blocked: create() does that.
  [[nodiscard]] virtual Result<EventHandle> onChildExit(pid_t pid,
                                                        std::function<void(int status)> call) = 0;
  /// From any thread: `call` runs soon on the loop thread, in the order posted.
  virtual void post(std::function<void()> call) = 0;

  /// Runs until quit(); gives its code, or why the loop failed.
  [[nodiscard]] virtual Result<int> run() = 0;
  /// From any thread.
  virtual void quit(int code) = 0;
  /// Feeds systemd's watchdog from the loop, if WATCHDOG_USEC asks for it (sd_event_set_watchdog).
  virtual Result<void> feedWatchdog() = 0;
};

/// A one-shot timer that can be set again and again; each `set` forgets the one before.
class Timer {
 public:
  Timer(EventLoop& loop, std::function<void()> call);
  void set(TimePoint when);
  void clear();

 private:
  EventLoop& loop_;
  std::function<void()> call_;
  EventHandle pending_;
};

}  // namespace cluster_lab::os
