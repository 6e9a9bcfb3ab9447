#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cli/cluster_view.hpp"

namespace cluster_lab::cli {

/// A connection's failure in a user's words, with what to do.
[[nodiscard]] Error unreachable(const Error& error);

/// Asks a daemon's :8500, reading only. Calls block, a few seconds at most. Errors: Unavailable or
/// TimedOut where nobody answers, Corrupt where something other than a Cluster Lab node does.
class DaemonClient {
 public:
  DaemonClient(std::string host, std::uint16_t port);

  /// The JSON as it came.
  [[nodiscard]] Result<std::string> statusJson() const;
  [[nodiscard]] Result<std::string> nodesJson() const;
  [[nodiscard]] Result<StatusView> status() const;
  [[nodiscard]] Result<std::vector<NodeView>> nodes() const;
  /// "HOST:PORT".
  [[nodiscard]] std::string place() const;

 private:
  [[nodiscard]] Result<std::string> ask(const std::string& target) const;

  std::string host_;
  std::uint16_t port_;
};

}  // namespace cluster_lab::cli
