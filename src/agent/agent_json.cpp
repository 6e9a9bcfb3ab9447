#include "agent/agent_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cluster_lab::agent {
namespace {

using registry::Health;
using registry::JsonWriter;

void writeTags(JsonWriter& json, const ServiceDefinition* service) {
  json.key("ServiceTags").beginArray();
  if (service != nullptr) {
    for (const auto& tag : service->tags) json.string(tag);
  }
  json.endArray();
}

/// The members that are the same wherever a check is shown.
void beginCheck(JsonWriter& json, const LocalCheck& check, const std::string& node,
                const ServiceDefinition* service) {
  json.beginObject()
      .member("Node", node)
      .member("CheckID", check.definition.id)
      .member("Name", check.definition.name)
      .member("Status", registry::toString(check.status))
      .member("Notes", check.definition.notes)
      .member("Output", check.output)
      .member("ServiceID", check.definition.serviceId)
      .member("ServiceName", service == nullptr ? "" : service->name);
}

void endCheck(JsonWriter& json) {
  json.member("CreateIndex", 0).member("ModifyIndex", 0).endObject();
}

/// Consul shows it empty here, with its members.
void writeEmptyDefinition(JsonWriter& json) {
  json.key("Definition")
      .beginObject()
      .member("Interval", "0s")
      .member("Timeout", "0s")
      .member("DeregisterCriticalServiceAfter", "0s")
      .member("HTTP", "")
      .key("Header")
      .null()
      .member("Method", "")
      .member("Body", "")
      .key("TLSSkipVerify")
      .boolean(false)
      .member("TCP", "")
      .endObject();
}

const ServiceDefinition* serviceOf(const LocalServices& local, const LocalCheck& check) {
  const auto service = local.services().find(check.definition.serviceId);
  return service == local.services().end() ? nullptr : &service->second;
}

/// The checks of the service, and of the node.
template <typename Use>
void forEachCheckOf(const LocalServices& local, std::string_view serviceId, Use use) {
  for (const auto& [id, check] : local.checks()) {
    const auto& of = check.definition.serviceId;
    if (of.empty() || of == serviceId) use(check);
  }
}

}  // namespace

void beginService(JsonWriter& json, const ServiceDefinition& service) {
  json.beginObject().member("ID", service.id).member("Service", service.name);
  json.key("Tags").beginArray();
  for (const auto& tag : service.tags) json.string(tag);
  json.endArray().key("Meta").beginObject();
  for (const auto& [name, value] : service.meta) json.member(name, value);
  json.endObject().member("Port", service.port).member("Address", service.address);
  if (!service.taggedAddresses.empty()) {
    json.key("TaggedAddresses").beginObject();
    for (const auto& [name, value] : service.taggedAddresses) {
      json.key(name).beginObject().member("Address", value.address).member("Port", value.port);
      json.endObject();
    }
    json.endObject();
  }
  json.key("Weights")
      .beginObject()
      .member("Passing", service.passingWeight)
      .member("Warning", service.warningWeight)
      .endObject()
      .key("EnableTagOverride")
      .boolean(service.enableTagOverride);
}

void writeService(JsonWriter& json, const ServiceDefinition& service) {
  beginService(json, service);
  json.endObject();
}

std::string contentHash(const ServiceDefinition& service) {
  // FNV-1a, 64 bits.
  std::uint64_t hash = 0xcbf29ce484222325;
  JsonWriter json;
  writeService(json, service);
  for (const char byte : json.finish()) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  }
  return fmt::format("{:x}", hash);
}

void writeCheck(JsonWriter& json, const LocalCheck& check, const std::string& node,
                const ServiceDefinition* service) {
  beginCheck(json, check, node, service);
  writeTags(json, service);
  json.member("Type", toString(check.definition.kind()))
      .key("Definition")
      .beginObject()
      .endObject();
  endCheck(json);
}

std::string aggregatedStatus(const LocalServices& local, std::string_view serviceId) {
  auto worst = Health::Passing;
  bool maintenance = false;
  forEachCheckOf(local, serviceId, [&](const LocalCheck& check) {
    maintenance = maintenance || check.definition.maintenance;
    worst = std::max(worst, check.status);
  });
  return maintenance ? "maintenance" : std::string(registry::toString(worst));
}

int healthCode(std::string_view status) {
  if (status == registry::toString(Health::Passing)) return 200;
  return status == registry::toString(Health::Warning) ? 429 : 503;
}

void writeServiceHealth(JsonWriter& json, const LocalServices& local,
                        const ServiceDefinition& service, const std::string& node) {
  json.beginObject().member("AggregatedStatus", aggregatedStatus(local, service.id));
  json.key("Service");
  writeService(json, service);
  json.key("Checks").beginArray();
  forEachCheckOf(local, service.id, [&](const LocalCheck& check) {
    const auto* owner = serviceOf(local, check);
    beginCheck(json, check, node, owner);
    if (owner == nullptr || owner->tags.empty()) {
      json.key("ServiceTags").null();
    } else {
      writeTags(json, owner);
    }
    json.member("Type", "");
    writeEmptyDefinition(json);
    endCheck(json);
  });
  json.endArray().endObject();
}

}  // namespace cluster_lab::agent
