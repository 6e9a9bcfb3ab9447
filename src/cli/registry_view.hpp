#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

/// What Consul's API tells, as far as the command shows it. All texts are printable but for values
/// and payloads, which are any bytes. What an answer lacks stays empty.
namespace cluster_lab::cli {

/// GET /v1/internal/ui/services
struct ServiceView {
  std::string name;
  std::vector<std::string> tags;
  std::uint64_t instances = 0;
  std::uint64_t passing = 0;  ///< checks
  std::uint64_t warning = 0;
  std::uint64_t critical = 0;

  [[nodiscard]] std::string health() const;  ///< its worst check's
};

/// GET /v1/health/service/NAME
struct InstanceView {
  struct Check {
    std::string name;
    std::string status;
    std::string output;
  };
  std::string node;
  std::string id;
  std::string address;  ///< its own, else its node's
  std::uint16_t port = 0;
  std::vector<std::string> tags;
  std::vector<Check> checks;

  [[nodiscard]] std::string health() const;  ///< its worst check's
};

/// GET /v1/agent/members
struct MemberView {
  std::string name;
  std::string address;
  std::string status;  ///< "alive", "leaving", "left", "failed"
  std::string build;
};

/// GET /v1/event/list
struct EventView {
  std::string name;
  std::string payload;
  std::string id;
};

/// GET /cluster/v1/timeline
struct MomentView {
  std::int64_t time = 0;  ///< Unix seconds; 0: the clock was not set
  std::string kind;
  std::string text;
};

/// GET /v1/kv/KEY
struct KeyView {
  std::string key;
  std::string value;
};

/// Corrupt: no such JSON.
[[nodiscard]] Result<std::vector<ServiceView>> parseServices(std::string_view json);
[[nodiscard]] Result<std::vector<InstanceView>> parseInstances(std::string_view json);
[[nodiscard]] Result<std::vector<MemberView>> parseMembers(std::string_view json);
[[nodiscard]] Result<std::vector<EventView>> parseEvents(std::string_view json);
[[nodiscard]] Result<std::vector<MomentView>> parseTimeline(std::string_view json);
[[nodiscard]] Result<std::vector<KeyView>> parseKeys(std::string_view json);
/// The answer of GET /v1/kv/PREFIX?keys, printable.
[[nodiscard]] Result<std::vector<std::string>> parseKeyNames(std::string_view json);

/// What `kv export` prints, as Consul's own command does: [{"key","flags","value" (base64)}].
[[nodiscard]] Result<std::string> exportOf(std::string_view kvAnswer);

/// One key of such a document.
struct ImportedKey {
  std::string key;
  std::uint64_t flags = 0;
  std::string value;
};
/// InvalidArgument: not what exportOf() writes; names the key that is wrong.
[[nodiscard]] Result<std::vector<ImportedKey>> parseExport(std::string_view json);

}  // namespace cluster_lab::cli
