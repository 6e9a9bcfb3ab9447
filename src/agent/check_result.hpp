#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "registry/rows.hpp"

namespace cluster_lab::agent {

/// What a run of a check found out.
struct CheckResult {
  registry::Health status = registry::Health::Critical;
  std::string output;

  bool operator==(const CheckResult&) const = default;
};

/// The beginning of what a client told of a TTL check, with Consul's mark where it is cut.
[[nodiscard]] std::string cutReport(std::string output, std::size_t size);
/// The end of what a program printed, `total` bytes in all, with Consul's mark where something is
/// missing.
[[nodiscard]] std::string cutPrinted(std::string_view end, std::size_t total);
/// What a TTL check says when its time is over, after its last output.
[[nodiscard]] std::string expired(const std::string& lastOutput);

/// How an HTTP check sees an answer; `reason` is the phrase behind the status, `body` its end.
[[nodiscard]] CheckResult judgeAnswer(const std::string& method, const std::string& url, int status,
                                      const std::string& reason, std::string_view body);
/// How a script check sees its end: 0 passing, 1 warning, else critical.
[[nodiscard]] registry::Health judgeExit(int exitStatus);

}  // namespace cluster_lab::agent
