#include "http/workers.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>
#include <memory>

#include "http/connection.hpp"
#include "test_server.hpp"

namespace cluster_lab::http {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Connection> anyConnection() {
  return std::make_unique<Connection>(::socket(AF_INET, SOCK_STREAM, 0));
}

}  // namespace

TEST_CASE("workers: there are as many threads as there is work, and none when there is none") {
  REQUIRE(eventually([] { return workerCount() == 0; }));
  Gate gate;
  Workers workers({.most = 50, .idleTime = 1ms}, [&gate](Connection&) { gate.pass(); });
  const auto connection = anyConnection();
  for (int i = 0; i < 30; ++i) CHECK(workers.submit(*connection));
  CHECK(gate.awaitWaiting(30));
  CHECK(workerCount() == 30);
  CHECK_FALSE(workers.overloaded());
  gate.open();
  CHECK(eventually([] { return workerCount() == 0; }));
}

TEST_CASE("workers: an idle thread is used before another is made") {
  REQUIRE(eventually([] { return workerCount() == 0; }));
  std::atomic<int> served = 0;
  Workers workers({.most = 50, .idleTime = 1min}, [&served](Connection&) { ++served; });
  const auto connection = anyConnection();
  for (int i = 1; i <= 100; ++i) {
    CHECK(workers.submit(*connection));
    CHECK(eventually([&served, i] { return served == i; }));
  }
  CHECK(workerCount() <= 3);
}

TEST_CASE("workers: work beyond the most threads waits, and is told") {
  Gate gate;
  std::atomic<int> served = 0;
  Workers workers({.most = 2, .idleTime = 1min}, [&](Connection&) {
    gate.pass();
    ++served;
  });
  const auto connection = anyConnection();
  for (int i = 0; i < 5; ++i) CHECK(workers.submit(*connection));
  CHECK(gate.awaitWaiting(2));
  CHECK(workers.overloaded());
  gate.open();
  CHECK(eventually([&served] { return served == 5; }));
  CHECK_FALSE(workers.overloaded());
}

}  // namespace cluster_lab::http
