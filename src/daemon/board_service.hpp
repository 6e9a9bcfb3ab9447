#pragma once

#include <memory>
#include <optional>

#include "base/role.hpp"
#include "board/board_watch.hpp"
#include "board/facts.hpp"
#include "board/role_led.hpp"
#include "config/settings.hpp"
#include "daemon/status_board.hpp"
#include "registry/records.hpp"

namespace cluster_lab::daemon {

/// The board that this node runs on: its facts, its problems, its LED. On a machine that is no such
/// board (a PC) it does nothing. Loop thread only.
class BoardService {
 public:
  BoardService(os::EventLoop& loop, const config::Settings& settings, StatusBoard& status);

  /// With what stays the same of the board among its labels.
  [[nodiscard]] registry::NodeRegistration describe(registry::NodeRegistration node) const;
  /// By the LED, where there is one.
  void show(Role role);
  /// The LED shows again what it showed before.
  void putBack();

 private:
  void openLed(const config::Settings& settings);
  void giveUpLed(const Error& error);

  std::optional<board::Facts> facts_;
  std::optional<board::RoleLed> led_;
  std::unique_ptr<board::BoardWatch> watch_;
};

}  // namespace cluster_lab::daemon
