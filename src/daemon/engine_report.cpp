#include "daemon/engine_report.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "os/host.hpp"
#include "os/log.hpp"
#include "registry/registry.hpp"
#include "scheduler/engine_client.hpp"
#include "scheduler/engine_probe.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::daemon {
namespace {

constexpr auto kInterval = 30s;  // between two looks at the engine
constexpr auto kRetry = 2s;      // after a report that did not get through

/// What a node without an engine still has.
void describeMachine(registry::Engine& engine) {
  engine.operatingSystem = os::operatingSystem();
  engine.kernel = os::kernelRelease();
  engine.architecture = os::machineName();
  engine.processors = os::processorCount();
  engine.memoryBytes = os::totalMemoryBytes();
}

}  // namespace

struct EngineReport::Impl {
  enum class Duty { None, Lead, Follow };

  registry::Registry& registry;
  const config::Settings& settings;
  registry::Engine facts;  ///< of this node; the engine's are filled in by the probe
  std::mutex mutex;
  std::condition_variable wake;
  Duty duty = Duty::None;
  bool ending = false;
  bool news = false;                     ///< duty or address changed: tell whatever the facts are
  std::optional<std::string> lastError;  ///< so that a lasting failure is logged once
  std::thread thread;

  Impl(registry::Registry& store, const config::Settings& config,
       const registry::NodeRegistration& self)
      : registry(store), settings(config), thread() {
    facts.node = self.id;
    facts.nodeName = self.name;
    facts.labels = self.labels;
    thread = std::thread([this] { run(); });
  }

  void become(Duty next, Ipv4 address) {
    {
      const std::scoped_lock lock(mutex);
      duty = next;
      facts.address = address;
      news = true;
    }
    wake.notify_all();
  }

  void run() {
    std::optional<registry::Engine> told;
    std::unique_lock lock(mutex);
    while (!ending) {
      if (std::exchange(news, false)) told.reset();
      bool done = true;
      if (duty != Duty::None) {
        const auto to = duty;
        auto engine = facts;
        lock.unlock();
        const auto probed = scheduler::probeEngine(settings.scheduler.engineSocket, engine);
        if (engine.version.empty()) describeMachine(engine);
        if (!probed) complain(probed.error().during("look at this node's Docker Engine"));
        done = told == engine || report(to, engine);
        if (done) told = engine;
        lock.lock();
      }
      wake.wait_for(lock, done ? kInterval : kRetry, [this] { return ending || news; });
    }
  }

  bool report(Duty to, const registry::Engine& engine) {
    const auto done = to == Duty::Lead ? registry.putEngine(engine)
                                       : scheduler::registerEngine(settings.network.leaderAddress,
                                                                   settings.scheduler.port, engine);
    if (done) return true;
    complain(done.error().during("register with the scheduler endpoint"));
    return false;
  }

  /// A failure that lasts is told once.
  void complain(const Error& error) {
    auto text = error.text();
    if (lastError == text) return;
    os::log::warning(text);
    lastError = std::move(text);
  }
};

EngineReport::EngineReport(registry::Registry& registry, const config::Settings& settings,
                           const registry::NodeRegistration& self)
    : impl_(std::make_unique<Impl>(registry, settings, self)) {}

EngineReport::~EngineReport() {
  stop();
}

void EngineReport::lead(Ipv4 nodeAddress) {
  impl_->become(Impl::Duty::Lead, nodeAddress);
}

void EngineReport::follow(Ipv4 nodeAddress) {
  impl_->become(Impl::Duty::Follow, nodeAddress);
}

void EngineReport::pause() {
  impl_->become(Impl::Duty::None, Ipv4{});
}

void EngineReport::stop() {
  {
    const std::scoped_lock lock(impl_->mutex);
    impl_->ending = true;
  }
  impl_->wake.notify_all();
  if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace cluster_lab::daemon
