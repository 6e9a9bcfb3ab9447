#include "http/client_pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>

#include "test_server.hpp"

namespace cluster_lab::http {
namespace {

using namespace std::chrono_literals;

ClientOptions toServer(const Server& server) {
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = server.port();
  return options;
}

/// A server that allows so many connections from here, of which there is no more than one at work.
std::unique_ptr<Server> sparingServer(unsigned connections) {
  auto options = onLoopback();
  options.maxPerClient = connections;
  return started(options);
}

}  // namespace

TEST_CASE("client pool: calls one after the other share a connection") {
  const auto server = sparingServer(1);
  ClientPool pool;
  for (int i = 0; i < 50; ++i) CHECK(pool.request(toServer(*server), "GET", "/")->status == 200);
}

TEST_CASE("client pool: a connection that was idle for too long is not used again") {
  const auto server = sparingServer(1);
  ClientPool pool({.calls = 8, .idleTime = 0ms});
  const auto to = toServer(*server);
  CHECK(pool.request(to, "GET", "/")->status == 200);
  CHECK(eventually([&] { return pool.request(to, "GET", "/")->status == 429; }));
}

TEST_CASE("client pool: calls to another server use connections of their own") {
  const auto one = started(onLoopback(), [](const Request&) { return text(200, "one"); });
  const auto two = started(onLoopback(), [](const Request&) { return text(200, "two"); });
  ClientPool pool;
  for (int i = 0; i < 3; ++i) {
    CHECK(pool.request(toServer(*one), "GET", "/")->body == "one");
    CHECK(pool.request(toServer(*two), "GET", "/")->body == "two");
  }
}

TEST_CASE("client pool: more calls at once than it makes wait for each other") {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  const auto server = started(onLoopback(), [&](const Request&) {
    const int now = ++running;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
    --running;
    return text(200, "done");
  });
  ClientPool pool({.calls = 2, .idleTime = 1s});
  std::vector<std::future<bool>> calls;
  for (int i = 0; i < 16; ++i) {
    calls.push_back(std::async(std::launch::async, [&pool, to = toServer(*server)] {
      return pool.request(to, "GET", "/").has_value();
    }));
  }
  for (auto& call : calls) CHECK(call.get());
  CHECK(most <= 2);
}

TEST_CASE("client pool: a call that finds no place in time is TimedOut") {
  Gate gate;
  const auto server = started(onLoopback(), [&gate](const Request&) {
    gate.pass();
    return text(200, "done");
  });
  ClientPool pool({.calls = 1, .idleTime = 1s});
  auto to = toServer(*server);
  auto first = std::async(std::launch::async, [&pool, to] { return pool.request(to, "GET", "/"); });
  REQUIRE(gate.awaitWaiting(1));
  to.answerTimeout = 10ms;
  const auto second = pool.request(to, "GET", "/");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::TimedOut);
  gate.open();
  CHECK(first.get()->status == 200);
}

TEST_CASE("client pool: disconnected, calls end and connections are made anew") {
  Gate gate;
  const auto server = started(onLoopback(), [&gate](const Request& request) {
    if (request.path == "/slow") gate.pass();
    return text(200, "done");
  });
  ClientPool pool;
  const auto to = toServer(*server);
  CHECK(pool.request(to, "GET", "/")->status == 200);
  auto slow = std::async(std::launch::async, [&pool, to] { return pool.call(to, "GET", "/slow"); });
  REQUIRE(gate.awaitWaiting(1));
  pool.disconnect();
  const auto ended = slow.get();
  CHECK_FALSE(ended.answer);
  CHECK_FALSE(ended.sentNothing);
  CHECK(pool.request(to, "GET", "/")->status == 200);
  gate.open();
}

TEST_CASE("client pool: disconnected from what went before, calls of the new era go on") {
  Gate gate;
  const auto server = started(onLoopback(), [&gate](const Request& request) {
    if (request.path == "/slow") gate.pass();
    return text(200, "done");
  });
  ClientPool pool;
  const auto call = [&pool, to = toServer(*server)](const std::string& target, std::uint64_t era) {
    return std::async(std::launch::async,
                      [=, &pool] { return pool.call(to, "GET", target, {}, {}, era); });
  };
  auto former = call("/slow", 1);
  auto current = call("/slow", 2);
  REQUIRE(gate.awaitWaiting(2));
  pool.disconnect(2);
  const auto ended = former.get();
  CHECK_FALSE(ended.answer);
  CHECK_FALSE(ended.sentNothing);
  gate.open();
  CHECK(current.get().answer->status == 200);
  const auto late = call("/", 1).get();
  CHECK_FALSE(late.answer);
  CHECK(late.sentNothing);
  CHECK(call("/", 2).get().answer->status == 200);
}

TEST_CASE("client pool: nothing was sent where nobody listens, or no place was free") {
  auto server = started(onLoopback());
  auto to = toServer(*server);
  server.reset();
  ClientPool pool({.calls = 0, .idleTime = 1s});
  to.answerTimeout = 10ms;
  CHECK(pool.call(to, "GET", "/").sentNothing);
  ClientPool other;
  CHECK(other.call(to, "GET", "/").sentNothing);
}

TEST_CASE("client pool: after a restart of the server calls go on") {
  auto options = onLoopback();
  auto server = started(options);
  options.port = server->port();
  ClientPool pool;
  CHECK(pool.request(toServer(*server), "GET", "/")->status == 200);
  server.reset();
  server = started(options);
  CHECK(pool.request(toServer(*server), "GET", "/")->status == 200);
}

}  // namespace cluster_lab::http
