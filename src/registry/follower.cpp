#include "registry/follower.hpp"

#include <fmt/format.h>

#include "http/target.hpp"
#include "os/log.hpp"
#include "registry/row_json.hpp"
#include "registry/stream_json.hpp"

namespace cluster_lab::registry {
namespace {

using namespace std::chrono_literals;

constexpr auto kLongPoll = 60s;
constexpr auto kAnswerTimeout = kLongPoll + 15s;
constexpr auto kRetry = 250ms;

/// What this node's copy has, for the leader.
struct Known {
  Position at;
  std::string agreement;  ///< on the storage, as JSON; empty: it knows none
};

Known knownTo(const Core& core) {
  return core.read([](const Core::View& view) {
    const auto* agreed = view.state.agreedStorage();
    return Known{view.state.position(), agreed == nullptr ? std::string() : toJson(*agreed)};
  });
}

std::string targetFor(const NodeId& self, const Known& known, std::chrono::seconds wait,
                      bool whole) {
  const auto& from = known.at;
  return fmt::format(
      "/cluster/v1/registry/changes?node={}&term={}&index={}&writer={}&wait={}s{}{}",
      self.toString(), from.term, from.index, from.writer.toString(), wait.count(),
      whole ? "&whole" : "",
      known.agreement.empty() ? "" : "&agreement=" + http::encodeComponent(known.agreement));
}

}  // namespace

Follower::Follower(Core& core, const NodeId& self, Ipv4 leader, std::uint16_t port, Events events)
    : core_(core),
      self_(self),
      events_(std::move(events)),
      client_({.host = leader.toString(),
               .port = port,
               .socketPath = {},
               .answerTimeout = kAnswerTimeout}),
      thread_([this] { run(); }) {}

Follower::~Follower() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    stopped_.notify_all();
  }
  client_.stop();
  thread_.join();
}

void Follower::run() {
  for (;;) {
    const auto result = askOnce();
    if (stopping()) return;
    reached_ = result.has_value();
    core_.setContact(reached_);
    tell(result);
    if (!reached_ && !pause()) return;
  }
}

Result<void> Follower::askOnce() {
  // The first answer is wanted at once, to know that the leader is there and the copy is whole.
  const auto wait = reached_ ? kLongPoll : 0s;
  const auto response = client_.get(targetFor(self_, knownTo(core_), wait, whole_));
  if (response) return takeIn(*response);
  // Silence has other reasons; of it heartbeats tell.
  if (reached_ && response.error().code == ErrorCode::Unavailable && !stopping()) events_.gone();
  return fail(response.error());
}

Result<void> Follower::takeIn(const http::Response& response) {
  if (response.status != 200) {
    return fail(ErrorCode::Unavailable, fmt::format("{}: {}", response.status, response.body));
  }
  const auto answer = streamAnswerFromJson(response.body);
  if (!answer) return fail(answer.error());
  auto taken = core_.take(*answer);
  whole_ = !taken;
  if (taken && (answer->snapshot || !answer->entries.empty())) events_.changed();
  return taken;
}

bool Follower::stopping() const {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

void Follower::tell(const Result<void>& result) {
  if (!result && !told_) {
    os::log::warning(result.error().during("follow the leader's registry").text());
  }
  if (result && told_) os::log::info("the leader's registry answers again");
  told_ = !result;
}

bool Follower::pause() {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, kRetry, [this] { return stopping_; });
}

}  // namespace cluster_lab::registry
