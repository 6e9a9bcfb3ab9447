#include <doctest/doctest.h>

#include <future>

#include "machine.hpp"
#include "registry/client.hpp"
#include "registry/lost_files.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::freePort;
using test::idOf;
using test::kLongest;
using test::Machine;
using test::nodeOf;
using test::Pair;
using test::TemporaryFolder;

namespace {

std::vector<std::string> lostFiles(const Machine& machine) {
  return LostFiles(machine.folder()).names();
}

}  // namespace

TEST_CASE("replication: a follower has what was there and what comes") {
  Pair pair;
  CHECK(pair.follower.value("a") == "x");
  pair.leader.ask("PUT", "/v1/kv/b", "y");
  CHECK(pair.follower.catchesUp(pair.leader));
  CHECK(pair.follower.value("b") == "y");
  CHECK(pair.follower.registry().term() == 1);
  CHECK(pair.follower.ask("GET", "/v1/kv/?recurse").body ==
        pair.leader.ask("GET", "/v1/kv/?recurse").body);
}

TEST_CASE(
    "replication: a write at a follower is the leader's, and read at once where it was made") {
  Pair pair;
  const auto response = pair.follower.ask("PUT", "/v1/kv/dir/a%20b?flags=7", "v");
  CHECK(response.body == "true");
  CHECK(pair.follower.ask("GET", "/v1/kv/?keys").body ==
        pair.leader.ask("GET", "/v1/kv/?keys").body);
  CHECK(pair.follower.ask("PUT", "/v1/kv/a?cas=99", "no").body == "false");
  CHECK(pair.follower.ask("DELETE", "/v1/kv/a").body == "true");
  CHECK(pair.leader.ask("GET", "/v1/kv/a").status == 404);
}

TEST_CASE("replication: a consistent read at a follower has all that the leader acknowledged") {
  Pair pair;
  for (int i = 0; i < 50; ++i) {
    const auto value = std::to_string(i);
    pair.leader.ask("PUT", "/v1/kv/count", value);
    REQUIRE(pair.follower.ask("GET", "/v1/kv/count?raw&consistent").body == value);
  }
  pair.leader.crash();
  CHECK(pair.follower.ask("GET", "/v1/kv/count?consistent").body == "No cluster leader");
  CHECK(pair.follower.value("count") == "49");
}

TEST_CASE("replication: a follower's services go to the leader's catalog and come back") {
  Pair pair;
  NodeServices services{.node = idOf(2), .services = {}, .checks = {}};
  services.services.push_back(test::serviceOf(2));
  services.checks.push_back(test::checkOf(services.services.front()));
  CHECK(pair.follower.registry().syncServices(services).error().code == ErrorCode::NotFound);
  CHECK(registerAtLeader(pair.leader.address(), pair.port, nodeOf(2)));
  CHECK(pair.follower.registry().syncServices(services));
  CHECK(pair.follower.ask("GET", "/v1/catalog/services?consistent").body ==
        R"({"cluster-lab":["follower"],"web":["v1"]})");
}

TEST_CASE("replication: a query that waits at a follower is woken by a write at the leader") {
  Pair pair;
  auto query = std::async(std::launch::async, [&] {
    return pair.follower.ask("GET", "/v1/kv/a?raw&index=1&wait=60s").body;
  });
  pair.leader.ask("PUT", "/v1/kv/a", "new");
  CHECK(query.get() == "new");
}

TEST_CASE("replication: nodes register and leave over the wire") {
  Pair pair;
  const auto leader = pair.leader.address();
  CHECK(registerAtLeader(leader, pair.port, nodeOf(2)).value() == "pi-2");
  auto twin = nodeOf(3);
  twin.name = "pi-2";
  CHECK(registerAtLeader(leader, pair.port, twin).value() == "pi-2-000003");
  CHECK(pair.leader.registry().nodes().size() == 2);
  CHECK(leaveLeader(leader, pair.port, idOf(2)));
  CHECK(leaveLeader(leader, pair.port, idOf(2)));
  CHECK(pair.leader.registry().nodes().size() == 1);
  CHECK(registerAtLeader(test::address("127.0.0.9"), pair.port, twin).error().code ==
        ErrorCode::Unavailable);
}

