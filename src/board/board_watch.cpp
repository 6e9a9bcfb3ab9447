#include "board/board_watch.hpp"

#include <chrono>
#include <utility>

#include "board/board.hpp"

namespace cluster_lab::board {
namespace {

constexpr auto kInterval = std::chrono::seconds(30);

}  // namespace

BoardWatch::BoardWatch(os::EventLoop& loop, std::filesystem::path root, Tell tell)
    : loop_(loop),
      root_(std::move(root)),
      tell_(std::move(tell)),
      timer_(loop, [this] { look(); }) {
  look();
}

void BoardWatch::look() {
  worker_.post([this] {
    for (const auto& [code, problem] : problemsOf(readReadings(root_))) tell_(code, problem);
  });
  timer_.set(loop_.now() + kInterval);
}

}  // namespace cluster_lab::board
