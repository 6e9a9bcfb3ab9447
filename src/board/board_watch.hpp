#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "os/event_loop.hpp"
#include "os/worker.hpp"

namespace cluster_lab::board {

/// Looks every 30 s whether the board has a problem (problemsOf), on a thread of its own, since its
/// firmware may take its time. Loop thread only.
class BoardWatch {
 public:
  /// Told from another thread, also when nothing is new; nullopt: that is fine.
  using Tell = std::function<void(const std::string& code, const std::optional<Error>& problem)>;

  BoardWatch(os::EventLoop& loop, std::filesystem::path root, Tell tell);

 private:
  void look();

  os::EventLoop& loop_;
  std::filesystem::path root_;
  Tell tell_;
  os::Timer timer_;
  os::Worker worker_;  // last: its thread uses the rest
};

}  // namespace cluster_lab::board