TEST_CASE("replication: a node that registers by itself is passing again") {
  Pair pair;
  pair.leader.registry().registerNode(nodeOf(2)).value();
  pair.leader.registry().setHealth(idOf(2), Health::Critical, "silent").value();
  CHECK(registerAtLeader(pair.leader.address(), pair.port, nodeOf(2)));
  CHECK((pair.leader.registry().nodes().front().health == Health::Passing));
}

TEST_CASE("replication: a follower takes over with everything and goes on counting") {
  Pair pair;
  pair.leader.ask("PUT", "/v1/kv/b", "y");
  REQUIRE(pair.follower.catchesUp(pair.leader));
  const auto index = pair.leader.registry().index();
  pair.leader.crash();
  pair.follower.lead(2);
  CHECK(pair.follower.value("b") == "y");
  CHECK(pair.follower.ask("PUT", "/v1/kv/c", "z").body == "true");
  CHECK(pair.follower.registry().index() == index + 1);
  CHECK(pair.follower.registry().term() == 2);
}

TEST_CASE("replication: a third node follows the new leader without a whole copy") {
  Pair pair;
  Machine third(3, pair.port);
  third.follow(pair.leader);
  REQUIRE(third.catchesUp(pair.leader));
  pair.leader.crash();
  pair.follower.lead(2);
  pair.follower.ask("PUT", "/v1/kv/b", "y");
  const auto from = "?term=1&index=1&writer=" + idOf(1).toString();
  const auto answer = pair.follower.ask("GET", "/cluster/v1/registry/changes" + from);
  CHECK(answer.body.find("snapshot") == std::string::npos);
  third.follow(pair.follower);
  CHECK(third.catchesUp(pair.follower));
  CHECK(third.value("b") == "y");
}

TEST_CASE("replication: a leader that comes back follows without losing anything") {
  Pair pair;
  pair.follower.lead(2);
  pair.follower.ask("PUT", "/v1/kv/b", "y");
  pair.leader.follow(pair.follower);
  CHECK(pair.leader.value("a") == "x");
  CHECK(pair.leader.value("b") == "y");
  CHECK(lostFiles(pair.leader).empty());
}

