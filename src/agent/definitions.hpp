#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/rows.hpp"

namespace cluster_lab::agent {

/// How a check finds out; Consul's check types.
enum class CheckKind : std::uint8_t { Ttl, Http, Tcp, Script, Alias, Maintenance };

/// Consul's name of it: "ttl", "http", ...
[[nodiscard]] std::string_view toString(CheckKind kind);

/// Headers of a request, each with its values.
using Header = std::map<std::string, std::vector<std::string>>;

/// Output of a check is cut to this, unless the client wants less or more (checks.DefaultBufSize).
inline constexpr std::size_t kOutputSize = 4096;

/// A check as it was registered (api-docs/agent/check). What does not belong to its kind is empty.
struct CheckDefinition {
  std::string id;
  std::string name;
  std::string notes;
  std::string serviceId;                   ///< empty: of the whole node
  std::optional<registry::Health> status;  ///< to begin with; critical without

  std::string http;  ///< the URL
  std::string method;
  std::string body;
  Header header;
  bool tlsSkipVerify = false;
  bool disableRedirects = false;
  std::string tcp;                ///< HOST:PORT
  std::vector<std::string> args;  ///< of a script: program and arguments
  std::string aliasNode;          ///< name of another node; empty: this one
  std::string aliasService;       ///< id; empty: the node as a whole
  bool maintenance = false;       ///< there for as long as the maintenance lasts

  std::chrono::nanoseconds ttl{0};
  std::chrono::nanoseconds interval{0};
  std::chrono::nanoseconds timeout{0};          ///< 0: the kind's own
  std::chrono::nanoseconds deregisterAfter{0};  ///< critical that long: the service goes; 0: never
  unsigned successBeforePassing = 0;
  unsigned failuresBeforeWarning = 0;
  unsigned failuresBeforeCritical = 0;
  std::size_t outputSize = kOutputSize;

  [[nodiscard]] CheckKind kind() const;
  bool operator==(const CheckDefinition&) const = default;
};

/// A service as it was registered; which node it is on is left open.
using ServiceDefinition = registry::Service;

/// What PUT /v1/agent/service/register asks for.
struct ServiceRegistration {
  ServiceDefinition service;
  std::vector<CheckDefinition> checks;
};

/// All that clients registered on this node, as it is kept over restarts.
struct LocalDefinitions {
  std::vector<ServiceDefinition> services;
  std::vector<CheckDefinition> checks;

  bool operator==(const LocalDefinitions&) const = default;
};

/// Ids of the checks by which maintenance shows (structs.NodeMaint, structs.ServiceMaintPrefix).
inline constexpr std::string_view kNodeMaintenance = "_node_maintenance";
[[nodiscard]] std::string serviceMaintenance(std::string_view serviceId);

}  // namespace cluster_lab::agent
