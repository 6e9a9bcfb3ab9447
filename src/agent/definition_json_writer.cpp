#include "agent/definition_json.hpp"
#include "agent/member_names.hpp"
#include "registry/json_writer.hpp"

/// Definitions as text for the file; only what is set.
namespace cluster_lab::agent {
namespace {

using registry::JsonWriter;

void write(JsonWriter& json, std::string_view name, const std::string& value) {
  if (!value.empty()) json.member(name, value);
}

void write(JsonWriter& json, std::string_view name, std::chrono::nanoseconds value) {
  if (value.count() > 0) json.member(name, goDuration(value));
}

void write(JsonWriter& json, std::string_view name, std::uint64_t value) {
  if (value > 0) json.member(name, value);
}

void writeFlag(JsonWriter& json, std::string_view name, bool value) {
  if (value) json.key(name).boolean(true);
}

void write(JsonWriter& json, std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  json.key(name).beginArray();
  for (const auto& value : values) json.string(value);
  json.endArray();
}

void write(JsonWriter& json, const Header& header) {
  if (header.empty()) return;
  json.key("Header").beginObject();
  for (const auto& [name, values] : header) write(json, name, values);
  json.endObject();
}

void write(JsonWriter& json, const CheckDefinition& check) {
  json.beginObject().member("ID", check.id).member("Name", check.name);
  write(json, "Notes", check.notes);
  write(json, "ServiceID", check.serviceId);
  if (check.status) json.member("Status", registry::toString(*check.status));
  write(json, "HTTP", check.http);
  write(json, "Method", check.method);
  write(json, "Body", check.body);
  write(json, check.header);
  writeFlag(json, "TLSSkipVerify", check.tlsSkipVerify);
  writeFlag(json, "DisableRedirects", check.disableRedirects);
  write(json, "TCP", check.tcp);
  write(json, "Args", check.args);
  write(json, "AliasNode", check.aliasNode);
  write(json, "AliasService", check.aliasService);
  writeFlag(json, "Maintenance", check.maintenance);
  write(json, "TTL", check.ttl);
  write(json, "Interval", check.interval);
  write(json, "Timeout", check.timeout);
  write(json, "DeregisterCriticalServiceAfter", check.deregisterAfter);
  write(json, "SuccessBeforePassing", check.successBeforePassing);
  json.member("FailuresBeforeWarning", check.failuresBeforeWarning);
  write(json, "FailuresBeforeCritical", check.failuresBeforeCritical);
  json.member("OutputMaxSize", check.outputSize).endObject();
}

void writeMaps(JsonWriter& json, const ServiceDefinition& service) {
  json.key("Meta").beginObject();
  for (const auto& [name, value] : service.meta) json.member(name, value);
  json.endObject().key("TaggedAddresses").beginObject();
  for (const auto& [name, value] : service.taggedAddresses) {
    json.key(name).beginObject().member("Address", value.address).member("Port", value.port);
    json.endObject();
  }
  json.endObject();
}

void write(JsonWriter& json, const ServiceDefinition& service) {
  json.beginObject().member("ID", service.id).member("Name", service.name);
  write(json, "Tags", service.tags);
  json.member("Address", service.address).member("Port", service.port);
  writeMaps(json, service);
  json.key("Weights")
      .beginObject()
      .member("Passing", service.passingWeight)
      .member("Warning", service.warningWeight)
      .endObject();
  writeFlag(json, "EnableTagOverride", service.enableTagOverride);
  json.endObject();
}

}  // namespace

std::string toJson(const LocalDefinitions& definitions) {
  JsonWriter json(true);
  json.beginObject().key("services").beginArray();
  for (const auto& service : definitions.services) write(json, service);
  json.endArray().key("checks").beginArray();
  for (const auto& check : definitions.checks) write(json, check);
  return json.endArray().endObject().finish();
}

}  // namespace cluster_lab::agent
