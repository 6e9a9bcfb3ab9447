// What a server refuses, bounds and ends.
#include <doctest/doctest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

#include "http/client.hpp"
#include "test_server.hpp"

namespace cluster_lab::http {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

}  // namespace

TEST_CASE("server: what is no HTTP is refused and the connection closed") {
  const auto server = started(onLoopback());
  for (const auto* bytes :
       {"\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "BREW / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n",
        "PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "PUT / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n"}) {
    INFO(bytes);
    CHECK(answerTo(*server, bytes).starts_with("HTTP/1.1 400 "));
  }
}

TEST_CASE("server: endless lines and headers are refused") {
  const auto server = started(onLoopback());
  const std::string endless(100'000, 'a');
  CHECK(answerTo(*server, "GET /" + endless + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 4"));
  CHECK(
      answerTo(*server, "GET / HTTP/1.1\r\nX: " + endless + "\r\n\r\n").starts_with("HTTP/1.1 4"));
}

TEST_CASE("server: a long path does not exhaust the small stack") {
  const auto server = started(onLoopback());
  const auto answer = answerTo(
      *server, "GET /" + std::string(8000, 'a') + " HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 200 "));
}

TEST_CASE("server: a body above the limit is 413, announced or not") {
  auto options = onLoopback();
  options.maxBody = 1000;
  options.maxBodyOf["/large"] = 3000;
  const auto server = started(options);
  ClientOptions to;
  to.host = "127.0.0.1";
  to.port = server->port();
  Client client(to);
  CHECK(client.request("PUT", "/x", std::string(1000, 'x'))->status == 200);
  CHECK(client.request("PUT", "/x", std::string(1001, 'x'))->status == 413);
  CHECK(client.request("PUT", "/x", std::string(500'000, 'x'))->status == 413);
  CHECK(client.request("PUT", "/large", std::string(3000, 'x'))->status == 200);
  CHECK(client.request("PUT", "/large", std::string(3001, 'x'))->status == 413);
  const std::string chunk = "400\r\n" + std::string(0x400, 'x') + "\r\n";
  CHECK(answerTo(*server, "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk)
            .starts_with("HTTP/1.1 413 "));
  CHECK(answerTo(*server, "PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n")
            .starts_with("HTTP/1.1 413 "));
}

TEST_CASE("server: what follows an unread body is not taken for a request") {
  const auto server = started(onLoopback());
  const auto answer = answerTo(
      *server, "GET / HTTP/1.1\r\nContent-Length: 30\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n    ");
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(answer.find("HTTP/1.1", 5) == std::string::npos);
}

TEST_CASE("server: stopping takes less than 200 ms with idle kept-alive clients") {
  auto server = started(onLoopback());
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->port()));
    clients.back()->send("GET / HTTP/1.1\r\n\r\n");
    clients.back()->readUntil("got ");
  }
  const auto begin = Clock::now();
  server.reset();
  CHECK(Clock::now() - begin < 200ms);
  for (auto& client : clients) CHECK(client->closedWithin(1s));
}

TEST_CASE("server: stopping lets a running handler answer, and tells it that nobody waits") {
  Gate gate;
  auto server = started(onLoopback(), [&gate](const Request& request) {
    gate.pass();
    return text(200, request.abandoned() ? "abandoned" : "waited for");
  });
  RawClient raw(server->port());
  raw.send("GET / HTTP/1.1\r\n\r\n");
  REQUIRE(gate.awaitWaiting(1));
  std::thread stopper([&server] { server.reset(); });
  gate.open();
  const auto answer = raw.readAll();
  stopper.join();
  CHECK(answer.starts_with("HTTP/1.1 200 "));
}

TEST_CASE("server: a client that hangs up leaves its handler a sign") {
  Gate gate;
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<bool> abandoned;
  const auto server = started(onLoopback(), [&](const Request& request) {
    gate.pass();
    const std::scoped_lock lock(mutex);
    abandoned = request.abandoned();
    changed.notify_all();
    return text(200, "late");
  });
  {
    RawClient raw(server->port());
    raw.send("GET / HTTP/1.1\r\n\r\n");
    REQUIRE(gate.awaitWaiting(1));
  }
  gate.open();
  std::unique_lock lock(mutex);
  REQUIRE(changed.wait_for(lock, 5s, [&] { return abandoned.has_value(); }));
  CHECK(*abandoned);
}

TEST_CASE("server: a taken port is an error that names the port and the process") {
  const auto first = started(onLoopback());
  auto options = onLoopback();
  options.port = first->port();
  const auto second = Server::start(options, small);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::Conflict);
  CHECK(second.error().message.find(std::to_string(first->port())) != std::string::npos);
  std::string program;  // an emulator's name where one runs this test
  std::ifstream("/proc/self/comm") >> program;
  CHECK(second.error().message.find(program + " (pid ") != std::string::npos);
}

TEST_CASE("server: a port is free again as soon as the server has gone") {
  auto first = started(onLoopback());
  auto options = onLoopback();
  options.port = first->port();
  RawClient raw(first->port());
  raw.send("GET / HTTP/1.1\r\n\r\n");
  raw.readUntil("got ");
  first.reset();
  CHECK(Server::start(options, small).has_value());
}

TEST_CASE("server: it listens at an address that this machine does not have yet") {
  ServerOptions options;
  options.address = "192.0.2.77";
  CHECK(Server::start(options, small).has_value());
}

TEST_CASE("server: an address that is none is refused") {
  ServerOptions options;
  options.address = "eth0";
  const auto server = Server::start(options, small);
  REQUIRE_FALSE(server);
  CHECK(server.error().code == ErrorCode::InvalidArgument);
}

TEST_CASE("server: an IPv4 client of an IPv6 server is seen by its IPv4 address") {
  ServerOptions options;
  options.address = "::";
  auto server = Server::start(
      options, [](const Request& request) { return text(200, request.peer.toString()); });
  if (!server) return;  // a machine without IPv6
  CHECK(answerTo(**server, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n").ends_with("127.0.0.1"));
}

}  // namespace cluster_lab::http
