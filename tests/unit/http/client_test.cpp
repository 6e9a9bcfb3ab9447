#include "http/client.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>
#include <thread>

#include "http/listen_socket.hpp"
#include "http/server.hpp"

namespace cluster_lab::http {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

ClientOptions toPort(std::uint16_t port) {
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  return options;
}

std::unique_ptr<Server> serverSaying(Handler handler) {
  ServerOptions options;
  options.address = "127.0.0.1";
  auto server = Server::start(options, std::move(handler));
  REQUIRE(server);
  return std::move(*server);
}

/// Listens and never answers.
class DeafServer {
 public:
  DeafServer() : socket_(*listenOn("127.0.0.1", 0)) {}
  ~DeafServer() { ::close(socket_); }
  DeafServer(const DeafServer&) = delete;
  DeafServer& operator=(const DeafServer&) = delete;
  [[nodiscard]] std::uint16_t port() const { return boundPort(socket_); }
  /// Blocks until a client has connected and sent its request.
  void awaitRequest() const {
    const int accepted = ::accept(socket_, nullptr, nullptr);
    char byte = 0;
    CHECK(::recv(accepted, &byte, 1, MSG_PEEK) == 1);
    held_ = accepted;
  }

 private:
  int socket_;
  mutable int held_ = -1;
};

/// Answers a request for /fast and closes; any other it leaves without an answer.
class FickleServer {
 public:
  FickleServer() : socket_(*listenOn("127.0.0.1", 0)), thread_([this] { serve(); }) {}
  ~FickleServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  FickleServer(const FickleServer&) = delete;
  FickleServer& operator=(const FickleServer&) = delete;
  [[nodiscard]] std::uint16_t port() const { return boundPort(socket_); }

 private:
  void serve() const {
    const std::string_view answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    std::array<char, 4096> request{};
    while (true) {
      const int accepted = ::accept(socket_, nullptr, nullptr);
      if (accepted < 0) return;
      const auto count = ::recv(accepted, request.data(), request.size(), 0);
      const std::string_view text(request.data(),
                                  static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
      if (text.find("/fast") != std::string_view::npos) {
        ::send(accepted, answer.data(), answer.size(), MSG_NOSIGNAL);
      } else if (count > 0) {
        ::recv(accepted, request.data(), request.size(), 0);
      }
      ::close(accepted);
    }
  }

  int socket_;
  std::thread thread_;
};

/// A unix socket in a folder of its own that answers one request with a fixed text.
class UnixServer {
 public:
  UnixServer() {
    char name[] = "/tmp/unit-http-XXXXXX";
    folder_ = ::mkdtemp(name);
    socket_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(socket_, 1) == 0);
  }
  ~UnixServer() {
    ::close(socket_);
    std::filesystem::remove_all(folder_);
  }
  UnixServer(const UnixServer&) = delete;
  UnixServer& operator=(const UnixServer&) = delete;
  [[nodiscard]] std::string path() const { return folder_ + "/engine.sock"; }
  [[nodiscard]] std::string answerOnce(const std::string& answer) const {
    const int accepted = ::accept(socket_, nullptr, nullptr);
    std::string request(4096, '\0');
    request.resize(static_cast<std::size_t>(::recv(accepted, request.data(), request.size(), 0)));
    ::send(accepted, answer.data(), answer.size(), MSG_NOSIGNAL);
    ::close(accepted);
    return request;
  }

 private:
  std::string folder_;
  int socket_ = -1;
};

}  // namespace

TEST_CASE("client: calls go over one kept-alive connection") {
  const auto server = serverSaying([](const Request& request) { return text(200, request.path); });
  Client client(toPort(server->port()));
  for (int i = 0; i < 100; ++i) {
    const auto answer = client.get("/" + std::to_string(i));
    REQUIRE(answer);
    CHECK(answer->body == "/" + std::to_string(i));
  }
}

TEST_CASE("client: a server that was restarted is connected to again") {
  auto server = serverSaying([](const Request&) { return text(200, "one"); });
  const auto port = server->port();
  Client client(toPort(port));
  CHECK(client.get("/")->body == "one");
  server.reset();
  ServerOptions options;
  options.address = "127.0.0.1";
  options.port = port;
  const auto again = Server::start(options, [](const Request&) { return text(200, "two"); });
  REQUIRE(again);
  CHECK(client.get("/")->body == "two");
}

