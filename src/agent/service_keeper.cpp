#include "agent/service_keeper.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "agent/catalog_view.hpp"
#include "agent/check_runner.hpp"
#include "agent/definition_json.hpp"
#include "agent/http_check.hpp"
#include "agent/publishing.hpp"
#include "os/file.hpp"
#include "os/host.hpp"
#include "os/log.hpp"
#include "registry/registry.hpp"
#include "registry/state.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::agent {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostRunners = 16;
constexpr auto kPublishLimit = 10s;  // how long a registration waits for the leader
constexpr std::size_t kLargestFile = std::size_t{16} << 20U;
constexpr auto kLongestWait =
    1h;  // where nothing is due: the clock's far end may not fit a system call

Duration randomPart(Duration whole) {
  const auto most = std::chrono::ceil<std::chrono::milliseconds>(whole).count();
  const auto bound = std::clamp<std::int64_t>(most, 1, std::int64_t{24} * 3600 * 1000);
  return std::chrono::milliseconds(os::randomBelow(static_cast<std::uint32_t>(bound)));
}

bool hasScript(const CheckDefinition& check) {
  return check.kind() == CheckKind::Script;
}

std::unexpected<Error> scriptsDisabled() {
  return fail(ErrorCode::PermissionDenied,
              "Scripts are disabled on this agent from remote calls; to enable, configure "
              "'enable_script_checks' to true",
              "here that is registry.script-checks=yes");
}

/// What the file holds; nothing where there is none.
LocalDefinitions load(const std::filesystem::path& file) {
  const auto text = os::readFile(file, kLargestFile);
  if (!text && text.error().code == ErrorCode::NotFound) return {};
  auto definitions = text ? parseDefinitions(*text) : fail(text.error());
  if (definitions) return *std::move(definitions);
  auto aside = file;
  aside += ".corrupt";
  std::error_code ignored;
  std::filesystem::rename(file, aside, ignored);
  os::log::error("cannot read " + file.string() + ": " + definitions.error().text() + "; it is " +
                 aside.string() + " now, and this node begins without services");
  return {};
}

}  // namespace

struct ServiceKeeper::Impl {
  struct Running {
    CheckRun run;
    std::optional<TimePoint> deadline;  ///< when it is asked to stop; nothing: it knows itself
    std::stop_source stop{};
  };

  registry::Registry& registry;
  const Options options;
  std::mutex fileMutex;      ///< taken before `mutex`
  mutable std::mutex mutex;  ///< guards all that follows
  mutable std::condition_variable changed;
  LocalServices local{randomPart};
  Publishing publishing;
  std::uint64_t version = 0;    ///< of `local`
  std::uint64_t published = 0;  ///< registrations that the leader was told of, or was to be
  std::deque<CheckRun> queue;
  std::list<Running> running;
  std::size_t idleRunners = 0;
  std::uint64_t runs = 0;
  std::uint64_t comparedIndex = 0;  ///< registry index of the last comparison
  bool stopping = false;
  std::vector<std::thread> runners;
  std::thread clock;
  std::thread publisher;

  Impl(registry::Registry& theRegistry, Options theOptions)
      : registry(theRegistry), options(std::move(theOptions)) {
    local.restore(Clock::now(), load(options.file));
    clock = std::thread([this] { keepTime(); });
    publisher = std::thread([this] { publish(); });
  }

  // --- with the lock held

  /// Tells everybody what has changed since `before`.
  void note(const LocalServices::Revision& before) {
    const auto& now = local.revision();
    if (now == before) return;
    ++version;
    if (now.registrations != before.registrations) publishing.registrationChanged(Clock::now());
    if (now.statuses != before.statuses) publishing.statusChanged(Clock::now());
    if (now.outputs != before.outputs) publishing.outputChanged(Clock::now());
    changed.notify_all();
  }

  void waitUntil(std::unique_lock<std::mutex>& lock, std::optional<TimePoint> deadline) const {
    const auto longest = Clock::now() + kLongestWait;
    changed.wait_until(lock, std::min(deadline.value_or(longest), longest));
  }

