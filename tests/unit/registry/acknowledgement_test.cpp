#include <doctest/doctest.h>

#include <future>

#include "machine.hpp"
#include "registry/client.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::freePort;
using test::headerOf;
using test::idOf;
using test::kLongest;
using test::Machine;
using test::nodeOf;
using test::Pair;

TEST_CASE("acknowledgement: a write is answered when the follower has it") {
  Pair pair;
  for (int i = 0; i < 50; ++i) {
    const auto answer = pair.leader.ask("PUT", "/v1/kv/count", std::to_string(i));
    CHECK(headerOf(answer, "X-ClusterLab-Replicas") == "1");
    REQUIRE(pair.follower.value("count") == std::to_string(i));
  }
  const auto handedOn = pair.follower.ask("PUT", "/v1/kv/a", "y");
  CHECK(headerOf(handedOn, "X-ClusterLab-Replicas") == "1");
}

TEST_CASE("acknowledgement: many writes are on their way to the follower at once") {
  Pair pair;
  std::vector<std::future<void>> writers;
  for (int writer = 0; writer < 8; ++writer) {
    writers.push_back(std::async(std::launch::async, [&pair, writer] {
      for (int i = 0; i < 20; ++i) {
        const auto key = std::to_string(writer) + "/" + std::to_string(i);
        CHECK(pair.leader.ask("PUT", "/v1/kv/" + key, key).body == "true");
        CHECK(pair.follower.value(key) == key);
      }
    }));
  }
  for (auto& writer : writers) writer.get();
}

TEST_CASE("acknowledgement: after the follower's end the leader acknowledges alone, and says so") {
  Pair pair;
  pair.follower.crash();
  const auto answer = pair.leader.ask("PUT", "/v1/kv/a", "y");
  CHECK(answer.body == "true");
  CHECK(headerOf(answer, "X-ClusterLab-Replicas") == "0");
}

TEST_CASE("acknowledgement: a follower that asks and takes no answer holds a write up once") {
  Pair pair;
  pair.follower.crash();
  auto hung = std::async(std::launch::async, [&] {
    return pair.leader.ask("GET", "/cluster/v1/registry/changes?wait=60s&term=1&index=1&writer=" +
                                      idOf(1).toString() + "&node=" + idOf(3).toString());
  });
  const auto begin = std::chrono::steady_clock::now();
  CHECK(headerOf(pair.leader.ask("PUT", "/v1/kv/a", "y"), "X-ClusterLab-Replicas") == "0");
  CHECK(headerOf(pair.leader.ask("PUT", "/v1/kv/a", "z"), "X-ClusterLab-Replicas") == "0");
  CHECK(std::chrono::steady_clock::now() - begin < 1900ms);
  CHECK(hung.get().status == 200);
}

TEST_CASE("acknowledgement: a write that waits for a follower fails when this node leads no more") {
  Pair pair;
  pair.follower.crash();
  const auto from = "?wait=60s&term=1&index=1&writer=" + idOf(1).toString();
  auto hung = std::async(std::launch::async, [&] {
    return pair.leader.ask("GET",
                           "/cluster/v1/registry/changes" + from + "&node=" + idOf(3).toString());
  });
  const auto index = pair.leader.registry().index();
  auto write =
      std::async(std::launch::async, [&] { return pair.leader.ask("PUT", "/v1/kv/a", "y"); });
  while (pair.leader.registry().index() == index) std::this_thread::yield();
  pair.leader.registry().wander();
  CHECK(write.get().body == "leadership lost while committing log");
}

TEST_CASE(
    "acknowledgement: a leader hands over to a follower that has everything, and writes no more") {
  Pair pair;
  pair.leader.ask("PUT", "/v1/kv/b", "y");
  CHECK(pair.leader.registry().handOver(kLongest) == idOf(2));
  CHECK(pair.follower.registry().index() == pair.leader.registry().index());
  const auto begin = std::chrono::steady_clock::now();
  CHECK(pair.leader.ask("PUT", "/v1/kv/b", "z").body == "No cluster leader");
  CHECK(std::chrono::steady_clock::now() - begin < 3s);
  CHECK_FALSE(pair.follower.registry().handOver(kLongest));
  pair.follower.lead(2);
  pair.leader.follow(pair.follower);
  CHECK(pair.follower.value("b") == "y");
}

TEST_CASE("acknowledgement: a leader without followers has nobody to hand over to") {
  const auto port = freePort();
  Machine leader(1, port);
  leader.lead(1);
  CHECK_FALSE(leader.registry().handOver(20ms));
}

