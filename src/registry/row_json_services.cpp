#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "registry/base64.hpp"
#include "registry/fields.hpp"
#include "registry/json_writer.hpp"
#include "registry/row_json.hpp"

/// Rows of what clients register: services, sessions, events; and the time line.
namespace cluster_lab::registry {
namespace {

void write(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name).beginArray();
  for (const auto& text : texts) json.string(text);
  json.endArray();
}

void writeMaps(JsonWriter& json, const Service& service) {
  json.key("meta").beginObject();
  for (const auto& [name, value] : service.meta) json.member(name, value);
  json.endObject().key("tagged_addresses").beginObject();
  for (const auto& [name, value] : service.taggedAddresses) {
    json.key(name).beginObject().member("address", value.address).member("port", value.port);
    json.endObject();
  }
  json.endObject();
}

std::uint16_t portIn(Fields& fields) {
  const auto value = fields.number("port");
  if (value > std::numeric_limits<std::uint16_t>::max()) fields.refuse("port", "expected 0-65535");
  return static_cast<std::uint16_t>(value);
}

std::map<std::string, ServiceAddress> taggedAddressesIn(Fields& fields) {
  std::map<std::string, ServiceAddress> addresses;
  fields.eachMember("tagged_addresses", [&](const std::string& name, Fields& part) {
    addresses[name] = {.address = part.text("address"), .port = portIn(part)};
  });
  return addresses;
}

/// Rows, each as its text.
template <typename Row>
std::vector<Row> rowsIn(Fields& fields, std::string_view name) {
  std::vector<Row> rows;
  for (const auto& text : fields.textsInOrder(name)) {
    rows.push_back(fields.valueOr(name, fromJson<Row>(text)));
  }
  return rows;
}

SessionBehavior behaviorIn(Fields& fields) {
  const auto text = fields.text("behavior");
  if (text == toString(SessionBehavior::Delete)) return SessionBehavior::Delete;
  if (text != toString(SessionBehavior::Release)) {
    fields.refuse("behavior", "expected release or delete");
  }
  return SessionBehavior::Release;
}

}  // namespace

std::string_view toString(SessionBehavior behavior) {
  return behavior == SessionBehavior::Delete ? "delete" : "release";
}

std::string orderedKey(std::uint64_t number) {
  const auto digits = std::to_string(number);
  return std::string(std::numeric_limits<std::uint64_t>::digits10 + 1 - digits.size(), '0') +
         digits;
}

std::string toJson(const Service& service) {
  JsonWriter json;
  json.beginObject()
      .member("node", service.node.toString())
      .member("id", service.id)
      .member("name", service.name);
  write(json, "tags", service.tags);
  json.member("address", service.address).member("port", service.port);
  writeMaps(json, service);
  return json.member("passing_weight", service.passingWeight)
      .member("warning_weight", service.warningWeight)
      .member("tag_override", service.enableTagOverride ? 1 : 0)
      .endObject()
      .finish();
}

std::string toJson(const Session& session) {
  JsonWriter json;
  json.beginObject()
      .member("id", session.id)
      .member("name", session.name)
      .member("node", session.node.toString());
  write(json, "node_checks", session.nodeChecks);
  write(json, "service_checks", session.serviceChecks);
  if (!session.checks.empty()) write(json, "checks", session.checks);
  return json.member("lock_delay_ns", static_cast<std::uint64_t>(session.lockDelay.count()))
      .member("behavior", toString(session.behavior))
      .member("ttl", session.ttl)
      .endObject()
      .finish();
}

std::string toJson(const UserEvent& event) {
  return JsonWriter()
      .beginObject()
      .member("id", event.id)
      .member("name", event.name)
      .member("payload", toBase64(event.payload))
      .member("node_filter", event.nodeFilter)
      .member("service_filter", event.serviceFilter)
      .member("tag_filter", event.tagFilter)
      .member("lamport_time", event.lamportTime)
      .endObject()
      .finish();
}

std::string toJson(const Occurrence& occurrence) {
  return JsonWriter()
      .beginObject()
      .member("time", static_cast<std::uint64_t>(occurrence.time))
      .member("kind", occurrence.kind)
      .member("node", occurrence.node)
      .member("text", occurrence.text)
      .endObject()
      .finish();
}

template <>
Result<Service> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish("service",
                       Service{.node = fields.nodeId("node"),
                               .id = fields.text("id"),
                               .name = fields.text("name"),
                               .tags = fields.textsInOrder("tags"),
                               .address = fields.text("address"),
                               .port = portIn(fields),
                               .meta = fields.texts("meta"),
                               .taggedAddresses = taggedAddressesIn(fields),
                               .passingWeight = fields.count("passing_weight"),
                               .warningWeight = fields.count("warning_weight"),
                               .enableTagOverride = fields.numberOrZero("tag_override") != 0});
}

template <>
Result<Session> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish(
      "session", Session{.id = fields.text("id"),
                         .name = fields.text("name"),
                         .node = fields.nodeId("node"),
                         .nodeChecks = fields.textsInOrder("node_checks"),
                         .serviceChecks = fields.textsInOrder("service_checks"),
                         .checks = fields.textsInOrder("checks"),
                         .lockDelay = std::chrono::nanoseconds(fields.number("lock_delay_ns")),
                         .behavior = behaviorIn(fields),
                         .ttl = fields.text("ttl")});
}

template <>
Result<UserEvent> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish(
      "event", UserEvent{.id = fields.text("id"),
                         .name = fields.text("name"),
                         .payload = fields.valueOr("payload", fromBase64(fields.text("payload"))),
                         .nodeFilter = fields.text("node_filter"),
                         .serviceFilter = fields.text("service_filter"),
                         .tagFilter = fields.text("tag_filter"),
                         .lamportTime = fields.number("lamport_time")});
}

template <>
Result<Occurrence> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish("occurrence",
                       Occurrence{.time = static_cast<std::int64_t>(fields.number("time")),
                                  .kind = fields.text("kind"),
                                  .node = fields.text("node"),
                                  .text = fields.text("text")});
}

std::string toJson(const NodeServices& services) {
  std::vector<std::string> rows;
  const auto textOf = [](const auto& row) { return toJson(row); };
  JsonWriter json;
  json.beginObject().member("node", services.node.toString());
  std::ranges::transform(services.services, std::back_inserter(rows), textOf);
  write(json, "services", std::exchange(rows, {}));
  std::ranges::transform(services.checks, std::back_inserter(rows), textOf);
  write(json, "checks", rows);
  return json.endObject().finish();
}

template <>
Result<NodeServices> fromJson(std::string_view text) {
  Fields fields(text);
  return fields.finish("services of a node",
                       NodeServices{.node = fields.nodeId("node"),
                                    .services = rowsIn<Service>(fields, "services"),
                                    .checks = rowsIn<Check>(fields, "checks")});
}

}  // namespace cluster_lab::registry
