#include "registry/replicas.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::idOf;

namespace {

constexpr auto kTimeout = 2s;

/// A leader with its followers, and the time.
struct Lead {
  Replicas replicas{kTimeout};
  TimePoint now{100s};

  explicit Lead(const std::set<NodeId>& expected = {}) { replicas.begin(now, expected); }
  void pass(Duration time) { now += time; }
  void follow(std::uint8_t number, std::uint64_t index) { replicas.asked(idOf(number), index); }
  /// A change wakes all whose questions wait.
  void answer(std::uint8_t number) { replicas.answered(idOf(number), now); }
  [[nodiscard]] Replicas::Coverage coverage(std::uint64_t index) const {
    return replicas.coverage(index, now);
  }
  [[nodiscard]] bool enough(std::uint64_t index) const { return coverage(index).enough; }
};

}  // namespace

TEST_CASE("replicas: a leader without followers acknowledges alone") {
  const Lead lead;
  CHECK(lead.enough(7));
  CHECK(lead.coverage(7).followers == 0);
}

TEST_CASE(
    "replicas: one of two that took the lead at once does not acknowledge before it gives up") {
  Lead lead({idOf(2)});
  lead.follow(2, 7);
  CHECK_FALSE(lead.enough(7));
  CHECK(lead.coverage(7).lookAgain == lead.now + 200ms);
  lead.pass(200ms);
  CHECK(lead.enough(7));
}

TEST_CASE("replicas: a write waits for the follower's next question") {
  Lead lead;
  lead.follow(2, 6);
  CHECK_FALSE(lead.enough(7));
  lead.answer(2);
  CHECK_FALSE(lead.enough(7));
  lead.follow(2, 7);
  CHECK(lead.enough(7));
  CHECK(lead.coverage(7).followers == 1);
}

TEST_CASE("replicas: one follower is enough, all that have it are counted") {
  Lead lead;
  lead.follow(2, 7);
  lead.follow(3, 8);
  lead.follow(4, 5);
  CHECK(lead.coverage(8).followers == 1);
  CHECK(lead.coverage(7).followers == 2);
  CHECK(lead.coverage(5).followers == 3);
  CHECK(lead.enough(8));
}

TEST_CASE("replicas: a follower that hangs holds writes back for the time-out, then no more") {
  Lead lead;
  lead.follow(2, 6);
  lead.answer(2);
  lead.pass(kTimeout - 1ms);
  CHECK_FALSE(lead.enough(7));
  CHECK(lead.coverage(7).lookAgain == lead.now + 1ms);
  lead.pass(1ms);
  CHECK(lead.enough(7));
  CHECK(lead.coverage(7).followers == 0);
  lead.pass(10s);
  lead.follow(2, 6);
  CHECK_FALSE(lead.enough(7));
}

TEST_CASE("replicas: one that waits for a change counts however long nothing changes") {
  Lead lead;
  lead.follow(2, 6);
  lead.pass(1h);
  CHECK_FALSE(lead.enough(7));
}

TEST_CASE("replicas: one that left or is known to be silent is not waited for") {
  Lead lead;
  lead.follow(2, 6);
  lead.replicas.forget(idOf(2));
  CHECK(lead.enough(7));
  lead.answer(2);
  CHECK(lead.enough(7));
}

TEST_CASE("replicas: a question by a new connection outlives the old one's end") {
  Lead lead;
  lead.follow(2, 6);
  lead.follow(2, 6);
  lead.answer(2);
  lead.pass(1h);
  CHECK_FALSE(lead.enough(7));
}

TEST_CASE("replicas: a new leader waits a moment for the followers that it knows") {
  Lead lead({idOf(2)});
  CHECK_FALSE(lead.enough(7));
  lead.pass(kTimeout);
  CHECK(lead.enough(7));
}

TEST_CASE("replicas: who was the leader's follower before is forgotten with the leadership") {
  Lead lead;
  lead.follow(2, 9);
  lead.replicas.begin(lead.now, {});
  CHECK(lead.coverage(7).followers == 0);
}

TEST_CASE("replicas: after a pause nothing is acknowledged alone before the election had time") {
  Lead lead;
  lead.replicas.vouch(lead.now);
  CHECK(lead.enough(7));
  lead.follow(2, 6);
  lead.answer(2);
  lead.pass(10s);
  CHECK_FALSE(lead.enough(7));  // its thread runs before the loop
  lead.replicas.vouch(lead.now);
  CHECK_FALSE(lead.enough(7));
  CHECK(lead.coverage(7).lookAgain == lead.now + kTimeout);
  for (int i = 0; i < 4; ++i) {
    lead.pass(500ms);
    lead.replicas.vouch(lead.now);
  }
  CHECK(lead.enough(7));
}

TEST_CASE("replicas: after a pause a follower's word counts as ever") {
  Lead lead;
  lead.replicas.vouch(lead.now);
  lead.pass(10s);
  lead.follow(2, 7);
  CHECK(lead.enough(7));
}

TEST_CASE("replicas: who takes over is the one that has most, and all of it") {
  Lead lead;
  lead.follow(2, 6);
  lead.follow(3, 8);
  lead.follow(4, 7);
  CHECK(lead.replicas.holder(7, lead.now) == idOf(3));
  CHECK_FALSE(lead.replicas.holder(9, lead.now));
  lead.answer(3);
  lead.pass(kTimeout);
  CHECK(lead.replicas.holder(7, lead.now) == idOf(4));
}

}  // namespace cluster_lab::registry