TEST_CASE("replication: what a leader wrote alone in a split is kept beside") {
  Pair pair;
  pair.follower.lead(2);
  pair.leader.ask("PUT", "/v1/kv/lost", "1");
  pair.follower.ask("PUT", "/v1/kv/won", "2");
  pair.leader.follow(pair.follower);
  CHECK(pair.leader.ask("GET", "/v1/kv/?keys").body == R"(["a","won"])");
  const auto files = lostFiles(pair.leader);
  REQUIRE(files.size() == 1);
  const auto told = pair.leader.ask("GET", "/cluster/v1/lost");
  CHECK(told.body.find(R"("name":")" + files.front()) != std::string::npos);
  CHECK(told.body.find(R"("keys":1)") != std::string::npos);
  const auto shown = pair.leader.ask("GET", "/cluster/v1/lost/" + files.front());
  const auto lost = lostWritesFromJson(shown.body).value();
  REQUIRE(lost.keys.size() == 1);
  CHECK(lost.keys.front().key == "lost");
  CHECK(lost.keys.front().acknowledged);
  const auto inTimeLine = [&] {
    const auto line = pair.follower.ask("GET", "/cluster/v1/timeline").body;
    return line.find(R"("kind":"lost","node":"pi-1","text":"pi-1 wrote 1 key)") !=
           std::string::npos;
  };
  CHECK(test::eventually(inTimeLine));
  CHECK(pair.leader.ask("DELETE", "/cluster/v1/lost/" + files.front()).body == "true");
  CHECK(lostFiles(pair.leader).empty());
  CHECK(pair.leader.ask("GET", "/cluster/v1/lost/" + files.front()).status == 404);
}

TEST_CASE("replication: what was not acknowledged when the sides parted stands so in the file") {
  Pair pair;
  pair.follower.lead(2);
  pair.follower.ask("PUT", "/v1/kv/won", "2");
  const auto index = pair.leader.registry().index();
  auto write =
      std::async(std::launch::async, [&] { return pair.leader.ask("PUT", "/v1/kv/silent", "1"); });
  while (pair.leader.registry().index() == index) std::this_thread::yield();
  pair.leader.registry().wander();
  REQUIRE(write.get().status == 500);
  pair.leader.follow(pair.follower);
  const auto files = lostFiles(pair.leader);
  REQUIRE(files.size() == 1);
  const auto shown = pair.leader.ask("GET", "/cluster/v1/lost/" + files.front());
  const auto lost = lostWritesFromJson(shown.body).value();
  REQUIRE(lost.keys.size() == 1);
  CHECK_FALSE(lost.keys.front().acknowledged);
}

TEST_CASE("replication: two that led apart under one term do not take each other for the same") {
  const auto port = freePort();
  Machine one(1, port);
  Machine two(2, port);
  for (auto* machine : {&one, &two}) {
    machine->lead(1);
    machine->ask("PUT", "/v1/kv/who", machine == &one ? "one" : "two");
  }
  two.follow(one);
  CHECK(two.value("who") == "one");
  CHECK(lostFiles(two).size() == 1);
}

TEST_CASE("replication: a split in which only nodes registered leaves no file") {
  const auto port = freePort();
  Machine one(1, port);
  Machine two(2, port);
  one.lead(1);
  two.lead(1);
  one.registry().registerNode(nodeOf(1, Role::Leading)).value();
  two.registry().registerNode(nodeOf(2, Role::Leading)).value();
  two.follow(one);
  CHECK(two.registry().nodes().front().registration.id == idOf(1));
  CHECK(lostFiles(two).empty());
}

TEST_CASE("replication: a follower waits for a leader that is not there yet") {
  const auto port = freePort();
  Machine follower(2, port);
  follower.registry().follow(test::address("127.0.0.1"));
  CHECK_FALSE(follower.registry().waitSynced(300ms));
  Machine leader(1, port);
  CHECK_FALSE(follower.registry().waitSynced(300ms));
  leader.lead(1);
  leader.ask("PUT", "/v1/kv/a", "x");
  CHECK(follower.registry().waitSynced(kLongest));
}

TEST_CASE("replication: a follower that waits for changes stops at once") {
  Pair pair;
  const auto begin = std::chrono::steady_clock::now();
  pair.follower.registry().stop();
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
}

TEST_CASE("replication: changes made by the daemon are refused where it does not lead") {
  Pair pair;
  CHECK(pair.follower.registry().registerNode(nodeOf(1)).error().code == ErrorCode::Unavailable);
  CHECK(pair.follower.registry().putLease({}).error().code == ErrorCode::Unavailable);
}

TEST_CASE("replication: a follower tells at once when the leader's end of the connection is gone") {
  const auto port = freePort();
  std::atomic<int> gone = 0;
  Machine leader(1, port);
  leader.lead(1);
  Registry::Options options;
  options.leaderGone = [&gone] { ++gone; };
  Machine follower(2, port, options);
  follower.follow(leader);
  leader.crash();
  CHECK(test::eventually([&] { return gone == 1; }));
  Machine again(3, port);
  again.lead(2);
  follower.follow(again);
  follower.registry().wander();
  CHECK(gone == 1);
}

TEST_CASE("replication: a follower that stopped has its copy again, and asks for what came since") {
  const auto port = freePort();
  Machine leader(1, port);
  leader.lead(1);
  leader.ask("PUT", "/v1/kv/a", "x");
  const TemporaryFolder folder;
  auto options = test::optionsFor(2, folder.path());
  options.port = port;
  auto follower = Registry::open(options).value();
  follower->follow(leader.address());
  REQUIRE(follower->waitSynced(kLongest));
  follower->stop();
  follower.reset();
  leader.ask("PUT", "/v1/kv/b", "y");
  follower = Registry::open(options).value();
  CHECK(follower->index() == 1);
  follower->follow(leader.address());
  REQUIRE(follower->waitSynced(kLongest));
  CHECK(follower->index() == 2);
}

TEST_CASE("replication: the stream is for nodes of the cluster only") {
  Pair pair;
  auto request = test::requestOf("GET", "/cluster/v1/registry/changes");
  http::Router router;
  pair.leader.registry().addRoutes(router);
  request.peer = test::address("10.0.0.7");
  CHECK(router.route(request).status == 403);
  CHECK(pair.follower.ask("GET", "/cluster/v1/registry/changes").status == 503);
  CHECK(pair.leader.ask("GET", "/cluster/v1/registry/changes?index=x").status == 400);
}

}  // namespace cluster_lab::registry
