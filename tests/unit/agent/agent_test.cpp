#include "agent/agent.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "agent/service_keeper.hpp"
#include "os/event_loop.hpp"
#include "unit/registry/fixture.hpp"

namespace cluster_lab::agent {
namespace {

using namespace std::chrono_literals;
using registry::test::idOf;
using registry::test::nodeOf;

constexpr auto kNodeTimeout = 500ms;

/// Node 1, with the registry's copy of a cluster in which it followed.
struct Successor {
  registry::test::TemporaryFolder folder;
  std::unique_ptr<os::EventLoop> loop = os::EventLoop::create().value();
  std::unique_ptr<registry::Registry> registry =
      registry::Registry::open(registry::test::optionsFor(1, folder.path())).value();
  ServiceKeeper services{
      *registry, {.self = idOf(1), .file = folder.path() / "services.json", .scriptChecks = false}};
  bool leads = false;
  std::unique_ptr<Agent> agent;

  explicit Successor(const std::vector<registry::NodeRegistration>& others) {
    registry->lead(1, registry::test::kLeaderAddress).value();
    for (const auto& node : others) {
      registry->registerNode(node).value();
      registry->setHealth(node.id, registry::Health::Passing, "alive").value();
    }
    registry->wander();
    agent = std::make_unique<Agent>(
        *loop, *registry, services,
        Agent::Options{.self = nodeOf(1),
                       .leaderAddress = registry::test::kLeaderAddress,
                       .nodeTimeout = kNodeTimeout},
        Agent::Events{.leading = [this] { leads = true; },
                      .leadFailed = [](const Error& error) { FAIL(error.text()); },
                      .joined = {},
                      .joinFailed = {}});
  }
  ~Successor() { services.stop(); }
  Successor(const Successor&) = delete;
  Successor& operator=(const Successor&) = delete;

  void lead() {
    agent->lead(2, registry::test::address("192.168.200.101"), "the leader is silent");
    REQUIRE(runUntil([this] { return leads; }));
  }
  /// Lets the loop run until it is so; false: not within 10 s. `meanwhile` is called every 20 ms.
  bool runUntil(
      const std::function<bool()>& look, const std::function<void()>& meanwhile = [] {}) {
    const auto deadline = loop->now() + 10s;
    std::optional<os::Timer> timer;
    timer.emplace(*loop, [&] {
      meanwhile();
      if (look() || loop->now() > deadline) return loop->quit(0);
      timer->set(loop->now() + 20ms);
    });
    timer->set(loop->now());
    REQUIRE(loop->run());
    return look();
  }
  [[nodiscard]] std::optional<registry::Node> node(std::uint8_t number) const {
    for (const auto& node : registry->nodes()) {
      if (node.registration.id == idOf(number)) return node;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool isCritical(std::uint8_t number) const {
    return node(number)->health == registry::Health::Critical;
  }
};

}  // namespace

TEST_CASE("agent: a former leader that died is critical after its time-out") {
  Successor successor({nodeOf(2, Role::Leading), nodeOf(3)});
  const auto begin = successor.loop->now();
  successor.lead();
  CHECK_FALSE(successor.isCritical(2));
  CHECK((successor.node(2)->registration.role == Role::Following));
  CHECK((successor.node(1)->registration.role == Role::Leading));
  CHECK(successor.runUntil([&] { return successor.isCritical(2); },
                           [&] { successor.agent->heard(idOf(3)); }));
  CHECK(successor.loop->now() - begin >= kNodeTimeout);
  CHECK_FALSE(successor.isCritical(3));
}

TEST_CASE("agent: who is heard again is passing again") {
  Successor successor({nodeOf(2)});
  successor.lead();
  REQUIRE(successor.runUntil([&] { return successor.isCritical(2); }));
  successor.agent->heard(idOf(2));
  CHECK(successor.runUntil([&] { return !successor.isCritical(2); }));
}

TEST_CASE("agent: who left while nobody led is taken out by the next leader") {
  Successor successor({nodeOf(2, Role::Leading), nodeOf(3)});
  successor.agent->left(idOf(2));
  successor.agent->left(idOf(3));
  successor.agent->heard(idOf(3));
  successor.lead();
  CHECK_FALSE(successor.node(2));
  CHECK(successor.node(3));
}

TEST_CASE("agent: a leader that stops properly is out of the registry before it hands over") {
  Successor successor({nodeOf(2)});
  successor.lead();
  successor.agent->leave(5s);
  CHECK_FALSE(successor.node(1));
  CHECK_FALSE(successor.registry->handOver(0ms));
  CHECK(successor.node(2));
}

}  // namespace cluster_lab::agent
