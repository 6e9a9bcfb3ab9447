#pragma once

#include <span>
#include <string>

#include "agent/local_services.hpp"
#include "registry/json_writer.hpp"

/// This node's services and checks as Consul's agent shows them (Consul 1.8's members in its
/// order).
namespace cluster_lab::agent {

/// As in /v1/agent/services, without closing the object: a single service has one member more.
void beginService(registry::JsonWriter& json, const ServiceDefinition& service);
void writeService(registry::JsonWriter& json, const ServiceDefinition& service);
/// Changes when the service does.
[[nodiscard]] std::string contentHash(const ServiceDefinition& service);

/// As in /v1/agent/checks; `service` is the one that it is of, if any.
void writeCheck(registry::JsonWriter& json, const LocalCheck& check, const std::string& node,
                const ServiceDefinition* service);

/// The worst of a service's checks and its node's: "passing", "warning", "critical", "maintenance".
[[nodiscard]] std::string aggregatedStatus(const LocalServices& local, std::string_view serviceId);
/// The HTTP status that stands for it.
[[nodiscard]] int healthCode(std::string_view status);
/// As in /v1/agent/health/service.
void writeServiceHealth(registry::JsonWriter& json, const LocalServices& local,
                        const ServiceDefinition& service, const std::string& node);

}  // namespace cluster_lab::agent
