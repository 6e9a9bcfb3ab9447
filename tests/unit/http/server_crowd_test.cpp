// Many clients, and those that take more than their share.
#include <doctest/doctest.h>

#include <vector>

#include "test_server.hpp"

namespace cluster_lab::http {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

std::vector<std::unique_ptr<RawClient>> clientsOf(const Server& server, int count) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < count; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
  return clients;
}

}  // namespace

TEST_CASE("server: many handlers wait at once, and others are still answered") {
  constexpr int kWaiters = 200;
  Gate gate;
  auto options = onLoopback();
  options.maxPerClient = kWaiters + 1;
  const auto server = started(options, [&gate](const Request& request) {
    if (request.path == "/wait") gate.pass();
    return text(200, "done");
  });
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < kWaiters; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->port()));
    clients.back()->send("GET /wait HTTP/1.1\r\n\r\n");
  }
  CHECK(gate.awaitWaiting(kWaiters));
  CHECK(answerTo(*server, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n").ends_with("done"));
  gate.open();
  for (auto& client : clients) CHECK(client->readUntil("done").ends_with("done"));
}

TEST_CASE("server: idle connections hold no threads, and are served when they speak again") {
  auto options = onLoopback();
  options.threadIdleTime = 1ms;
  const auto server = started(options);
  auto clients = clientsOf(*server, 150);
  for (std::size_t i = 0; i < clients.size(); i += 2) {
    clients[i]->send(kGet);
    CHECK(clients[i]->readUntil("got ").ends_with("got "));
  }
  CHECK(eventually([] { return workerCount() == 0; }));
  for (auto& client : clients) {
    client->send(kGet);
    CHECK(client->readUntil("got ").ends_with("got "));
  }
}

TEST_CASE("server: an idle connection is closed after its time") {
  auto options = onLoopback();
  options.idleTimeout = 50ms;
  const auto server = started(options);
  auto clients = clientsOf(*server, 2);
  clients[0]->send(kGet);
  CHECK(clients[0]->readUntil("got ").ends_with("got "));
  for (auto& client : clients) CHECK(client->closedWithin(2s));
}

TEST_CASE("server: for a newcomer the connection that is idle longest is closed") {
  auto options = onLoopback();
  options.maxConnections = 2;
  const auto server = started(options);
  auto clients = clientsOf(*server, 3);
  CHECK(clients[0]->closedWithin(2s));
  for (std::size_t i = 1; i < clients.size(); ++i) {
    clients[i]->send(kGet);
    CHECK(clients[i]->readUntil("got ").starts_with("HTTP/1.1 200 "));
  }
}

TEST_CASE("server: where all connections are busy a newcomer is told so") {
  Gate gate;
  auto options = onLoopback();
  options.maxConnections = 1;
  const auto server = started(options, [&gate](const Request&) {
    gate.pass();
    return text(200, "done");
  });
  RawClient busy(server->port());
  busy.send(kGet);
  REQUIRE(gate.awaitWaiting(1));
  CHECK(answerTo(*server, kGet).starts_with("HTTP/1.1 503 "));
  gate.open();
  CHECK(busy.readUntil("done").ends_with("done"));
}

TEST_CASE(
    "server: a client with too many connections is answered 429, and served when it has fewer") {
  auto options = onLoopback();
  options.maxPerClient = 3;
  const auto server = started(options);
  auto clients = clientsOf(*server, 3);
  for (auto& client : clients) {
    client->send(kGet);
    CHECK(client->readUntil("got ").starts_with("HTTP/1.1 200 "));
  }
  const auto refused = answerTo(*server, kGet);
  CHECK(refused.starts_with("HTTP/1.1 429 Too Many Requests\r\n"));
  CHECK(refused.find("too many concurrent connections") != std::string::npos);
  clients.pop_back();
  CHECK(eventually([&] {
    RawClient again(server->port());
    again.send(kGet);
    return again.readUntil("got ").starts_with("HTTP/1.1 200 ");
  }));
}

TEST_CASE("server: with all threads busy a request waits for one") {
  Gate gate;
  auto options = onLoopback();
  options.maxThreads = 1;
  const auto server = started(options, [&gate](const Request& request) {
    if (request.path == "/wait") gate.pass();
    return text(200, "done");
  });
  RawClient first(server->port());
  first.send("GET /wait HTTP/1.1\r\n\r\n");
  REQUIRE(gate.awaitWaiting(1));
  RawClient second(server->port());
  second.send(kGet);
  gate.open();
  CHECK(first.readUntil("done").ends_with("done"));
  CHECK(second.readUntil("done").ends_with("done"));
}

TEST_CASE("server: a client that stalls within its headers or its body is answered 408") {
  auto options = onLoopback();
  options.headTimeout = 50ms;
  const auto server = started(options);
  for (const auto* bytes :
       {"G", "PUT / HTTP/1.1\r\nContent-Le", "PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}) {
    INFO(bytes);
    const auto answer = answerTo(*server, bytes);
    CHECK(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    CHECK(answer.ends_with("too slowly\n"));
  }
}

TEST_CASE("server: a large body may take its time as long as it comes") {
  auto options = onLoopback();
  options.headTimeout = 50ms;
  const auto server = started(options);
  RawClient raw(server->port());
  // 32 KiB are worth four seconds.
  raw.send("PUT / HTTP/1.1\r\nContent-Length: 32769\r\n\r\n" + std::string(32768, 'x'));
  CHECK_FALSE(raw.closedWithin(100ms));
  raw.send("y");
  CHECK(raw.readUntil("xy").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("server: large bodies share a budget") {
  Gate gate;
  auto options = onLoopback();
  options.maxBodies = 600'000;
  const auto server = started(options, [&gate](const Request& request) {
    if (request.path == "/wait") gate.pass();
    return text(200, "done");
  });
  const std::string large = "Content-Length: 500000\r\n\r\n" + std::string(500'000, 'x');
  RawClient first(server->port());
  first.send("PUT /wait HTTP/1.1\r\n" + large);
  REQUIRE(gate.awaitWaiting(1));
  const auto refused = answerTo(*server, "PUT / HTTP/1.1\r\n" + large);
  CHECK(refused.starts_with("HTTP/1.1 503 "));
  CHECK(refused.find("Retry-After: 1") != std::string::npos);
  CHECK(answerTo(*server, "PUT / HTTP/1.1\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
            .ends_with("done"));
  gate.open();
  CHECK(first.readUntil("done").ends_with("done"));
  CHECK(eventually([&] {
    RawClient again(server->port());
    again.send("PUT / HTTP/1.1\r\n" + large);
    return again.readUntil("done").starts_with("HTTP/1.1 200 ");
  }));
}

TEST_CASE("server: too many or too long headers are answered 431") {
  const auto server = started(onLoopback());
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 200; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  CHECK(answerTo(*server, many + "\r\n").starts_with("HTTP/1.1 431 "));
  const std::string line = "X: " + std::string(8000, 'x') + "\r\n";
  CHECK(answerTo(*server, "GET / HTTP/1.1\r\n" + line + line + line + line + line + "\r\n")
            .starts_with("HTTP/1.1 431 "));
  CHECK(answerTo(*server, "GET / HTTP/1.1\r\n" + line + "Connection: close\r\n\r\n")
            .starts_with("HTTP/1.1 200 "));
}

}  // namespace cluster_lab::http
