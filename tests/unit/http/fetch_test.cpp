#include "http/fetch.hpp"

#include <doctest/doctest.h>

#include <future>
#include <thread>

#include "test_server.hpp"

namespace cluster_lab::http {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

FetchRequest fromServer(const Server& server) {
  FetchRequest request;
  request.host = "127.0.0.1";
  request.port = server.port();
  request.timeout = 60s;
  return request;
}

}  // namespace

TEST_CASE("fetch: the end of a long answer is kept") {
  const auto server =
      started(onLoopback(), [](const Request&) { return text(200, std::string(9999, 'a') + "z"); });
  auto request = fromServer(*server);
  request.bodySize = 3;
  const auto fetched = Fetch(request).run();
  REQUIRE(fetched);
  CHECK(fetched->body == "aaz");
}

TEST_CASE("fetch: stop ends a call that begins just then") {
  Gate gate;
  const auto server = started(onLoopback(), [&gate](const Request&) {
    gate.pass();
    return text(200, "late");
  });
  for (int i = 0; i < 50; ++i) {
    Fetch fetch(fromServer(*server));
    auto call = std::async(std::launch::async, [&fetch] { return fetch.run(); });
    const auto begin = Clock::now();
    while (Clock::now() < begin + i * 20us) std::this_thread::yield();
    fetch.stop();
    CHECK_FALSE(call.get());
    REQUIRE(Clock::now() - begin < 2s);
  }
  gate.open();
}

}  // namespace cluster_lab::http
