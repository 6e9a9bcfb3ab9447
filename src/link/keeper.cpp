#include "link/keeper.hpp"

#include <algorithm>
#include <utility>

namespace cluster_lab::link {

void BackOff::begin(TimePoint now) {
  last_ = now;
  next_ = now + kSpacing;
}

void BackOff::failed(TimePoint now) {
  next_ = now + delay_;
  delay_ = std::min<Duration>(delay_ * 2, kLongest);
}

void BackOff::hurry() {
  if (last_ != TimePoint::min()) next_ = std::min(next_, last_ + kSpacing);
}

void BackOff::succeeded() {
  delay_ = kSpacing;
}

Keeper::Keeper(Plan plan) : plan_(std::move(plan)) {}

Actions Keeper::step(TimePoint now, const Event& event) {
  if (std::holds_alternative<Stopped>(event)) return stop();
  if (const auto* made = std::get_if<Made>(&event)) {
    planned_ = made->index;
    return {};  // Seen follows
  }
  Actions actions;
  if (const auto* seen = std::get_if<Seen>(&event)) take(*seen);
  if (const auto* failed = std::get_if<Failed>(&event)) take(*failed, now, actions);
  proceed(now, actions);
  return actions;
}

void Keeper::take(const Seen& seen) {
  if (seen.parent != seen_.parent || seen.link != seen_.link) {
    for (auto& tries : backOffs_) tries.hurry();
  }
  seen_ = seen;
}

void Keeper::take(const Failed& failed, TimePoint now, Actions& actions) {
  backOff(failed.task).failed(now);
  if (failed.error.code == ErrorCode::AlreadyExists && seen_.link && seen_.link->ours) {
    actions.emplace_back(Note{plan_.name + " is from another configuration: making it anew"});
    actions.emplace_back(RemoveLink{seen_.link->index});
  } else {
    goDown(failure(failed.error), actions);
  }
}

Actions Keeper::stop() {
  Actions actions;
  if (seen_.link && seen_.link->ours) actions.emplace_back(RemoveLink{seen_.link->index});
  *this = Keeper(plan_);
  return actions;
}

void Keeper::proceed(TimePoint now, Actions& actions) {
  deadline_.reset();
  const auto& [parent, link, others] = seen_;
  if (!parent) return goDown(missingParent(plan_, others), actions);
  if (!parent->up) return attempt(Task::SwitchParentOn, now, actions);
  if (!parent->carrier) return goDown(noCarrier(*parent), actions);
  if (plan_.kind == LinkKind::None) return goUp(*parent, actions);

  if (!link || link->index != planned_) return attempt(Task::MakeLink, now, actions);
  if (!link->up) return attempt(Task::SwitchLinkOn, now, actions);
  if (!link->carrier) return goDown(noCarrier(*link), actions);
  goUp(*link, actions);
}

void Keeper::attempt(Task task, TimePoint now, Actions& actions) {
  if (told_) actions.emplace_back(Note{whatHappened(task)});
  goDown(actions);
  auto& tries = backOff(task);
  if (now < tries.next()) {
    deadline_ = tries.next();
    return;
  }
  tries.begin(now);
  actions.emplace_back(Attempt{task});
}

void Keeper::goUp(const Interface& link, Actions& actions) {
  if (told_ && told_->index == link.index && told_->mac == link.mac) return;
  goDown(actions);
  for (auto& tries : backOffs_) tries.succeeded();
  problem_.reset();
  told_ = link;
  actions.emplace_back(TellUp{link});
}

void Keeper::goDown(Actions& actions) {
  if (!told_) return;
  told_.reset();
  actions.emplace_back(TellDown{});
}

void Keeper::goDown(const Problem& problem, Actions& actions) {
  goDown(actions);
  if (problem_ == problem) return;
  problem_ = problem;
  actions.emplace_back(TellProblem{problem});
}

std::string Keeper::whatHappened(Task task) const {
  switch (task) {
    case Task::SwitchParentOn:
      return plan_.parent + " was switched off: switching it on again";
    case Task::SwitchLinkOn:
      return plan_.name + " was switched off: switching it on again";
    case Task::MakeLink:
      break;
  }
  return plan_.name + " was removed: making it again";
}

}  // namespace cluster_lab::link
