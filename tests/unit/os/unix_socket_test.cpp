#include "os/unix_socket.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <thread>
#include <vector>

#include "os/file_descriptor.hpp"
#include "os/unix_address.hpp"
#include "run_until.hpp"

namespace cluster_lab::os::test {
namespace {

using namespace std::chrono_literals;

/// A server, and clients on threads of their own, since they block.
struct World {
  World() : path("/tmp/os-unix-" + std::to_string(getpid()) + ".sock") {}
  void serve(UnixServer::Handler handler) {
    auto listening = UnixServer::listen(*loop, path, std::move(handler));
    REQUIRE(listening);
    server = std::move(*listening);
  }
  Result<std::string> ask(const std::string& request, std::chrono::milliseconds timeout = 10s) {
    std::optional<Result<std::string>> answer;
    std::jthread client([&] {
      auto got = askUnixServer(path, request, timeout);
      loop->post([&, got] {
        answer = got;
        loop->quit(0);
      });
    });
    REQUIRE(loop->run());
    return *answer;
  }
  /// A client that has connected and does what the case wants.
  [[nodiscard]] FileDescriptor connected() const {
    const auto address = unixAddress(path);
    REQUIRE(address);
    FileDescriptor fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    REQUIRE(connect(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0);
    return fd;
  }

  std::string path;
  std::unique_ptr<EventLoop> loop = makeLoop();
  std::unique_ptr<UnixServer> server;
};

std::string echo(std::string request) {
  return "got " + request;
}

}  // namespace

TEST_CASE("unix server: each request has its answer") {
  World world;
  world.serve(echo);
  CHECK(world.ask("one") == "got one");
  CHECK(world.ask("two") == "got two");
}

TEST_CASE("unix server: its socket has mode 0660 and goes with it") {
  World world;
  world.serve(echo);
  struct stat status {};
  REQUIRE(stat(world.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0660);
  world.server.reset();
  CHECK(stat(world.path.c_str(), &status) == -1);
}

TEST_CASE("unix server: the largest message goes through both ways, a larger one does not") {
  World world;
  world.serve([](std::string request) { return request; });
  const std::string largest(kUnixMessageMax, 'x');
  CHECK(world.ask(largest) == largest);
  const auto refused = world.ask(largest + "x");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::InvalidArgument);
}

TEST_CASE("unix server: too large a request is dropped, too large an answer is not sent") {
  World world;
  bool called = false;
  world.serve([&](std::string) {
    called = true;
    return std::string(kUnixMessageMax + 1, 'x');
  });
  const auto client = world.connected();
  const int room = 1 << 19;
  setsockopt(client.get(), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  const std::string request(kUnixMessageMax + 1, 'x');
  REQUIRE(send(client.get(), request.data(), request.size(), 0) > 0);
  char byte = 0;
  CHECK(runUntil(*world.loop, [&] { return recv(client.get(), &byte, 1, MSG_DONTWAIT) == 0; }));
  CHECK_FALSE(called);
  const auto answer = world.ask("x");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::Unavailable);
  CHECK(called);
}

TEST_CASE("unix server: clients that go away or say nothing do not keep it from others") {
  World world;
  int calls = 0;
  world.serve([&](std::string request) {
    ++calls;
    return request;
  });
  { const auto gone = world.connected(); }
  const auto silent = world.connected();
  {
    const auto impatient = world.connected();
    REQUIRE(send(impatient.get(), "x", 1, 0) == 1);
  }
  CHECK(world.ask("y") == "y");
  CHECK(calls == 2);
}

TEST_CASE("unix server: a silent client is dropped after 5 s") {
  World world;
  world.serve(echo);
  const auto silent = world.connected();
  const auto start = world.loop->now();
  char byte = 0;
  CHECK(runUntil(*world.loop, [&] { return recv(silent.get(), &byte, 1, MSG_DONTWAIT) == 0; }));
  CHECK(world.loop->now() - start >= 5s);
}

TEST_CASE("unix server: more clients than it takes are dropped at once") {
  World world;
  world.serve(echo);
  std::vector<FileDescriptor> silent;
  for (int i = 0; i < 64; ++i) {
    silent.push_back(world.connected());
    if (i % 8 == 7)
      CHECK_FALSE(runUntil(
          *world.loop, [] { return false; }, 5ms));
  }
  const auto refused = world.ask("x");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Unavailable);
  silent.clear();
  CHECK(world.ask("x") == "got x");
}

TEST_CASE("unix server: it takes the place of a socket that a killed daemon left") {
  World world;
  {
    const auto address = unixAddress(world.path);
    const FileDescriptor left(socket(AF_UNIX, SOCK_SEQPACKET, 0));
    REQUIRE(bind(left.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0);
  }
  world.serve(echo);
  CHECK(world.ask("x") == "got x");
}

TEST_CASE("unix server: it takes the place of nobody who listens, and of no file") {
  World world;
  world.serve(echo);
  const auto second = UnixServer::listen(*world.loop, world.path, echo);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::Conflict);
  CHECK(world.ask("x") == "got x");
  world.server.reset();
  std::ofstream(world.path) << "precious";
  const auto third = UnixServer::listen(*world.loop, world.path, echo);
  unlink(world.path.c_str());
  REQUIRE_FALSE(third);
  CHECK(third.error().code == ErrorCode::AlreadyExists);
}

TEST_CASE("unix server: it may be destroyed in its handler") {
  World world;
  world.serve([&](std::string) {
    world.server.reset();
    return "bye";
  });
  CHECK(world.ask("x") == "bye");
  CHECK(world.server == nullptr);
}

TEST_CASE("unix client: nobody there is Unavailable, no answer is TimedOut") {
  World world;
  const auto nobody = askUnixServer(world.path, "x", 1s);
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == ErrorCode::Unavailable);
  world.serve(echo);
  const auto start = world.loop->now();
  const auto late = askUnixServer(world.path, "x", 50ms);  // the loop does not run
  REQUIRE_FALSE(late);
  CHECK(late.error().code == ErrorCode::TimedOut);
  CHECK(world.loop->now() - start >= 50ms);
}

TEST_CASE("unix client: a path that is too long is refused") {
  const auto answer = askUnixServer(std::string(108, 'x'), "x", 1s);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::InvalidArgument);
}

}  // namespace cluster_lab::os::test
