#include "registry/authority.hpp"

#include <doctest/doctest.h>

#include <future>

#include "counting_store.hpp"
#include "machine.hpp"
#include "played_authority.hpp"
#include "registry/core.hpp"
#include "registry/decide_kv.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::CountingStore;
using test::headerOf;
using test::idOf;
using test::kLeaderAddress;
using test::Machine;
using test::PlayedAuthority;

namespace {

const Storage kShared{.kind = "etcd", .members = {{.node = idOf(1), .address = kLeaderAddress}}};
const Storage kOnThree{
    .kind = "etcd",
    .members = {
        {idOf(1), kLeaderAddress}, {idOf(2), Ipv4(0xC0A8C866)}, {idOf(3), Ipv4(0xC0A8C867)}}};

/// The same as that number, made by node 1.
Storage numbered(Storage storage, std::uint64_t number) {
  storage.number = number;
  storage.founder = idOf(1);
  return storage;
}

/// The core of node `number` with an authority that other nodes may have, too.
struct Member {
  CountingStore::Written written;
  std::atomic<int> behind = 0;
  std::atomic<int> parted = 0;
  Core core;

  Member(std::uint8_t number, PlayedAuthority& authority)
      : core({.store = std::make_unique<CountingStore>(written), .state = {}}, idOf(number),
             {.parted = [this](const State&, const State&, std::uint64_t) { ++parted; },
              .cardBehind = [this] { ++behind; }},
             {}, &authority) {}

  /// Leads the cluster and moves its registry to the authority.
  void found() {
    lead(1).value();
    core.keepIn(kShared).value();
  }
  Result<void> lead(std::uint64_t term) {
    auto agreed = core.askToLead(term);
    if (!agreed) return fail(agreed.error());
    return core.lead(term, kLeaderAddress, *std::move(agreed));
  }
  Result<bool> put(const std::string& key) {
    return core.writeKey(key, [&](const State& state) {
      return decide::putKey(state, {.key = key, .value = "v", .flags = 0, .checkAndSet = {}});
    });
  }
  /// What the leader would send to one that has nothing.
  void hear(const State& state) {
    core.take({.snapshot = state.snapshot(), .entries = {}, .ages = {}}).value();
  }
  /// The same, unless it refuses.
  Result<void> follow(const State& state) {
    core.follow(kLeaderAddress);
    return core.take({.snapshot = state.snapshot(), .entries = {}, .ages = {}});
  }
  Snapshot copy() const {
    return core.read([](const Core::View& view) { return view.state.snapshot(); });
  }
  bool leads() const {
    return core.read([](const Core::View& view) { return view.standing.leads(); });
  }
};

/// A server of node 1 with an authority.
struct LeadingMachine {
  PlayedAuthority authority;
  Machine machine;

  LeadingMachine() : machine(1, test::freePort(), options(authority)) {}
  void found(const Storage& storage = kShared) {
    machine.lead(1);
    machine.registry().keepIn(storage).value();
  }
  static Registry::Options options(PlayedAuthority& authority) {
    Registry::Options options;
    options.holdTime = 50ms;
    options.authority = &authority;
    return options;
  }
};

}  // namespace

TEST_CASE("authority: nobody is asked as long as the nodes have agreed on nothing else") {
  PlayedAuthority authority;
  authority.refuse();
  Member node(1, authority);
  node.lead(1).value();
  node.put("a").value();
  CHECK(node.written.times == 1);
  CHECK(authority.state().position() == Position{});
}

TEST_CASE("authority: a change is carried out when the authority has it, the card comes later") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.found();
  const int before = node.written.times;
  node.put("a").value();
  node.put("b").value();
  CHECK(authority.state().snapshot() == node.copy());
  CHECK(node.written.times == before);
  CHECK(node.behind == 2);
  node.core.keepCopy().value();
  CHECK(node.written.times == before + 1);
}

TEST_CASE("authority: the next leader goes on from what the authority has") {
  PlayedAuthority authority;
  Member first(1, authority);
  first.found();
  first.put("a").value();
  Member second(2, authority);
  second.hear(authority.state());
  first.put("b").value();
  authority.endMandate();
  second.lead(2).value();
  CHECK(authority.term() == 2);
  CHECK(authority.members() == kShared.members);
  CHECK(second.copy() == first.copy());
  CHECK(second.parted == 0);
  CHECK(second.behind == 1);
  second.put("c").value();
  CHECK(authority.state().kv().size() == 3);
}

