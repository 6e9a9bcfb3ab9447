#pragma once

#include <string>
#include <string_view>

#include "agent/definitions.hpp"
#include "base/error.hpp"

namespace cluster_lab::agent {

// Definitions as Consul's clients write them: members in UpperCamel or snake_case, any case;
// durations as texts ("10s") or as numbers of nanoseconds. InvalidArgument has Consul's text, which
// the client is answered with.

/// The body of PUT /v1/agent/service/register, with its checks named as Consul does
/// ("service:ID", "service:ID:2"), all of it checked by the rules.
[[nodiscard]] Result<ServiceRegistration> parseServiceRegistration(std::string_view body);
/// The body of PUT /v1/agent/check/register, likewise.
[[nodiscard]] Result<CheckDefinition> parseCheckRegistration(std::string_view body);

/// What a client tells of a TTL check (PUT /v1/agent/check/update/ID).
struct TtlReport {
  registry::Health status = registry::Health::Passing;
  std::string output;
};
[[nodiscard]] Result<TtlReport> parseTtlReport(std::string_view body);

/// "passing", "warning", "critical"; nullopt: another.
[[nodiscard]] std::optional<registry::Health> parseHealth(std::string_view text);

// The file in which they are kept (docs/registry.md).
[[nodiscard]] std::string toJson(const LocalDefinitions& definitions);
[[nodiscard]] Result<LocalDefinitions> parseDefinitions(std::string_view text);

}  // namespace cluster_lab::agent