TEST_CASE("client: any status is an answer, its headers and type come along") {
  const auto server = serverSaying([](const Request&) {
    return Response{503, "application/problem", "no", {{"X-Consul-Index", "7"}}};
  });
  Client client(toPort(server->port()));
  const auto answer = client.request("DELETE", "/x");
  REQUIRE(answer);
  CHECK(answer->status == 503);
  CHECK(answer->contentType == "application/problem");
  CHECK(answer->body == "no");
  const std::pair<std::string, std::string> index{"X-Consul-Index", "7"};
  CHECK(std::ranges::find(answer->headers, index) != answer->headers.end());
}

TEST_CASE("client: nobody there is Unavailable, and says where") {
  std::uint16_t port = 0;
  {
    const DeafServer gone;
    port = gone.port();
  }
  Client client(toPort(port));
  const auto answer = client.get("/");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::Unavailable);
  CHECK(answer.error().message.find(std::to_string(port)) != std::string::npos);
}

TEST_CASE("client: silence is TimedOut") {
  const DeafServer server;
  auto options = toPort(server.port());
  options.answerTimeout = 50ms;
  Client client(options);
  const auto answer = client.get("/");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::TimedOut);
}

TEST_CASE("client: stop ends a call that waits for its answer within 100 ms") {
  const DeafServer server;
  auto options = toPort(server.port());
  options.answerTimeout = 75s;
  Client client(options);
  auto call = std::async(std::launch::async, [&client] { return client.get("/?wait=60s"); });
  server.awaitRequest();
  const auto begin = Clock::now();
  client.stop();
  const auto answer = call.get();
  CHECK(Clock::now() - begin < 100ms);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::Unavailable);
  CHECK_FALSE(client.get("/"));
}

TEST_CASE("client: stop ends a call that begins just then on a new connection") {
  const FickleServer server;
  auto options = toPort(server.port());
  options.answerTimeout = 75s;
  for (int i = 0; i < 50; ++i) {
    Client client(options);
    REQUIRE(client.get("/fast")->body == "ok");
    auto slow = std::async(std::launch::async, [&client] { return client.get("/slow"); });
    const auto begin = Clock::now();
    while (Clock::now() < begin + i * 20us) std::this_thread::yield();
    client.stop();
    CHECK_FALSE(slow.get());
    REQUIRE(Clock::now() - begin < 2s);
  }
}

TEST_CASE("client: stop ends a call that still connects within 100 ms") {
  auto options = toPort(9);
  options.host = "192.0.2.1";  // RFC 5737: nobody
  options.connectTimeout = 30s;
  Client client(options);
  auto call = std::async(std::launch::async, [&client] { return client.get("/"); });
  CHECK(call.wait_for(20ms) != std::future_status::deferred);
  const auto begin = Clock::now();
  client.stop();
  CHECK_FALSE(call.get());
  CHECK(Clock::now() - begin < 100ms);
}

TEST_CASE("client: a target that would break the request is refused") {
  Client client(toPort(1));
  for (const auto* target : {"/a b", "/a\r\nX: y", "/a\n"}) {
    CHECK(client.get(target).error().code == ErrorCode::InvalidArgument);
  }
}

TEST_CASE("client: a unix socket is asked like a port") {
  const UnixServer server;
  ClientOptions options;
  options.socketPath = server.path();
  Client client(options);
  auto call = std::async(std::launch::async, [&client] { return client.get("/info"); });
  const auto request =
      server.answerOnce("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
  const auto answer = call.get();
  REQUIRE(answer);
  CHECK(answer->body == "{}");
  CHECK(request.find("Host: localhost\r\n") != std::string::npos);
}

TEST_CASE("client: an answer with trailers is an answer, its body is whole") {
  const UnixServer server;
  auto serving = std::async(std::launch::async, [&server] {
    return server.answerOnce(
        "HTTP/1.1 404 Not Found\r\nTrailer: Grpc-Status\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n0\r\nGrpc-Status: 5\r\n\r\n");
  });
  ClientOptions options;
  options.socketPath = server.path();
  Client client(options);
  const auto answer = client.get("/");
  serving.get();
  REQUIRE(answer);
  CHECK(answer->status == 404);
  CHECK(answer->body == "hello");
}

TEST_CASE("client: no unix socket there is Unavailable") {
  ClientOptions options;
  options.socketPath = "/nonexistent/docker.sock";
  Client client(options);
  const auto answer = client.get("/info");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::Unavailable);
}

}  // namespace cluster_lab::http