  [[nodiscard]] std::optional<TimePoint> nextDeadline() const {
    auto next = local.nextDeadline();
    for (const auto& one : running) {
      if (one.deadline) next = next ? std::min(*next, *one.deadline) : *one.deadline;
    }
    return next;
  }

  // --- the threads

  void keepTime() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      const auto now = Clock::now();
      const auto before = local.revision();
      beginRuns(local.step(now));
      stopOverdue(now);
      note(before);
      if (local.revision().registrations == before.registrations) {
        waitUntil(lock, nextDeadline());
      } else {
        lock.unlock();
        saveReaped();
        lock.lock();
      }
    }
  }

  /// With the lock held.
  void beginRuns(std::vector<CheckRun> due) {
    if (due.empty()) return;
    for (auto& run : due) {
      queue.push_back(std::move(run));
      if (idleRunners < queue.size() && runners.size() < kMostRunners) {
        runners.emplace_back([this] { runChecks(); });
      }
    }
    changed.notify_all();
  }

  /// With the lock held.
  void stopOverdue(TimePoint now) {
    for (auto& one : running) {
      if (!one.deadline || now < *one.deadline) continue;
      one.stop.request_stop();
      one.deadline.reset();
    }
  }

  void saveReaped() {
    os::log::warning("a service was critical for too long and is taken away");
    if (const auto kept = save(); !kept) os::log::warning(kept.error().text());
  }

  void runChecks() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      if (queue.empty()) {
        ++idleRunners;
        changed.wait(lock);
        --idleRunners;
        continue;
      }
      runOne(lock);
    }
  }

  void runOne(std::unique_lock<std::mutex>& lock) {
    const auto here = running.insert(running.end(), {std::move(queue.front()), {}});
    queue.pop_front();
    const auto& check = here->run.definition;
    if (check.kind() == CheckKind::Http) here->deadline = Clock::now() + httpTimeout(check);
    changed.notify_all();  // there is a new deadline
    lock.unlock();
    auto result = hasScript(check) && !options.scriptChecks
                      ? CheckResult{registry::Health::Critical, scriptsDisabled().error().text()}
                      : runCheck(check, registry, here->stop.get_token());
    lock.lock();
    ++runs;
    if (!stopping) finish(here->run, std::move(result));
    running.erase(here);
    changed.notify_all();
  }

  void finish(const CheckRun& run, CheckResult result) {
    const auto before = local.revision();
    local.finished(Clock::now(), run, std::move(result));
    const auto& id = run.definition.id;
    if (local.revision().statuses != before.statuses && local.checks().contains(id)) {
      const auto& check = local.checks().find(id)->second;
      os::log::info("check " + id + " is " + std::string(registry::toString(check.status)) + ": " +
                    check.output.substr(0, 200));
    }
    note(before);
  }

  void publish() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      const auto task = publishing.begin(Clock::now());
      if (!task) {
        waitUntil(lock, publishing.nextDeadline());
      } else if (*task == Publishing::Task::Compare) {
        compare(lock);
      } else {
        sync(lock);
      }
    }
  }

  void sync(std::unique_lock<std::mutex>& lock) {
    const auto services = local.catalog(options.self);
    const auto included = local.revision().registrations;
    lock.unlock();
    const auto done = registry.syncServices(services);
    lock.lock();
    if (done) {
      publishing.synced();
    } else {
      publishing.failed(Clock::now());
      os::log::debug(done.error().during("tell the catalog of this node's services").text());
    }
    published = included;
    changed.notify_all();
  }

  /// Consul's anti-entropy.
  void compare(std::unique_lock<std::mutex>& lock) {
    const auto services = local.catalog(options.self);
    lock.unlock();
    const auto index = registry.index();
    bool same = index == comparedIndex;
    if (!same) {
      registry.read([&](const registry::State& state) { same = shows(state, services); });
    }
    lock.lock();
    comparedIndex = index;
    if (!same) publishing.differenceFound(Clock::now());
  }

  // --- what clients ask for

  /// Carries out a change of the registrations, keeps it in the file, and waits until the leader
  /// was told.
  template <typename Change>
  Result<void> change(Change carryOut) {
    std::unique_lock lock(mutex);
    const auto before = local.revision();
    Result<void> done = carryOut();
    if (!done) return done;
    note(before);
    const auto mine = local.revision().registrations;
    lock.unlock();
    auto kept = save();
    lock.lock();
    changed.wait_until(lock, Clock::now() + kPublishLimit,
                       [&] { return published >= mine || !publishing.isConnected() || stopping; });
    return kept;
  }

  /// Writes what is registered now, so that whoever writes last writes the newest.
  Result<void> save() {
    const std::scoped_lock file(fileMutex);
    std::unique_lock lock(mutex);
    const auto text = toJson(local.definitions());
    lock.unlock();
    const auto written = os::writeFile(options.file, text, 0600);
    if (written) return {};
    return fail(written.error().during("registered, but only until the daemon starts again"));
  }

  void stop() {
    const std::scoped_lock lock(mutex);
    stopping = true;
    for (auto& one : running) one.stop.request_stop();
    changed.notify_all();
  }
};

