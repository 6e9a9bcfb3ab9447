// Leader and followers in one process, each with its server on a loopback address of its own and
// the same port.
#include <doctest/doctest.h>

#include <future>

#include "fixture.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "registry/client.hpp"
#include "registry/lost_files.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::headerOf;
using test::idOf;
using test::nodeOf;
using test::TemporaryFolder;

namespace {

constexpr auto kLongest = 10s;

/// Node `number` at 127.0.0.`number`.
class Machine {
 public:
  Machine(std::uint8_t number, std::uint16_t port, Registry::Options wanted = {})
      : address_(0x7F000000U + number) {
    auto options = test::optionsFor(number, folder_.path());
    options.port = port;
    options.leaderGone = std::move(wanted.leaderGone);
    options.holdTime = wanted.holdTime;
    registry_ = Registry::open(options).value();
    registry_->addRoutes(router_);
    serve(port);
  }
  ~Machine() { crash(); }

  /// The server and the registry's threads end; the copy stays as it is.
  void crash() {
    if (!server_) return;
    registry_->stop();
    server_.reset();
  }

  void lead(std::uint64_t term) { registry_->lead(term, address_).value(); }
  void follow(const Machine& leader) {
    registry_->follow(leader.address_);
    CHECK(registry_->waitSynced(kLongest));
  }
  [[nodiscard]] Registry& registry() { return *registry_; }
  [[nodiscard]] Ipv4 address() const { return address_; }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& body = {}) {
    return route(test::requestOf(method, target, body));
  }
  http::Response route(const http::Request& request) { return router_.route(request); }
  std::string value(const std::string& key) { return ask("GET", "/v1/kv/" + key + "?raw").body; }

  /// Waits until this copy has the other's index.
  [[nodiscard]] bool catchesUp(Machine& with) {
    const auto deadline = std::chrono::steady_clock::now() + kLongest;
    while (registry_->index() != with.registry().index()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      ask("GET", "/v1/kv/?keys&wait=20ms&index=" + std::to_string(registry_->index() + 1));
    }
    return true;
  }

 private:
  void serve(std::uint16_t port) {
    server_ =
        http::Server::start({.address = address_.toString(), .port = port},
                            [this](const http::Request& request) { return router_.route(request); })
            .value();
  }

  Ipv4 address_;
  TemporaryFolder folder_;
  std::unique_ptr<Registry> registry_;
  http::Router router_;
  std::unique_ptr<http::Server> server_;
};

/// A port that is free on all of 127.0.0.0/8.
std::uint16_t freePort() {
  return http::Server::start({.address = "0.0.0.0"},
                             [](const http::Request&) { return http::Response{}; })
      .value()
      ->port();
}

struct Pair {
  std::uint16_t port = freePort();
  Machine leader{1, port};
  Machine follower{2, port};

  Pair() {
    leader.lead(1);
    leader.ask("PUT", "/v1/kv/a", "x");
    follower.follow(leader);
  }
};

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
  CHECK(pair.leader.ask("DELETE", "/cluster/v1/lost/" + files.front()).body == "true");
  CHECK(lostFiles(pair.leader).empty());
  CHECK(pair.leader.ask("GET", "/cluster/v1/lost/" + files.front()).status == 404);
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

TEST_CASE("replication: a write is answered when the follower has it") {
  Pair pair;
  for (int i = 0; i < 50; ++i) {
    const auto answer = pair.leader.ask("PUT", "/v1/kv/count", std::to_string(i));
    CHECK(headerOf(answer, "X-ClusterLab-Replicas") == "1");
    REQUIRE(pair.follower.value("count") == std::to_string(i));
  }
  const auto handedOn = pair.follower.ask("PUT", "/v1/kv/a", "y");
  CHECK(headerOf(handedOn, "X-ClusterLab-Replicas") == "1");
}

TEST_CASE("replication: many writes are on their way to the follower at once") {
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

TEST_CASE("replication: after the follower's end the leader acknowledges alone, and says so") {
  Pair pair;
  pair.follower.crash();
  const auto answer = pair.leader.ask("PUT", "/v1/kv/a", "y");
  CHECK(answer.body == "true");
  CHECK(headerOf(answer, "X-ClusterLab-Replicas") == "0");
}

TEST_CASE("replication: a follower that asks and takes no answer holds a write up once") {
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

TEST_CASE("replication: a write that waits for a follower fails when this node leads no more") {
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
    "replication: a leader hands over to a follower that has everything, and writes no more") {
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

TEST_CASE("replication: a leader without followers has nobody to hand over to") {
  const auto port = freePort();
  Machine leader(1, port);
  leader.lead(1);
  CHECK_FALSE(leader.registry().handOver(20ms));
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

TEST_CASE("replication: a write in the middle of a change of leaders waits for the new one") {
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

TEST_CASE("replication: a consistent read waits for a new leader, too") {
  Pair pair;
  pair.leader.crash();
  pair.follower.registry().wander();
  auto held = std::async(std::launch::async,
                         [&] { return pair.follower.ask("GET", "/v1/kv/a?raw&consistent"); });
  CHECK(held.wait_for(50ms) == std::future_status::timeout);
  pair.follower.lead(2);
  CHECK(held.get().body == "x");
}

TEST_CASE("replication: what may have been carried out is not tried again") {
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

TEST_CASE("replication: nodes that register are told at once that nobody leads") {
  const auto port = freePort();
  Machine node(1, port);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(registerAtLeader(node.address(), port, nodeOf(2)).error().code == ErrorCode::Unavailable);
  CHECK(std::chrono::steady_clock::now() - begin < 3s);
}

TEST_CASE(
    "replication: a request that waits for a leader ends with its client, or with this node") {
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
