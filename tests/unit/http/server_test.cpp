// A real server, a real client, and raw sockets for what a client would not send.
#include "http/server.hpp"

#include <doctest/doctest.h>

#include <future>
#include <stdexcept>
#include <vector>

#include "http/client.hpp"
#include "raw_client.hpp"
#include "test_server.hpp"

namespace cluster_lab::http {
namespace {

/// Answers with what it was asked.
Response echo(const Request& request) {
  if (request.path == "/throw") throw std::runtime_error("on purpose");
  if (request.path == "/throw-int") throw 1;
  std::string seen = request.method + " " + request.path;
  for (const auto& [name, value] : request.query) seen += " " + name + "=" + value;
  auto response = text(200, seen + "|" + request.body);
  response.headers = {{"X-Peer", request.peer.toString()},
                      {"X-Local", request.local.toString()},
                      {"X-Type", request.header("content-type").value_or("none")}};
  return response;
}

std::unique_ptr<Server> startEcho(ServerOptions options = {}) {
  options.address = "127.0.0.1";
  auto server = Server::start(options, echo);
  REQUIRE(server);
  return std::move(*server);
}

Client clientOf(const Server& server) {
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = server.port();
  return Client(options);
}

/// What the server answers to a client of its own that comes to that address.
std::future<Result<Response>> ask(const Server& server, const std::string& host) {
  return std::async(std::launch::async, [host, port = server.port()] {
    ClientOptions options;
    options.host = host;
    options.port = port;
    return Client(options).get("/");
  });
}

std::string headerOf(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "(none)";
}

std::size_t timesIn(const std::string& text, std::string_view what) {
  std::size_t times = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++times;
  return times;
}

}  // namespace

TEST_CASE(
    "server: withdrawn from an address, it serves on who is connected to others, and nobody new") {
  Gate gate;
  const auto server = started({}, [&gate](const Request& request) {
    gate.pass();
    return text(200, request.local.toString());
  });
  auto going = ask(*server, "127.0.0.2");
  auto staying = ask(*server, "127.0.0.1");
  REQUIRE(gate.awaitWaiting(2));
  server->withdraw(Ipv4(0x7F000002));
  CHECK_FALSE(going.get());
  gate.open();
  CHECK(staying.get()->body == "127.0.0.1");
  CHECK_FALSE(ask(*server, "127.0.0.1").get());
}

TEST_CASE("server: whoever comes while it withdraws hears at once that nobody answers") {
  Gate gate;
  const auto server = started({}, [&gate](const Request&) {
    gate.pass();
    return text(200, "late");
  });
  std::vector<std::future<Result<Response>>> asked;
  asked.reserve(64);
  for (int i = 0; i < 64; ++i) asked.push_back(ask(*server, "127.0.0.2"));
  REQUIRE(gate.awaitWaiting(1));
  server->withdraw(Ipv4(0x7F000002));
  for (auto& one : asked) {
    CHECK(one.wait_for(std::chrono::seconds(5)) == std::future_status::ready);
  }
  gate.open();
}

TEST_CASE("server: a handler sees method, path, query, body and both addresses") {
  const auto server = startEcho();
  auto client = clientOf(*server);
  const auto answer = client.request("PUT", "/v1/kv/a%2Fb/c+d?flags=1+2&raw", "value");
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body == "PUT /v1/kv/a/b/c+d flags=1 2 raw=|value");
  CHECK(headerOf(*answer, "X-Peer") == "127.0.0.1");
  CHECK(headerOf(*answer, "X-Local") == "127.0.0.1");
}

TEST_CASE("server: every method reaches the handler") {
  const auto server = startEcho();
  auto client = clientOf(*server);
  for (const auto* method : {"GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"}) {
    const auto answer = client.request(method, "/x");
    REQUIRE(answer);
    CHECK(answer->body == std::string(method) + " /x|");
  }
}