ServiceKeeper::ServiceKeeper(registry::Registry& registry, Options options)
    : impl_(std::make_unique<Impl>(registry, std::move(options))) {}

ServiceKeeper::~ServiceKeeper() {
  stop();
  impl_->clock.join();  // it alone starts runners
  impl_->publisher.join();
  for (auto& runner : impl_->runners) runner.join();
}

void ServiceKeeper::stop() {
  impl_->stop();
}

void ServiceKeeper::connected() {
  const std::scoped_lock lock(impl_->mutex);
  impl_->publishing.connected(Clock::now());
  impl_->changed.notify_all();
}

void ServiceKeeper::disconnected() {
  const std::scoped_lock lock(impl_->mutex);
  impl_->publishing.disconnected();
  impl_->changed.notify_all();
}

Result<void> ServiceKeeper::putService(const ServiceRegistration& registration,
                                       bool replaceChecks) {
  if (!impl_->options.scriptChecks && std::ranges::any_of(registration.checks, hasScript)) {
    return scriptsDisabled();
  }
  return impl_->change([&] {
    impl_->local.putService(Clock::now(), registration, replaceChecks);
    return Result<void>();
  });
}

Result<void> ServiceKeeper::putCheck(const CheckDefinition& check) {
  if (!impl_->options.scriptChecks && hasScript(check)) return scriptsDisabled();
  return impl_->change([&] { return impl_->local.putCheck(Clock::now(), check); });
}

Result<void> ServiceKeeper::removeService(const std::string& id) {
  return impl_->change([&] {
    impl_->local.removeService(id);
    return Result<void>();
  });
}

Result<void> ServiceKeeper::removeCheck(const std::string& id) {
  return impl_->change([&] {
    impl_->local.removeCheck(id);
    return Result<void>();
  });
}

Result<void> ServiceKeeper::setServiceMaintenance(const std::string& id, bool on,
                                                  const std::string& reason) {
  return impl_->change(
      [&] { return impl_->local.setServiceMaintenance(Clock::now(), id, on, reason); });
}

Result<void> ServiceKeeper::setNodeMaintenance(bool on, const std::string& reason) {
  return impl_->change([&] {
    impl_->local.setNodeMaintenance(Clock::now(), on, reason);
    return Result<void>();
  });
}

Result<void> ServiceKeeper::report(const std::string& check, CheckResult result) {
  const std::scoped_lock lock(impl_->mutex);
  const auto before = impl_->local.revision();
  auto done = impl_->local.report(Clock::now(), check, std::move(result));
  impl_->changed.notify_all();  // its time begins anew
  impl_->note(before);
  return done;
}

void ServiceKeeper::read(const std::function<void(const LocalServices&)>& use) const {
  const std::scoped_lock lock(impl_->mutex);
  use(impl_->local);
}

std::uint64_t ServiceKeeper::version() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->version;
}

void ServiceKeeper::waitChange(std::uint64_t version, TimePoint deadline) const {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait_until(lock, deadline,
                            [&] { return impl_->version != version || impl_->stopping; });
}

bool ServiceKeeper::stopped() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->stopping;
}

std::uint64_t ServiceKeeper::checkRuns() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->runs;
}

}  // namespace cluster_lab::agent
