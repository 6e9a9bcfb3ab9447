#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::cli {

/// Where a key of the key/value store is asked for and changed; its slashes stay.
[[nodiscard]] std::string keyTarget(std::string_view key);

/// Speaks Consul's HTTP API with a daemon's :8500, writing too. Calls block. Errors: Unavailable or
/// TimedOut where nobody answers, NotFound for a 404, PermissionDenied for a 403, Exhausted for a
/// 413, Io for all other refusals, each with what the daemon said.
class RegistryClient {
 public:
  struct Answer {
    std::string body;
    std::string index;  ///< X-Consul-Index, to wait on; empty: none
  };

  /// A change may wait for a follower's copy, or for a new leader.
  static constexpr std::chrono::seconds kChangeTime{30};

  RegistryClient(std::string host, std::uint16_t port);

  /// `patience`: how long the daemon may be silent, for questions that wait.
  [[nodiscard]] Result<Answer> get(const std::string& target, std::chrono::milliseconds patience =
                                                                  std::chrono::seconds(10)) const;
  [[nodiscard]] Result<std::string> put(const std::string& target, const std::string& body,
                                        std::chrono::milliseconds patience = kChangeTime) const;
  [[nodiscard]] Result<std::string> remove(const std::string& target) const;

 private:
  [[nodiscard]] Result<Answer> ask(const std::string& method, const std::string& target,
                                   const std::string& body,
                                   std::chrono::milliseconds patience) const;

  std::string host_;
  std::uint16_t port_;
};

}  // namespace cluster_lab::cli
