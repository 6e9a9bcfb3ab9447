#include "run_until.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::os::test {

std::unique_ptr<EventLoop> makeLoop() {
  auto loop = EventLoop::create();
  REQUIRE(loop);
  return std::move(*loop);
}

bool runUntil(EventLoop& loop, const std::function<bool()>& condition,
              std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kLookEvery{2};
  const auto deadline = loop.now() + limit;
  Timer* again = nullptr;
  Timer look(loop, [&] {
    if (condition()) return loop.quit(0);
    if (loop.now() > deadline) return loop.quit(1);
    again->set(loop.now() + kLookEvery);
  });
  again = &look;
  look.set(loop.now());
  const auto code = loop.run();
  REQUIRE(code);
  return *code == 0;
}

}  // namespace cluster_lab::os::test