TEST_CASE("authority: what a copy has beyond it is told before it goes") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.found();
  node.put("a").value();
  const auto before = authority.state().snapshot();
  node.put("b").value();
  authority.replaceAll(before).value();
  node.lead(2).value();
  CHECK(node.parted == 1);
  CHECK(node.copy() == before);
}

TEST_CASE("authority: one that has nothing takes nothing from a node that has something") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.found();
  const auto before = node.copy();
  authority.replaceAll({}).value();
  const auto led = node.lead(2);
  REQUIRE_FALSE(led);
  CHECK(led.error().code == ErrorCode::Corrupt);
  CHECK_FALSE(authority.holds());
  CHECK(node.copy() == before);
  CHECK_FALSE(node.leads());
}

TEST_CASE("authority: who is not allowed to lead does not, and is told why") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.found();
  authority.refuse();
  const auto led = node.lead(2);
  REQUIRE_FALSE(led);
  CHECK(led.error().message == "no majority: 1 of 3 answers");
  CHECK_FALSE(node.leads());
}

TEST_CASE("authority: a node that cannot use the storage does not lead") {
  PlayedAuthority authority;
  Member first(1, authority);
  first.found();
  CountingStore::Written written;
  auto state = State::from(first.copy()).value();
  Core other({.store = std::make_unique<CountingStore>(written), .state = std::move(state)},
             idOf(2));
  const auto asked = other.askToLead(2);
  REQUIRE_FALSE(asked);
  CHECK(asked.error().message == "the registry is kept in etcd, which this node cannot use");
}

TEST_CASE("authority: a change that it refuses leaves no trace, and the next one is taken") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.found();
  authority.fillUp(true);
  CHECK(node.put("a").error().code == ErrorCode::Exhausted);
  authority.fillUp(false);
  node.put("b").value();
  CHECK(node.copy() == authority.state().snapshot());
  CHECK(node.copy().header.at.index == 2);
}

TEST_CASE("authority: a change that it did not answer may last, the next one surely is not done") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.found();
  authority.fallSilent();
  CHECK(node.put("a").error().message == "leadership lost while committing log");
  CHECK(node.put("b").error().message == "No cluster leader");
  CHECK(node.copy().header.at.index == 1);
}

TEST_CASE("storage: the registry moves to an authority with all that it holds") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.lead(1).value();
  node.put("a").value();
  const int before = node.written.times;
  node.core.keepIn(kShared).value();
  CHECK(authority.state().storage() == numbered(kShared, 1));
  CHECK(authority.state().kv().contains("a"));
  CHECK(authority.state().snapshot() == node.copy());
  CHECK(node.written.times == before + 1);
  const Storage more{.kind = "etcd",
                     .members = {{idOf(1), kLeaderAddress}, {idOf(2), Ipv4(0xC0A8C866)}}};
  node.core.keepIn(more).value();
  CHECK(authority.state().storage() == numbered(more, 1));
}

TEST_CASE("storage: it comes back to the card, and the authority is asked no more") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.found();
  node.put("a").value();
  node.core.keepIn({}).value();
  CHECK_FALSE(authority.holds());
  CHECK_FALSE(authority.state().storage().isShared());
  const int before = node.written.times;
  node.put("b").value();
  CHECK(node.written.times == before + 1);
  CHECK_FALSE(authority.state().kv().contains("b"));
}

TEST_CASE("storage: who asks the authority and learns that the registry has left goes on alone") {
  PlayedAuthority authority;
  Member first(1, authority);
  first.found();
  Member second(2, authority);
  second.hear(authority.state());
  first.core.keepIn({}).value();
  second.lead(2).value();
  CHECK_FALSE(authority.holds());
  second.put("a").value();
  CHECK(second.written.times > 0);
}

TEST_CASE("storage: a move that fails leaves the registry where it is") {
  PlayedAuthority authority;
  Member other(2, authority);
  other.found();
  authority.endMandate();
  Member node(1, authority);
  node.lead(3).value();
  node.put("a").value();
  const auto moved = node.core.keepIn(kShared);
  REQUIRE_FALSE(moved);
  CHECK(moved.error().code == ErrorCode::AlreadyExists);
  CHECK_FALSE(authority.holds());
  node.put("b").value();
  CHECK(node.copy().rows.size() == 2);
}

