#include "etcd/recovery.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "etcd/client.hpp"
#include "etcd/server_log.hpp"
#include "etcd/store_layout.hpp"
#include "os/child_process.hpp"
#include "os/event_loop.hpp"
#include "os/host.hpp"

namespace cluster_lab::etcd {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 100ms;
constexpr auto kAnswer = 300ms;
constexpr auto kStopGrace = 5s;

/// One run of a server that forgets the others, on a loop of its own.
class RecoveryRun {
 public:
  RecoveryRun(os::EventLoop& loop, const ServerSettings& settings, TimePoint deadline)
      : loop_(loop),
        settings_(settings),
        deadline_(deadline),
        client_({.port = settings.clientPort}),
        look_(loop, [this] { look(); }) {
    client_.setServers({settings.address});
  }

  Result<void> run() {
    if (positionAt(client_, settings_.address, loop_.now() + kAnswer)) return fail(stillRuns());
    auto started = os::ChildProcess::start(
        loop_, {recoveryCommand(settings_), serverEnvironment(os::machineName())},
        {.onLine = [this](std::string_view line) { read(line); },
         .onExit = [this](int, const std::string& how) { ended(how); }});
    if (!started) return fail(started.error());
    child_ = *std::move(started);
    look_.set(loop_.now() + kLook);
    if (auto ran = loop_.run(); !ran) return fail(ran.error());
    if (child_) child_->stop(kStopGrace);
    return outcome_;
  }

 private:
  /// Its answers would be taken for those of the one that is started.
  Error stillRuns() const {
    return {ErrorCode::Conflict,
            "etcd already runs at " + settings_.address.toString() + ":" +
                std::to_string(settings_.clientPort),
            "stop it first: systemctl stop cluster-start"};
  }

  void look() {
    const auto members = client_.members(loop_.now() + kAnswer);
    if (members && members->size() == 1) return finish({});
    if (loop_.now() > deadline_) {
      return finish(fail(ErrorCode::TimedOut, "etcd did not forget its other members in time"));
    }
    look_.set(loop_.now() + kLook);
  }

  void read(std::string_view line) {
    if (auto complaint = complaintOf(line)) lastWords_ = *std::move(complaint);
  }

  void ended(const std::string& how) {
    child_.reset();
    finish(fail(ErrorCode::Unavailable, "etcd ended: " + how + ": " + lastWords_));
  }

  void finish(Result<void> outcome) {
    look_.clear();
    outcome_ = std::move(outcome);
    loop_.quit(0);
  }

  os::EventLoop& loop_;
  const ServerSettings& settings_;
  const TimePoint deadline_;
  Client client_;
  os::Timer look_;
  std::unique_ptr<os::ChildProcess> child_;
  std::string lastWords_;
  Result<void> outcome_;
};

}  // namespace

Result<registry::Position> positionAt(Client& client, Ipv4 server, TimePoint deadline) {
  RangeRequest request{.key = std::string(kHeaderKey), .end = {}};
  request.local = true;
  const auto found = client.rangeAt(server, request, deadline);
  if (!found) return fail(found.error());
  if (found->found.empty()) return registry::Position{};
  const auto stored = readHeader(found->found.front().value);
  if (!stored) return fail(stored.error());
  return stored->header.at;
}

std::string describeLoss(const registry::Position& copy, const registry::Position& known) {
  const auto at = [](const registry::Position& position) {
    return "change " + std::to_string(position.index) + " of term " + std::to_string(position.term);
  };
  if (copy == known) return "the copy has all that is known: " + at(copy);
  if (copy.index >= known.index) {
    return "the copy goes to " + at(copy) + ", further than what is known (" + at(known) + ")";
  }
  return "the copy goes to " + at(copy) + "; " + std::to_string(known.index - copy.index) +
         " changes up to " + at(known) + " will be lost";
}

Result<void> forgetOthers(const ServerSettings& settings, TimePoint deadline) {
  auto loop = os::EventLoop::create();
  if (!loop) return fail(loop.error());
  auto done = RecoveryRun(**loop, settings, deadline).run();
  if (!done) return fail(done.error().during("make etcd forget its other members"));
  return done;
}

}  // namespace cluster_lab::etcd
