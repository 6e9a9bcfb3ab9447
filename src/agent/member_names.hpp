#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "registry/go_object.hpp"

/// Consul's two spellings of members, and its durations.
namespace cluster_lab::agent {

/// "DeregisterCriticalServiceAfter" -> "deregister_critical_service_after", "TLSSkipVerify" ->
/// "tls_skip_verify".
[[nodiscard]] std::string snakeCase(std::string_view camelCase);
/// Under which of its two spellings the object has the member; as given where it has none.
[[nodiscard]] std::string spelling(const registry::GoObject& object, std::string_view camelCase);
/// Is the member one of these, in any case and spelling?
[[nodiscard]] bool isAmong(std::span<const std::string_view> camelCase, std::string_view member);

/// "10s", or a number of nanoseconds; 0 where it is missing. What is neither is kept as the
/// object's error, in Go's words.
[[nodiscard]] std::chrono::nanoseconds durationIn(const registry::GoObject& object,
                                                  std::string_view camelCase);
/// As Go writes durations: "500ms", "1m30s", "0s".
[[nodiscard]] std::string goDuration(std::chrono::nanoseconds duration);

}  // namespace cluster_lab::agent
