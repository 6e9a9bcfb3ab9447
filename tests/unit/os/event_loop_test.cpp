#include "os/event_loop.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "os/file_descriptor.hpp"
#include "run_until.hpp"

namespace cluster_lab::os::test {
namespace {

using namespace std::chrono_literals;

struct TestPipe {
  TestPipe() {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    read = FileDescriptor(ends[0]);
    write = FileDescriptor(ends[1]);
  }
  void put(const std::string& text) const {
    REQUIRE(::write(write.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  [[nodiscard]] char take() const {
    char c = 0;
    REQUIRE(::read(read.get(), &c, 1) == 1);
    return c;
  }

  FileDescriptor read;
  FileDescriptor write;
};

}  // namespace

TEST_CASE("event loop: quit before run ends it with its code, and it runs again") {
  const auto loop = makeLoop();
  loop->quit(3);
  CHECK(loop->run() == 3);
  loop->quit(4);
  CHECK(loop->run() == 4);
}

TEST_CASE("event loop: timers fire in the order of their times, and never early") {
  const auto loop = makeLoop();
  std::string order;
  const auto start = loop->now();
  TimePoint firedAt;
  const auto late = loop->at(start + 30ms, [&] {
    firedAt = loop->now();
    order += 'c';
    loop->quit(0);
  });
  const auto early = loop->at(start + 10ms, [&] { order += 'b'; });
  const auto past = loop->at(start - 1h, [&] { order += 'a'; });
  REQUIRE((late && early && past));
  REQUIRE(loop->run());
  CHECK(order == "abc");
  CHECK(firedAt >= start + 30ms);
}

TEST_CASE("event loop: a destroyed handle does not fire") {
  const auto loop = makeLoop();
  bool fired = false;
  auto gone = loop->at(loop->now(), [&] { fired = true; });
  REQUIRE(gone);
  gone->reset();
  const auto end = loop->at(loop->now() + 5ms, [&] { loop->quit(0); });
  REQUIRE(loop->run());
  CHECK_FALSE(fired);
}

TEST_CASE("event loop: a handle may be destroyed in its own callback, which goes on") {
  const auto loop = makeLoop();
  EventHandle handle;
  std::string after;
  handle = *loop->at(loop->now(), [&, text = std::string("a capture of some length, kept alive")] {
    handle.reset();
    after = text;
    loop->quit(0);
  });
  REQUIRE(loop->run());
  CHECK(after == "a capture of some length, kept alive");
}

TEST_CASE("event loop: a readable descriptor is told of until it is read, and when it hangs up") {
  const auto loop = makeLoop();
  TestPipe pipe;
  std::string got;
  EventHandle watch;
  int calls = 0;
  watch = *loop->watchReadable(pipe.read.get(), [&] {
    ++calls;
    if (got.size() < 2) {
      got += pipe.take();
    } else {
      watch.reset();
    }
  });
  pipe.put("xy");
  REQUIRE(runUntil(*loop, [&] { return got == "xy"; }));
  CHECK(calls == 2);
  pipe.write.close();
  CHECK(runUntil(*loop, [&] { return watch == nullptr; }));
}

TEST_CASE("event loop: a descriptor that is none cannot be watched, and the error says why") {
  const auto loop = makeLoop();
  const auto watch = loop->watchReadable(-1, [] {});
  REQUIRE_FALSE(watch);
  CHECK(watch.error().message.starts_with("watch a descriptor: "));
}

TEST_CASE("event loop: what other threads post runs on the loop thread, in order") {
  const auto loop = makeLoop();
  constexpr int kPosts = 1000;
  std::vector<int> seen;
  bool onLoopThread = true;
  const auto self = std::this_thread::get_id();
  std::thread other([&] {
    for (int i = 0; i < kPosts; ++i) {
      loop->post([&, i] {
        seen.push_back(i);
        onLoopThread = onLoopThread && std::this_thread::get_id() == self;
      });
    }
    loop->quit(0);
  });
  REQUIRE(loop->run());
  other.join();
  REQUIRE(seen.size() == kPosts);
  CHECK(std::ranges::is_sorted(seen));
  CHECK(onLoopThread);
}

TEST_CASE("event loop: what a posted call posts runs in a later turn, so timers get theirs") {
  const auto loop = makeLoop();
  int turns = 0;
  std::function<void()> again = [&] {
    ++turns;
    loop->post(again);
  };
  loop->post(again);
  const auto end = loop->at(loop->now() + 10ms, [&] { loop->quit(0); });
  REQUIRE(loop->run());
  CHECK(turns > 1);
}

TEST_CASE("event loop: a signal calls, each time") {
  const auto loop = makeLoop();
  int calls = 0;
  const auto watch = loop->onSignal(SIGUSR1, [&] { ++calls; });
  REQUIRE(watch);
  for (int i = 1; i <= 2; ++i) {
    kill(getpid(), SIGUSR1);
    REQUIRE(runUntil(*loop, [&] { return calls == i; }));
  }
}

TEST_CASE("event loop: a child's end is told once, with its status, and it is reaped") {
  const auto loop = makeLoop();
  std::vector<int> statuses;
  const pid_t exits = fork();
  if (exits == 0) _exit(7);
  const pid_t dies = fork();
  if (dies == 0) {
    for (;;) pause();
  }
  const auto first = loop->onChildExit(exits, [&](int status) { statuses.push_back(status); });
  const auto second = loop->onChildExit(dies, [&](int status) { statuses.push_back(status); });
  REQUIRE((first && second));
  REQUIRE(runUntil(*loop, [&] { return statuses.size() == 1; }));
  CHECK(WIFEXITED(statuses[0]));
  CHECK(WEXITSTATUS(statuses[0]) == 7);
  kill(dies, SIGKILL);
  REQUIRE(runUntil(*loop, [&] { return statuses.size() == 2; }));
  CHECK(WIFSIGNALED(statuses[1]));
  CHECK(WTERMSIG(statuses[1]) == SIGKILL);
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("event loop: a handle may live longer than the loop") {
  auto loop = makeLoop();
  auto timer = loop->at(loop->now() + 1h, [] {});
  REQUIRE(timer);
  loop.reset();
  timer->reset();
}

TEST_CASE("timer: each set forgets the one before, clear forgets all") {
  const auto loop = makeLoop();
  int fired = 0;
  Timer timer(*loop, [&] { ++fired; });
  timer.set(loop->now());
  timer.set(loop->now() + 5ms);
  REQUIRE(runUntil(*loop, [&] { return fired > 0; }));
  timer.set(loop->now());
  timer.clear();
  const auto end = loop->at(loop->now() + 10ms, [&] { loop->quit(0); });
  REQUIRE(loop->run());
  CHECK(fired == 1);
}

TEST_CASE("event loop: without systemd there is no watchdog to feed, which is no error") {
  unsetenv("WATCHDOG_USEC");
  CHECK(makeLoop()->feedWatchdog());
}

}  // namespace cluster_lab::os::test