TEST_CASE("server: HEAD is answered with the length of the body and without it") {
  const auto server = startEcho();
  RawClient raw(server->port());
  raw.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto answer = raw.readAll();
  CHECK(answer.find("Content-Length: 8") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("server: bodies and their type go through as they are") {
  std::string binary;
  for (int i = 0; i < 100'000; ++i) binary += static_cast<char>(i % 256);
  ServerOptions options;
  options.address = "127.0.0.1";
  const auto server = Server::start(options, [](const Request& request) {
    return Response{200, "application/x-thing; q=1", request.body, {}};
  });
  REQUIRE(server);
  auto client = clientOf(**server);
  const auto answer = client.request("PUT", "/x", binary);
  REQUIRE(answer);
  CHECK(answer->body == binary);
  CHECK(answer->contentType == "application/x-thing; q=1");
}

TEST_CASE("server: a form and a multipart body are bodies like others") {
  const auto server = startEcho();
  auto client = clientOf(*server);
  const std::string form(20'000, 'f');
  for (const std::string type :
       {"application/x-www-form-urlencoded", "multipart/form-data; boundary=b"}) {
    const auto answer = client.request("PUT", "/x", form, {{"Content-Type", type}});
    REQUIRE(answer);
    CHECK(answer->body == "PUT /x|" + form);
    CHECK(headerOf(*answer, "X-Type") == type);
  }
}

TEST_CASE("server: compressed bodies stay compressed, answers are never compressed") {
  const auto server = startEcho();
  RawClient raw(server->port());
  raw.send(
      "PUT /x HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip, br\r\nContent-Encoding: gzip\r\n"
      "Range: bytes=0-1\r\nContent-Length: 3\r\n\r\nabc");
  const auto answer = raw.readUntil("|abc");
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(answer.find("PUT /x|abc") != std::string::npos);
  CHECK(answer.find("Content-Encoding") == std::string::npos);
}

TEST_CASE("server: a handler that throws gives 500, and the connection lives on") {
  const auto server = startEcho();
  auto client = clientOf(*server);
  CHECK(client.get("/throw")->status == 500);
  CHECK(client.get("/throw-int")->status == 500);
  CHECK(client.get("/x")->status == 200);
}

TEST_CASE("server: pipelined requests are answered in their order") {
  const auto server = startEcho();
  RawClient raw(server->port());
  raw.send(
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPUT /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"
      "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto answers = raw.readAll();
  CHECK(timesIn(answers, "HTTP/1.1 200 OK") == 3);
  CHECK(answers.find("GET /1|") < answers.find("PUT /2|ab"));
  CHECK(answers.find("PUT /2|ab") < answers.find("GET /3|"));
}

TEST_CASE("server: a request that comes in single bytes is understood") {
  const auto server = startEcho();
  RawClient raw(server->port());
  const std::string request = "PUT /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
  for (const char c : request) REQUIRE(raw.send({&c, 1}));
  CHECK(raw.readUntil("|body").find("PUT /slow|body") != std::string::npos);
}

TEST_CASE("server: chunked bodies are put together") {
  const auto server = startEcho();
  RawClient raw(server->port());
  raw.send(
      "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answers = raw.readUntil("/next|");
  CHECK(answers.find("PUT /c|abcde") != std::string::npos);
  CHECK(answers.find("GET /next|") != std::string::npos);
}

TEST_CASE("server: HTTP/1.0 is answered and closed, kept alive when asked") {
  const auto server = startEcho();
  RawClient once(server->port());
  once.send("GET /x HTTP/1.0\r\n\r\n");
  CHECK(once.readAll().find("GET /x|") != std::string::npos);
  RawClient kept(server->port());
  kept.send("GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
  CHECK(kept.readUntil("/1|").find("GET /1|") != std::string::npos);
  kept.send("GET /2 HTTP/1.0\r\n\r\n");
  CHECK(kept.readAll().find("GET /2|") != std::string::npos);
}

TEST_CASE("server: a client that asks first is told to continue") {
  const auto server = startEcho();
  RawClient raw(server->port());
  raw.send("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  CHECK(raw.readUntil("\r\n\r\n").starts_with("HTTP/1.1 100 Continue"));
  raw.send("abc");
  CHECK(raw.readUntil("|abc").find("HTTP/1.1 200 OK") != std::string::npos);
}

TEST_CASE("server: a PUT without any length has no body") {
  const auto server = startEcho();
  RawClient raw(server->port());
  raw.send("PUT /x HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(raw.readUntil("/x|").find("PUT /x|") != std::string::npos);
}

}  // namespace cluster_lab::http
