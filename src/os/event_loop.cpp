#include "os/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <systemd/sd-event.h>

#include <csignal>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "os/file_descriptor.hpp"
#include "os/log.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

/// What a callback of sd-event is handed. It lives at least as long as the callback runs, so that
/// a handle may be destroyed from within.
struct Watch : std::enable_shared_from_this<Watch> {
  std::function<void(const siginfo_t*)> call;
  sd_event_source* source = nullptr;

  void run(const siginfo_t* info) {
    const auto keep = shared_from_this();
    call(info);
  }
};

class SdEventSource : public EventSource {
 public:
  explicit SdEventSource(std::shared_ptr<Watch> watch) : watch_(std::move(watch)) {}
  ~SdEventSource() override { sd_event_source_disable_unref(watch_->source); }
  SdEventSource(const SdEventSource&) = delete;
  SdEventSource& operator=(const SdEventSource&) = delete;

 private:
  std::shared_ptr<Watch> watch_;
};

int onIo(sd_event_source*, int, std::uint32_t, void* watch) {
  static_cast<Watch*>(watch)->run(nullptr);
  return 0;
}

int onTime(sd_event_source*, std::uint64_t, void* watch) {
  static_cast<Watch*>(watch)->run(nullptr);
  return 0;
}

int onSignalArrived(sd_event_source*, const signalfd_siginfo*, void* watch) {
  static_cast<Watch*>(watch)->run(nullptr);
  return 0;
}

int onChild(sd_event_source*, const siginfo_t* info, void* watch) {
  static_cast<Watch*>(watch)->run(info);
  return 0;
}

/// The status as waitpid(2) gives it.
int waitStatus(const siginfo_t& info) {
  const auto status = static_cast<unsigned>(info.si_status);
  if (info.si_code == CLD_EXITED) return static_cast<int>((status & 0xFFU) << 8U);
  const unsigned core = info.si_code == CLD_DUMPED ? 0x80U : 0U;
  return static_cast<int>(status | core);
}

void blockSignal(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

/// Rounded up: a timer never fires before its time.
std::uint64_t microseconds(TimePoint when) {
  const auto us = std::chrono::ceil<std::chrono::microseconds>(when.time_since_epoch()).count();
  return us < 0 ? 0 : static_cast<std::uint64_t>(us);
}

class SdEventLoop : public EventLoop {
 public:
  SdEventLoop(sd_event* event, FileDescriptor wake) : event_(event), wake_(std::move(wake)) {}
  ~SdEventLoop() override {
    wakeWatch_.reset();
    sd_event_unref(event_);
  }
  SdEventLoop(const SdEventLoop&) = delete;
  SdEventLoop& operator=(const SdEventLoop&) = delete;

  [[nodiscard]] Result<void> watchPosts() {
    auto watch = watchReadable(wake_.get(), [this] { runPosted(); });
    if (!watch) return fail(watch.error());
    wakeWatch_ = std::move(*watch);
    return {};
  }

  [[nodiscard]] TimePoint now() const override { return std::chrono::steady_clock::now(); }

  [[nodiscard]] Result<EventHandle> watchReadable(int fd,
                                                  std::function<void()> onReadable) override {
    return add("watch a descriptor", without(std::move(onReadable)), [&](auto** source, auto* to) {
      return sd_event_add_io(event_, source, fd, EPOLLIN, onIo, to);
    });
  }

  [[nodiscard]] Result<EventHandle> watchWritable(int fd,
                                                  std::function<void()> onWritable) override {
    return add("watch a descriptor", without(std::move(onWritable)), [&](auto** source, auto* to) {
      return sd_event_add_io(event_, source, fd, EPOLLOUT, onIo, to);
    });
  }

  [[nodiscard]] Result<EventHandle> at(TimePoint when, std::function<void()> call) override {
    constexpr std::uint64_t kAccuracyUs = 1000;
    return add("set a timer", without(std::move(call)), [&](auto** source, auto* to) {
      return sd_event_add_time(event_, source, CLOCK_MONOTONIC, microseconds(when), kAccuracyUs,
                               onTime, to);
    });
  }

  [[nodiscard]] Result<EventHandle> onSignal(int signal, std::function<void()> call) override {
    blockSignal(signal);
    return add("watch a signal", without(std::move(call)), [&](auto** source, auto* to) {
      return sd_event_add_signal(event_, source, signal, onSignalArrived, to);
    });
  }

  [[nodiscard]] Result<EventHandle> onChildExit(pid_t pid,
                                                std::function<void(int status)> call) override {
    auto withStatus = [call = std::move(call)](const siginfo_t* info) { call(waitStatus(*info)); };
    return add("watch a child", std::move(withStatus), [&](auto** source, auto* to) {
      return sd_event_add_child(event_, source, pid, WEXITED, onChild, to);
    });
  }

  void post(std::function<void()> call) override {
    {
      const std::scoped_lock lock(mutex_);
      posted_.push_back(std::move(call));
    }
    // Fails only when the counter is full, and then the loop is woken anyway.
    eventfd_write(wake_.get(), 1);
  }

  [[nodiscard]] Result<int> run() override {
    while (!quitCode_) {
      const int result = sd_event_run(event_, UINT64_MAX);
      if (result < 0) return fail(systemError("run the event loop", -result));
    }
    return *std::exchange(quitCode_, std::nullopt);
  }

  void quit(int code) override {
    post([this, code] { quitCode_ = code; });
  }

  Result<void> feedWatchdog() override {
    const int result = sd_event_set_watchdog(event_, 1);
    if (result < 0) return fail(systemError("feed systemd's watchdog", -result));
    return {};
  }

 private:
  static std::function<void(const siginfo_t*)> without(std::function<void()> call) {
    return [call = std::move(call)](const siginfo_t*) { call(); };
  }

  template <typename AddSource>
  Result<EventHandle> add(std::string_view doing, std::function<void(const siginfo_t*)> call,
                          AddSource addSource) {
    auto watch = std::make_shared<Watch>();
    watch->call = std::move(call);
    const int result = addSource(&watch->source, watch.get());
    if (result < 0) return fail(systemError(doing, -result));
    return std::make_unique<SdEventSource>(std::move(watch));
  }

  void runPosted() {
    eventfd_t count = 0;
    eventfd_read(wake_.get(), &count);
    std::vector<std::function<void()>> calls;
    {
      const std::scoped_lock lock(mutex_);
      calls.swap(posted_);
    }
    for (auto& call : calls) call();
  }

  sd_event* event_;
  FileDescriptor wake_;
  EventHandle wakeWatch_;
  std::optional<int> quitCode_;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;  // guarded by mutex_
};

}  // namespace

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
  blockSignal(SIGCHLD);
  FileDescriptor wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake.isOpen()) return failErrno("create the event loop");
  sd_event* event = nullptr;
  const int result = sd_event_new(&event);
  if (result < 0) return fail(systemError("create the event loop", -result));
  auto loop = std::make_unique<SdEventLoop>(event, std::move(wake));
  if (auto watched = loop->watchPosts(); !watched) return fail(watched.error());
  return loop;
}

Timer::Timer(EventLoop& loop, std::function<void()> call) : loop_(loop), call_(std::move(call)) {}

void Timer::set(TimePoint when) {
  auto pending = loop_.at(when, call_);
  if (!pending) {
    log::error(pending.error().text());
    return;
  }
  pending_ = std::move(*pending);
}

void Timer::clear() {
  pending_.reset();
}

}  // namespace cluster_lab::os
