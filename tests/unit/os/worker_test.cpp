#include "os/worker.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <vector>

namespace cluster_lab::os::test {

using namespace std::chrono_literals;

TEST_CASE("worker: tasks run in the order posted") {
  std::vector<int> seen;
  Worker worker;
  for (int i = 0; i < 100; ++i) worker.post([&seen, i] { seen.push_back(i); });
  REQUIRE(worker.drain(10s));
  REQUIRE(seen.size() == 100);
  CHECK(std::ranges::is_sorted(seen));
}

TEST_CASE("worker: what has not begun is dropped by clear, and at the end") {
  std::promise<void> gate;
  std::atomic<bool> ran = false;
  {
    Worker worker;
    std::promise<void> begun;
    worker.post([&] {
      begun.set_value();
      gate.get_future().wait();
    });
    begun.get_future().wait();
    worker.post([&] { ran = true; });
    worker.clear();
    CHECK_FALSE(worker.drain(10ms));
    worker.post([&] { ran = true; });
    worker.clear();
    gate.set_value();
  }
  CHECK_FALSE(ran);
}

}  // namespace cluster_lab::os::test