TEST_CASE("hold: a write in the middle of a change of leaders waits for the new one") {
  Pair pair;
  Machine third(3, pair.port);
  third.follow(pair.leader);
  REQUIRE(third.catchesUp(pair.leader));
  pair.leader.crash();
  auto refused = std::async(std::launch::async, [&] { return third.ask("PUT", "/v1/kv/a", "1"); });
  pair.follower.registry().wander();
  auto held =
      std::async(std::launch::async, [&] { return pair.follower.ask("PUT", "/v1/kv/b", "2"); });
  CHECK(held.wait_for(50ms) == std::future_status::timeout);
  pair.follower.lead(2);
  CHECK(held.get().body == "true");
  third.follow(pair.follower);
  CHECK(refused.get().body == "true");
  CHECK(third.value("a") == "1");
}

TEST_CASE("hold: a consistent read waits for a new leader, too") {
  Pair pair;
  pair.leader.crash();
  pair.follower.registry().wander();
  auto held = std::async(std::launch::async,
                         [&] { return pair.follower.ask("GET", "/v1/kv/a?raw&consistent"); });
  CHECK(held.wait_for(50ms) == std::future_status::timeout);
  pair.follower.lead(2);
  CHECK(held.get().body == "x");
}

TEST_CASE("hold: what may have been carried out is not tried again") {
  const auto port = freePort();
  std::atomic<int> asked = 0;
  const auto breaking = http::Server::start(
      {.address = "127.0.0.1", .port = port}, [&](const http::Request& request) {
        if (request.method == "PUT") ++asked;
        return http::text(500, "leadership lost while committing log");
      });
  REQUIRE(breaking);
  Machine follower(2, port);
  follower.registry().follow(test::address("127.0.0.1"));
  CHECK(follower.ask("PUT", "/v1/kv/a", "1").body == "leadership lost while committing log");
  CHECK(asked == 1);
}

TEST_CASE("hold: nodes that register are told at once that nobody leads") {
  const auto port = freePort();
  Machine node(1, port);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(registerAtLeader(node.address(), port, nodeOf(2)).error().code == ErrorCode::Conflict);
  CHECK(std::chrono::steady_clock::now() - begin < 3s);
}

TEST_CASE("hold: a request that waits for a leader ends with its client, or with this node") {
  Machine node(1, freePort());
  auto request = test::requestOf("PUT", "/v1/kv/a", "1");
  std::atomic<bool> hungUp = false;
  request.hungUp = [&hungUp] { return hungUp.load(); };
  const auto waits = [&] {
    return std::async(std::launch::async, [&] { return node.route(request).body; });
  };
  const auto begin = std::chrono::steady_clock::now();
  auto first = waits();
  CHECK(first.wait_for(50ms) == std::future_status::timeout);
  hungUp = true;
  CHECK(first.get() == "No cluster leader");
  hungUp = false;
  auto second = waits();
  CHECK(second.wait_for(50ms) == std::future_status::timeout);
  node.registry().stop();
  CHECK(second.get() == "No cluster leader");
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("acknowledgement: a new leader waits for the followers that it knows, until they come") {
  Pair pair;
  Machine third(3, pair.port);
  third.follow(pair.leader);
  for (const auto& node : {nodeOf(1, Role::Leading), nodeOf(3)}) {
    pair.leader.registry().registerNode(node).value();
    pair.leader.registry().setHealth(node.id, Health::Passing, "alive").value();
  }
  REQUIRE(pair.follower.catchesUp(pair.leader));
  REQUIRE(third.catchesUp(pair.leader));
  pair.leader.crash();
  third.registry().wander();
  pair.follower.lead(2);
  auto write =
      std::async(std::launch::async, [&] { return pair.follower.ask("PUT", "/v1/kv/a", "y"); });
  CHECK(write.wait_for(50ms) == std::future_status::timeout);
  third.follow(pair.follower);
  CHECK(headerOf(write.get(), "X-ClusterLab-Replicas") == "1");
}

TEST_CASE("acknowledgement: a new leader does not wait for the former one") {
  Pair pair;
  const auto former = nodeOf(1, Role::Leading);
  pair.leader.registry().registerNode(former).value();
  pair.leader.registry().setHealth(former.id, Health::Passing, "alive").value();
  REQUIRE(pair.follower.catchesUp(pair.leader));
  pair.leader.crash();
  pair.follower.lead(2);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(headerOf(pair.follower.ask("PUT", "/v1/kv/a", "y"), "X-ClusterLab-Replicas") == "0");
  CHECK(std::chrono::steady_clock::now() - begin < 900ms);
}

}  // namespace cluster_lab::registry
