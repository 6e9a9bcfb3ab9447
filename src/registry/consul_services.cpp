#include "registry/consul_services.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "registry/consul_json.hpp"

namespace cluster_lab::registry::consul {
namespace {

void writeTexts(JsonWriter& json, const std::vector<std::string>& texts) {
  json.beginArray();
  for (const auto& text : texts) json.string(text);
  json.endArray();
}

void writeWeights(JsonWriter& json, const Service& service) {
  json.beginObject()
      .member("Passing", service.passingWeight)
      .member("Warning", service.warningWeight)
      .endObject();
}

/// Left out where there are none.
void writeTaggedAddresses(JsonWriter& json, std::string_view name, const Service& service) {
  if (service.taggedAddresses.empty()) return;
  json.key(name).beginObject();
  for (const auto& [network, address] : service.taggedAddresses) {
    json.key(network).beginObject().member("Address", address.address).member("Port", address.port);
    json.endObject();
  }
  json.endObject();
}

/// What a service of a mesh would have; this registry has none.
void writeProxy(JsonWriter& json, std::string_view proxy, std::string_view connect) {
  json.key(proxy).beginObject();
  json.key("MeshGateway").beginObject().endObject().key("Expose").beginObject().endObject();
  json.endObject().key(connect).beginObject().endObject();
}

void writeAny(JsonWriter& json, const nlohmann::json& value) {
  if (value.is_object()) {
    json.beginObject();
    for (const auto& [key, member] : value.items()) writeAny(json.key(key), member);
    json.endObject();
  } else if (value.is_array()) {
    json.beginArray();
    for (const auto& item : value) writeAny(json, item);
    json.endArray();
  } else if (value.is_boolean()) {
    json.boolean(value.get<bool>());
  } else if (value.is_number_unsigned()) {
    json.number(value.get<std::uint64_t>());
  } else if (value.is_string()) {
    json.string(value.get_ref<const std::string&>());
  } else {
    json.null();
  }
}

void writeDefinition(JsonWriter& json, const std::string& definition) {
  const auto parsed = nlohmann::json::parse(definition, nullptr, false);
  writeAny(json, parsed.is_object() ? parsed : nlohmann::json::object());
}

}  // namespace

std::vector<Instance> instancesOf(const State& state, std::string_view name) {
  std::vector<Instance> instances;
  for (const auto& key : state.serviceIndex().instances(name)) {
    const auto service = state.services().find(key);
    if (service == state.services().end()) continue;
    const auto* node = state.findNode(service->second.row.node);
    if (node != nullptr) instances.push_back({node, &service->second});
  }
  std::ranges::stable_sort(instances, {}, [](const Instance& instance) -> const std::string& {
    return instance.node->row.name;
  });
  return instances;
}

std::vector<const Stored<Check>*> checksOf(const State& state, const Service& service) {
  std::vector<const Stored<Check>*> checks;
  for (const auto& row : rowsUnder(state.checks(), checkKey(service.node, ""))) {
    const auto& owner = row.second.row.serviceId;
    if (owner.empty() || owner == service.id) checks.push_back(&row.second);
  }
  std::ranges::stable_partition(checks,
                                [](const auto* check) { return check->row.serviceId.empty(); });
  return checks;
}

void writeService(JsonWriter& json, const Stored<Service>& stored) {
  const auto& service = stored.row;
  json.beginObject().member("ID", service.id).member("Service", service.name).key("Tags");
  writeTexts(json, service.tags);
  json.member("Address", service.address);
  writeTaggedAddresses(json, "TaggedAddresses", service);
  json.key("Meta");
  writeFilled(json, service.meta);
  json.member("Port", service.port).key("Weights");
  writeWeights(json, service);
  json.key("EnableTagOverride").boolean(service.enableTagOverride);
  writeProxy(json, "Proxy", "Connect");
  json.member("CreateIndex", stored.created).member("ModifyIndex", stored.modified).endObject();
}

void writeCatalogService(JsonWriter& json, const Instance& instance,
                         const std::string& datacenter) {
  const auto& service = instance.service->row;
  json.beginObject();
  writeNodeMembers(json, instance.node->row, datacenter);
  json.key("NodeMeta");
  writeFilled(json, metaOf(instance.node->row));
  json.member("ServiceKind", "")
      .member("ServiceID", service.id)
      .member("ServiceName", service.name)
      .key("ServiceTags");
  writeTexts(json, service.tags);
  json.member("ServiceAddress", service.address);
  writeTaggedAddresses(json, "ServiceTaggedAddresses", service);
  json.key("ServiceWeights");
  writeWeights(json, service);
  json.key("ServiceMeta");
  write(json, service.meta);
  json.member("ServicePort", service.port)
      .key("ServiceEnableTagOverride")
      .boolean(service.enableTagOverride);
  writeProxy(json, "ServiceProxy", "ServiceConnect");
  json.member("CreateIndex", instance.service->created)
      .member("ModifyIndex", instance.service->modified)
      .endObject();
}

void writeInstance(JsonWriter& json, const State& state, const Instance& instance,
                   const std::vector<const Stored<Check>*>& checks, const std::string& datacenter) {
  json.beginObject().key("Node");
  writeNode(json, *instance.node, datacenter);
  json.key("Service");
  writeService(json, *instance.service);
  json.key("Checks").beginArray();
  for (const auto* check : checks) writeCheck(json, state, *check);
  json.endArray().endObject();
}

void writeCheck(JsonWriter& json, const State& state, const Stored<Check>& check) {
  const auto* node = state.findNode(check.row.node);
  const auto* service = state.findService(check.row.node, check.row.serviceId);
  json.beginObject()
      .member("Node", node == nullptr ? "" : node->row.name)
      .member("CheckID", check.row.id)
      .member("Name", check.row.name)
      .member("Status", toString(check.row.status))
      .member("Notes", check.row.notes)
      .member("Output", check.row.output)
      .member("ServiceID", check.row.serviceId)
      .member("ServiceName", service == nullptr ? "" : service->row.name)
      .key("ServiceTags");
  writeTexts(json, service == nullptr ? std::vector<std::string>() : service->row.tags);
  json.member("Type", check.row.type).key("Definition");
  writeDefinition(json, check.row.definition);
  json.member("CreateIndex", check.created).member("ModifyIndex", check.modified).endObject();
}

}  // namespace cluster_lab::registry::consul
