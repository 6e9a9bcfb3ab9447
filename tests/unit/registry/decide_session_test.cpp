#include "registry/decide_session.hpp"

#include <doctest/doctest.h>

#include "registry/row_json.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;
using test::World;

namespace {

constexpr const char* kFirst = "11111111-1111-4111-8111-111111111111";
constexpr const char* kSecond = "22222222-2222-4222-8222-222222222222";
constexpr const char* kNobody = "33333333-3333-4333-8333-333333333333";

SessionRequest requestOf(const std::string& body = {}) {
  return sessionRequestFrom(body, "pi-1").value();
}

/// Node 1 with two sessions.
struct Locks : World {
  Locks() {
    add(nodeOf(1));
    carryOut(decide::createSession(state, requestOf(), kFirst));
    carryOut(decide::createSession(state, requestOf(), kSecond));
  }
  bool lock(const std::string& session, const std::string& value = "v") {
    return carryOut(
        decide::lockKey(state, {.key = "k", .value = value, .flags = 0, .session = session}));
  }
  bool unlock(const std::string& session) {
    return carryOut(
        decide::unlockKey(state, {.key = "k", .value = "w", .flags = 9, .session = session}));
  }
  [[nodiscard]] const Stored<KvPair>& key() const { return state.kv().find("k")->second; }
  [[nodiscard]] std::string refusal(const std::string& body) const {
    const auto made = decide::createSession(state, requestOf(body), kNobody);
    REQUIRE_FALSE(made);
    return made.error().message;
  }
};

}  // namespace

TEST_CASE("session: is bound to its node, by name in any case") {
  Locks world;
  world.carryOut(decide::createSession(world.state, requestOf(R"({"Node":"PI-1"})"), kNobody));
  CHECK(world.state.sessions().find(kNobody)->second.row.node == idOf(1));
}

TEST_CASE("session: Consul's refusals in its words") {
  Locks world;
  auto critical = test::checkOf(test::serviceOf(1), Health::Critical);
  critical.id = "crit";
  world.carryOut(decide::Decision<bool>{
      .changes = {{Table::Checks, checkKey(idOf(1), "crit"), toJson(critical)}}});
  CHECK(world.refusal(R"({"TTL":"5s"})") ==
        "Invalid Session TTL '5000000000', must be between [10s=24h0m0s]");
  CHECK(world.refusal(R"({"TTL":"25h"})") ==
        "Invalid Session TTL '90000000000000', must be between [10s=24h0m0s]");
  CHECK(world.refusal(R"({"TTL":"bad"})") ==
        "Session TTL 'bad' invalid: time: invalid duration \"bad\"");
  CHECK(world.refusal(R"({"Behavior":"x"})") == "Invalid Behavior setting 'x'");
  CHECK(world.refusal(R"({"Node":"nope"})") == "Missing node registration");
  CHECK(world.refusal(R"({"Checks":["nope"]})") == "Missing check 'nope' registration");
  CHECK(world.refusal(R"({"NodeChecks":["crit"]})") == "Check 'crit' is in critical state");
  CHECK(world.refusal(R"({"ServiceChecks":[{"ID":"no"}]})") == "Missing check 'no' registration");
  CHECK(decide::createSession(world.state, requestOf(R"({"TTL":"0"})"), kNobody));
}

TEST_CASE("lock: the first session gets it, the second does not, the first again does") {
  Locks world;
  CHECK(world.lock(kFirst));
  CHECK(world.key().row.lockIndex == 1);
  CHECK(world.key().row.session == kFirst);
  CHECK_FALSE(world.lock(kSecond));
  const auto before = world.index();
  CHECK(world.lock(kFirst));
  CHECK(world.index() == before);  // the same value: nothing changes
  CHECK(world.lock(kFirst, "new"));
  CHECK(world.key().row.lockIndex == 1);
  CHECK(world.key().row.value == "new");
}

TEST_CASE("lock: the one that has it gives it back, with a new value, and the next counts on") {
  Locks world;
  CHECK(world.lock(kFirst));
  CHECK_FALSE(world.unlock(kSecond));
  CHECK(world.unlock(kFirst));
  CHECK(world.key().row.value == "w");
  CHECK(world.key().row.flags == 9);
  CHECK(world.key().row.session.empty());
  CHECK_FALSE(world.unlock(kFirst));
  CHECK(world.lock(kSecond));
  CHECK(world.key().row.lockIndex == 2);
}

TEST_CASE("lock: a plain put keeps it but forgets how often it was taken") {
  Locks world;
  CHECK(world.lock(kFirst));
  CHECK(world.put("k", "plain"));
  CHECK(world.key().row.session == kFirst);
  CHECK(world.key().row.lockIndex == 0);
  CHECK(world.put("k", "cas", world.key().modified));
  CHECK(world.key().row.session == kFirst);
}

TEST_CASE("lock: a held key may be deleted") {
  Locks world;
  CHECK(world.lock(kFirst));
  CHECK(world.erase("k"));
  CHECK(world.lock(kSecond));
  CHECK(world.key().row.lockIndex == 1);
}

TEST_CASE("lock: a session that is missing, malformed or unknown") {
  const Locks world;
  const auto refusal = [&](const std::string& session) {
    return decide::lockKey(world.state, {.key = "k", .value = {}, .flags = 0, .session = session})
        .error()
        .message;
  };
  CHECK(refusal("") == "missing session");
  CHECK(refusal("abc") == "failed session lookup: index error: UUID must be 36 characters");
  CHECK(refusal(kNobody) == std::string("invalid session \"") + kNobody + "\"");
  CHECK_FALSE(decide::unlockKey(world.state, {.key = "k", .value = {}, .flags = 0, .session = ""}));
}

TEST_CASE("session: destroying it releases its key; one that is not there is gone already") {
  Locks world;
  CHECK(world.lock(kFirst));
  CHECK(world.carryOut(decide::destroySession(world.state, kFirst)));
  CHECK(world.key().row.session.empty());
  CHECK(world.key().row.lockIndex == 1);
  CHECK_FALSE(world.carryOut(decide::destroySession(world.state, kFirst)));
  CHECK_FALSE(decide::destroySession(world.state, "abc"));
}

}  // namespace cluster_lab::registry