TEST_CASE("storage: a new agreement is on a follower's card at once, other changes are not") {
  PlayedAuthority authority;
  Member leader(1, authority);
  leader.found();
  Member follower(2, authority);
  follower.follow(authority.state()).value();
  CHECK(follower.written.times == 1);
  leader.put("a").value();
  follower.follow(authority.state()).value();
  CHECK(follower.written.times == 1);
  leader.core.keepIn(kOnThree).value();
  follower.follow(authority.state()).value();
  CHECK(follower.written.times == 2);
}

TEST_CASE("storage: who knows of a later agreement takes nothing of a leader that does not") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.found();
  const auto before = node.copy();
  PlayedAuthority none;
  Member stale(2, none);
  stale.lead(7).value();
  stale.put("b").value();
  const auto refused = node.follow(State::from(stale.copy()).value());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Conflict);
  CHECK(node.copy() == before);
}

TEST_CASE(
    "storage: a leader that hears of a later agreement does not lead again before it has it") {
  PlayedAuthority authority;
  Member node(1, authority);
  node.lead(1).value();
  CHECK_FALSE(node.core.outrankedBy({}));
  auto others = numbered(kShared, 1);
  others.founder = idOf(2);
  CHECK(node.core.outrankedBy(others));
  node.core.wander();
  const auto led = node.lead(2);
  REQUIRE_FALSE(led);
  CHECK(led.error().code == ErrorCode::Conflict);
  Member agreed(2, authority);
  agreed.found();
  node.follow(authority.state()).value();
  CHECK(node.lead(3));
}

TEST_CASE("storage: a node with a part in etcd does not lead by a card that knows nothing of it") {
  PlayedAuthority authority;
  authority.keepPart();
  Member node(1, authority);
  const auto led = node.lead(1);
  REQUIRE_FALSE(led);
  CHECK(led.error().code == ErrorCode::Conflict);
  PlayedAuthority others;
  Member leader(2, others);
  leader.found();
  leader.core.keepIn({}).value();
  node.follow(State::from(leader.copy()).value()).value();
  CHECK(node.lead(2));
}

TEST_CASE("authority: a client's write does not wait for a follower where three keep it") {
  LeadingMachine world;
  auto& machine = world.machine;
  world.found(kOnThree);
  auto hung = std::async(std::launch::async, [&] {
    return machine.ask("GET", "/cluster/v1/registry/changes?wait=500ms&term=1&index=1&writer=" +
                                  idOf(1).toString() + "&node=" + idOf(3).toString());
  });
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i) CHECK(machine.ask("PUT", "/v1/kv/a", "y").body == "true");
  CHECK(std::chrono::steady_clock::now() - begin < 900ms);
  CHECK(hung.get().status == 200);
}

TEST_CASE("authority: without its mandate a leader answers no consistent read and no write") {
  LeadingMachine world;
  auto& machine = world.machine;
  world.found();
  CHECK(machine.ask("PUT", "/v1/kv/a", "y").body == "true");
  CHECK(machine.ask("GET", "/v1/kv/a?raw&consistent").body == "y");
  world.authority.endMandate();
  CHECK(machine.ask("GET", "/v1/kv/a?raw&consistent").status == 500);
  CHECK(machine.ask("PUT", "/v1/kv/a", "z").body == "No cluster leader");
  CHECK(machine.value("a") == "y");
}

TEST_CASE("authority: a node that is told to wander while it asks does not lead") {
  LeadingMachine world;
  auto& registry = world.machine.registry();
  world.found();
  world.authority.hesitate();
  auto leading = std::async(std::launch::async, [&] { return registry.lead(2, kLeaderAddress); });
  world.authority.awaitAsked(2);
  registry.wander();
  CHECK_FALSE(leading.get());
  CHECK_FALSE(world.authority.holds());
  CHECK(world.machine.ask("PUT", "/v1/kv/a", "z").body == "No cluster leader");
}

TEST_CASE("authority: who follows, hands over or stops gives it back") {
  for (const auto& [name, end] :
       {std::pair<std::string, void (*)(Registry&)>{"follow",
                                                    [](Registry& node) { node.follow(Ipv4(1)); }},
        {"hand over", [](Registry& node) { CHECK_FALSE(node.handOver(10ms)); }},
        {"stop", [](Registry& node) { node.stop(); }}}) {
    CAPTURE(name);
    LeadingMachine world;
    world.found();
    REQUIRE(world.authority.holds());
    end(world.machine.registry());
    CHECK_FALSE(world.authority.holds());
  }
}

}  // namespace cluster_lab::registry
