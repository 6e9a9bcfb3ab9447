#pragma once

#include <memory>

#include "base/error.hpp"
#include "config/settings.hpp"

namespace cluster_lab::daemon {

/// The whole daemon: builds everything in order, joins the parts, and takes them down in reverse.
class App {
 public:
  /// What run() gives when another node has this one's identity: begin anew with another one
  /// (new_identity.hpp).
  static constexpr int kIdentityTaken = -1;

  /// Conflict: a port is taken. What can be missing for a while (link, leader, tools) is no failure
  /// here: the daemon waits for it and says so.
  [[nodiscard]] static Result<std::unique_ptr<App>> create(const config::Settings& settings);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Until SIGTERM or SIGINT; gives the exit code. The calling thread is the loop thread.
  [[nodiscard]] Result<int> run();

 private:
  struct Impl;
  explicit App(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::daemon
