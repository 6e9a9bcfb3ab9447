#include "link/cluster_link.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "link/keeper.hpp"
#include "os/event_loop.hpp"
#include "os/log.hpp"

namespace cluster_lab::link {
namespace {

using os::LinkInfo;

Interface interfaceOf(const LinkInfo& info) {
  return {.index = info.index,
          .name = info.name,
          .mac = info.mac,
          .up = info.up,
          .carrier = info.carrier,
          .ours = info.ours};
}

/// Could somebody mean this one as the parent?
bool isCandidate(const LinkInfo& info) {
  return info.kind.empty() && info.name != "lo";
}

Seen seenBy(const Plan& plan, const std::vector<LinkInfo>& links) {
  Seen seen;
  for (const auto& info : links) {
    if (info.name == plan.parent) {
      seen.parent = interfaceOf(info);
    } else if (info.name == plan.name) {
      seen.link = interfaceOf(info);
    } else if (isCandidate(info)) {
      seen.others.push_back(info.name);
    }
  }
  return seen;
}

}  // namespace

/// Reads the kernel, hands what it sees to the keeper and carries out what that decides.
struct ClusterLink::Impl {
  Impl(os::EventLoop& eventLoop, os::Netlink& kernel, const config::Settings::Link& settings,
       Events told)
      : loop(eventLoop),
        netlink(kernel),
        plan(planOf(settings)),
        events(std::move(told)),
        keeper(plan),
        timer(eventLoop, [this] { look(); }) {}

  /// Does this interface's change concern us? By index, too: it may have been renamed.
  [[nodiscard]] bool concerns(const LinkInfo& changed) const {
    return changed.name == plan.parent || changed.name == plan.name ||
           std::ranges::any_of(links, [&](const LinkInfo& known) {
             return known.index == changed.index &&
                    (known.name == plan.parent || known.name == plan.name);
           });
  }

  /// Reads all anew, since events of the kernel may be older than what our own calls have changed.
  void look() {
    auto read = netlink.links();
    if (read) {
      readAgain.reset();
      links = std::move(*read);
      feed(seenBy(plan, links));
    } else {
      constexpr std::chrono::seconds kLater{1};
      os::log::warning(read.error().during("read the interfaces").text());
      readAgain = loop.now() + kLater;
      setTimer();
    }
  }

  void lookIfConcerned(const LinkInfo& changed) {
    if (running && concerns(changed)) look();
  }

  /// One event after the other, also where carrying one out makes the next.
  void feed(Event event) {
    waiting.push_back(std::move(event));
    if (feeding) return;
    feeding = true;
    while (running && !waiting.empty()) {
      const auto actions = keeper.step(loop.now(), waiting.front());
      waiting.pop_front();
      for (const auto& action : actions) {
        if (running) std::visit([this](const auto& what) { carryOut(what); }, action);
      }
    }
    feeding = false;
    if (running) setTimer();
  }

  void setTimer() {
    const auto when = readAgain ? readAgain : keeper.nextDeadline();
    if (when) {
      timer.set(*when);
    } else {
      timer.clear();
    }
  }

  void carryOut(const Attempt& attempt) {
    auto event = perform(attempt.task);
    if (event) feed(std::move(*event));
    look();
  }

  /// What the keeper has to know of it, beside what it then sees.
  std::optional<Event> perform(Task task) {
    if (task == Task::MakeLink) {
      const auto made = makeLink();
      if (made) return Made{made->index};
      return Failed{task, made.error()};
    }
    const auto done = netlink.setUp(task == Task::SwitchParentOn ? plan.parent : plan.name, true);
    if (!done) return Failed{task, done.error()};
    return std::nullopt;
  }

  Result<LinkInfo> makeLink() {
    if (plan.kind == LinkKind::Vlan) {
      return netlink.ensureVlan(plan.parent, VlanId{static_cast<std::uint16_t>(plan.id)},
                                plan.name);
    }
    return netlink.ensureVxlan(plan.parent, {.vni = Vni{plan.id}, .port = plan.port}, plan.name);
  }

  /// Only the very link that was made: somebody may have put another in its place.
  void carryOut(const RemoveLink& remove) {
    const auto there = netlink.link(plan.name);
    if (!there || there->index != remove.index) return;
    const auto removed = netlink.removeLink(plan.name);
    if (!removed) os::log::warning(removed.error().during("remove " + plan.name).text());
  }

  void carryOut(const TellUp& tell) {
    const auto told = std::ranges::find(links, tell.link.index, &LinkInfo::index);
    if (told == links.end()) return;
    up = *told;
    events.up(*up);
  }

  void carryOut(const TellDown& /*tell*/) {
    up.reset();
    events.down();
  }

  void carryOut(const TellProblem& tell) { events.problem(tell.problem.state, tell.problem.error); }

  void carryOut(const Note& note) { os::log::warning(note.text, {{"LINK", plan.name}}); }

  os::EventLoop& loop;
  os::Netlink& netlink;
  Plan plan;
  Events events;
  Keeper keeper;
  os::Timer timer;
  std::unique_ptr<os::NetlinkMonitor> monitor;
  std::vector<LinkInfo> links;  // as last read
  std::deque<Event> waiting;
  std::optional<LinkInfo> up;
  std::optional<TimePoint> readAgain;  // the kernel could not be read: when to try again
  bool feeding = false;
  bool running = false;
};

ClusterLink::ClusterLink(os::EventLoop& loop, os::Netlink& netlink,
                         const config::Settings::Link& settings, Events events)
    : impl_(std::make_unique<Impl>(loop, netlink, settings, std::move(events))) {}

ClusterLink::~ClusterLink() = default;

Result<void> ClusterLink::start() {
  if (impl_->running) return {};
  const auto changed = [impl = impl_.get()](const LinkInfo& info) { impl->lookIfConcerned(info); };
  auto monitor = os::NetlinkMonitor::open(impl_->loop, {.linkChanged = changed,
                                                        .linkRemoved = changed,
                                                        .addressAdded = {},
                                                        .addressRemoved = {},
                                                        .lost = [impl = impl_.get()] {
                                                          if (impl->running) impl->look();
                                                        }});
  if (!monitor) return fail(monitor.error().during("watch the interfaces"));
  impl_->monitor = std::move(*monitor);
  impl_->running = true;
  impl_->timer.set(impl_->loop.now());
  return {};
}

void ClusterLink::stop() {
  if (!impl_->running) return;
  for (const auto& action : impl_->keeper.step(impl_->loop.now(), Stopped{})) {
    if (const auto* remove = std::get_if<RemoveLink>(&action)) impl_->carryOut(*remove);
  }
  impl_->running = false;
  impl_->waiting.clear();
  impl_->timer.clear();
  impl_->up.reset();
}

std::optional<os::LinkInfo> ClusterLink::info() const {
  return impl_->up;
}

}  // namespace cluster_lab::link
