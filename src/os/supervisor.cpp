#include <algorithm>
#include <utility>

#include "os/child_process.hpp"
#include "os/event_loop.hpp"

namespace cluster_lab::os {
namespace {

using namespace std::chrono_literals;

/// How long to wait before the next start.
class BackOff {
 public:
  /// `ranFor`: how long it ran before it ended.
  Duration next(Duration ranFor) {
    if (ranFor >= kHealthy) wait_ = kFirst;
    return std::exchange(wait_, std::min(wait_ * 2, kMost));
  }

 private:
  static constexpr Duration kFirst = 100ms;
  static constexpr Duration kMost = 10s;
  static constexpr Duration kHealthy = 10s;
  Duration wait_ = kFirst;
};

}  // namespace

struct Supervisor::Impl {
  Impl(EventLoop& eventLoop, Command what, Events whom)
      : loop(eventLoop),
        command(std::move(what)),
        events(std::move(whom)),
        restart(loop, [this] { launch(); }) {}

  void launch() {
    started = loop.now();
    auto launched = ChildProcess::start(
        loop, command,
        {.onLine = events.onLine, .onExit = [this](int, const std::string& how) {
           ended({ErrorCode::Unavailable, command.arguments.front() + " ended: " + how, {}});
         }});
    if (!launched) return ended(launched.error());
    child = std::move(*launched);
  }

  /// Last statement: the user may destroy the supervisor in onFailure.
  void ended(const Error& error) {
    child.reset();
    restart.set(loop.now() + backOff.next(loop.now() - started));
    const auto onFailure = events.onFailure;
    if (onFailure) onFailure(error);
  }

  EventLoop& loop;
  Command command;
  Events events;
  BackOff backOff;
  TimePoint started;
  std::unique_ptr<ChildProcess> child;
  Timer restart;
};

Supervisor::Supervisor(EventLoop& loop, Command command, Events events)
    : impl_(std::make_unique<Impl>(loop, std::move(command), std::move(events))) {}

Supervisor::~Supervisor() = default;

void Supervisor::start() {
  if (impl_->child) return;
  impl_->restart.clear();
  impl_->backOff = {};
  impl_->launch();
}

void Supervisor::stop(std::chrono::milliseconds grace) {
  impl_->restart.clear();
  if (!impl_->child) return;
  const auto child = std::move(impl_->child);
  child->stop(grace);
}

bool Supervisor::running() const {
  return impl_->child != nullptr;
}

void Supervisor::signal(int signal) {
  if (impl_->child) impl_->child->signal(signal);
}

}  // namespace cluster_lab::os
