#include "daemon/board_service.hpp"

#include <utility>

#include "board/board.hpp"
#include "os/log.hpp"

namespace cluster_lab::daemon {
namespace {

constexpr std::size_t kMostLabels = 61;  // what the registry takes of a node

}  // namespace

BoardService::BoardService(os::EventLoop& loop, const config::Settings& settings,
                           StatusBoard& status)
    : facts_(board::readFacts(settings.board.root)) {
  if (!facts_) return;
  os::log::info("this node is a " + facts_->model);
  openLed(settings);
  const auto root = settings.board.root;
  status.readBoardBy([root, facts = *facts_] {
    return board::Board{.facts = facts, .readings = board::readReadings(root)};
  });
  watch_ = std::make_unique<board::BoardWatch>(
      loop, root, [&status](const std::string& code, const std::optional<Error>& problem) {
        status.tell(code, problem);
      });
}

void BoardService::openLed(const config::Settings& settings) {
  if (!settings.board.led) return;
  auto led = board::RoleLed::open(settings.board.root, settings.runDirectory);
  if (led) {
    led_ = std::move(*led);
  } else if (led.error().code != ErrorCode::NotFound) {
    giveUpLed(led.error());
  }
}

registry::NodeRegistration BoardService::describe(registry::NodeRegistration node) const {
  if (facts_) node.labels = board::withLabelsOf(*facts_, std::move(node.labels), kMostLabels);
  return node;
}

void BoardService::show(Role role) {
  if (!led_) return;
  if (auto done = led_->show(role); !done) giveUpLed(done.error());
}

void BoardService::putBack() {
  if (!led_) return;
  if (auto done = led_->putBack(); !done) giveUpLed(done.error());
}

/// The cluster does not depend on it.
void BoardService::giveUpLed(const Error& error) {
  os::log::info("the LED does not show the role: " + error.text());
  led_.reset();
}

}  // namespace cluster_lab::daemon
