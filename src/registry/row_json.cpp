#include "registry/row_json.hpp"

#include "registry/base64.hpp"
#include "registry/fields.hpp"
#include "registry/json_writer.hpp"

namespace cluster_lab::registry {
namespace {

using Labels = std::map<std::string, std::string>;

void write(JsonWriter& json, std::string_view name, const Labels& labels) {
  json.key(name).beginObject();
  for (const auto& [label, value] : labels) json.member(label, value);
  json.endObject();
}

/// Writes the member unless it is empty.
void writeFilled(JsonWriter& json, std::string_view name, const std::string& value) {
  if (!value.empty()) json.member(name, value);
}

void write(JsonWriter& json, const ExternalNode& external) {
  json.key("external").beginObject().member("address", external.address);
  writeFilled(json, "id", external.id);
  write(json, "tagged_addresses", external.taggedAddresses);
  json.endObject();
}

std::optional<ExternalNode> externalIn(Fields& fields) {
  if (!fields.has("external")) return std::nullopt;
  ExternalNode external;
  fields.within("external", [&](Fields& part) {
    external = {.address = part.text("address"),
                .id = part.textOrEmpty("id"),
                .taggedAddresses = part.texts("tagged_addresses")};
  });
  return external;
}

std::string addressText(Ipv4 address) {
  return address.isNone() ? "" : address.toString();
}

Role roleIn(Fields& fields) {
  const auto text = fields.text("role");
  if (text == toString(Role::Leading)) return Role::Leading;
  if (text != toString(Role::Following)) fields.refuse("role", "expected follower or leader");
  return Role::Following;
}

Health statusIn(Fields& fields) {
  const auto text = fields.text("status");
  for (const auto health : {Health::Passing, Health::Warning, Health::Critical}) {
    if (text == toString(health)) return health;
  }
  fields.refuse("status", "expected passing, warning or critical");
  return Health::Critical;
}

}  // namespace

std::string_view toString(Health health) {
  switch (health) {
    case Health::Passing:
      return "passing";
    case Health::Warning:
      return "warning";
    case Health::Critical:
      return "critical";
  }
  return "unknown";
}

std::string toJson(const NodeRegistration& node) {
  JsonWriter json;
  json.beginObject()
      .member("id", node.id.toString())
      .member("name", node.name)
      .member("address", addressText(node.address))
      .member("mac", node.mac.toString())
      .member("role", toString(node.role));
  write(json, "labels", node.labels);
  json.member("version", node.version);
  if (node.external) write(json, *node.external);
  return json.endObject().finish();
}

std::string toJson(const Check& check) {
  JsonWriter json;
  json.beginObject()
      .member("node", check.node.toString())
      .member("id", check.id)
      .member("name", check.name)
      .member("status", toString(check.status))
      .member("output", check.output);
  writeFilled(json, "notes", check.notes);
  writeFilled(json, "service", check.serviceId);
  writeFilled(json, "type", check.type);
  writeFilled(json, "definition", check.definition);
  return json.endObject().finish();
}

std::string toJson(const KvPair& pair) {
  JsonWriter json;
  json.beginObject().member("value", toBase64(pair.value));
  if (pair.flags != 0) json.member("flags", pair.flags);
  if (pair.lockIndex != 0) json.member("lock_index", pair.lockIndex);
  if (!pair.session.empty()) json.member("session", pair.session);
  return json.endObject().finish();
}

std::string toJson(const Lease& lease) {
  return JsonWriter()
      .beginObject()
      .member("mac", lease.mac.toString())
      .member("address", addressText(lease.address))
      .member("host_name", lease.hostName)
      .endObject()
      .finish();
}

std::string toJson(const Engine& engine) {
  JsonWriter json;
  json.beginObject()
      .member("node", engine.node.toString())
      .member("node_name", engine.nodeName)
      .member("address", addressText(engine.address));
  write(json, "labels", engine.labels);
  return json.member("version", engine.version)
      .member("operating_system", engine.operatingSystem)
      .member("kernel", engine.kernel)
      .member("architecture", engine.architecture)
      .member("processors", engine.processors)
      .member("memory_bytes", engine.memoryBytes)
      .member("containers", engine.containers)
      .member("containers_running", engine.containersRunning)
      .member("containers_paused", engine.containersPaused)
      .member("containers_stopped", engine.containersStopped)
      .member("images", engine.images)
      .endObject()
      .finish();
}

template <>
Result<NodeRegistration> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish("node", NodeRegistration{.id = fields.nodeId("id"),
                                                .name = fields.text("name"),
                                                .address = fields.address("address"),
                                                .mac = fields.mac("mac"),
                                                .role = roleIn(fields),
                                                .labels = fields.texts("labels"),
                                                .version = fields.text("version"),
                                                .external = externalIn(fields)});
}

template <>
Result<Check> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish("check", Check{.node = fields.nodeId("node"),
                                      .id = fields.text("id"),
                                      .name = fields.text("name"),
                                      .status = statusIn(fields),
                                      .output = fields.text("output"),
                                      .notes = fields.textOrEmpty("notes"),
                                      .serviceId = fields.textOrEmpty("service"),
                                      .type = fields.textOrEmpty("type"),
                                      .definition = fields.textOrEmpty("definition")});
}

template <>
Result<KvPair> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish("key/value pair",
                       KvPair{.value = fields.valueOr("value", fromBase64(fields.text("value"))),
                              .flags = fields.numberOrZero("flags"),
                              .lockIndex = fields.numberOrZero("lock_index"),
                              .session = fields.textOrEmpty("session")});
}

template <>
Result<Lease> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish("lease", Lease{.mac = fields.mac("mac"),
                                      .address = fields.address("address"),
                                      .hostName = fields.text("host_name")});
}

template <>
Result<Engine> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish("engine", Engine{.node = fields.nodeId("node"),
                                        .nodeName = fields.text("node_name"),
                                        .address = fields.address("address"),
                                        .labels = fields.texts("labels"),
                                        .version = fields.text("version"),
                                        .operatingSystem = fields.text("operating_system"),
                                        .kernel = fields.text("kernel"),
                                        .architecture = fields.text("architecture"),
                                        .processors = fields.count("processors"),
                                        .memoryBytes = fields.number("memory_bytes"),
                                        .containers = fields.count("containers"),
                                        .containersRunning = fields.count("containers_running"),
                                        .containersPaused = fields.count("containers_paused"),
                                        .containersStopped = fields.count("containers_stopped"),
                                        .images = fields.count("images")});
}

std::string toJson(const Storage& storage) {
  JsonWriter json;
  json.beginObject().member("kind", storage.kind).key("members").beginArray();
  for (const auto& member : storage.members) {
    json.beginObject()
        .member("node", member.node.toString())
        .member("address", addressText(member.address))
        .endObject();
  }
  return json.endArray()
      .member("number", storage.number)
      .member("founder", storage.founder.toString())
      .endObject()
      .finish();
}

template <>
Result<Storage> fromJson(std::string_view text) {
  Fields fields(text);
  Storage storage{.kind = fields.text("kind"),
                  .members = {},
                  .number = fields.number("number"),
                  .founder = fields.nodeId("founder")};
  fields.each("members", [&](Fields& part) {
    storage.members.push_back({.node = part.nodeId("node"), .address = part.address("address")});
  });
  return fields.finish("storage", std::move(storage));
}

}  // namespace cluster_lab::registry
