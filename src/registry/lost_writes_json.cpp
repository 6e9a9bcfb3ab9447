#include <utility>

#include "registry/fields.hpp"
#include "registry/json_bytes.hpp"
#include "registry/json_writer.hpp"
#include "registry/lost_writes.hpp"

namespace cluster_lab::registry {
namespace {

void write(JsonWriter& json, const char* name, const Position& at) {
  json.key(name)
      .beginObject()
      .member("term", at.term)
      .member("writer", at.writer.toString())
      .member("index", at.index)
      .endObject();
}

Position readPosition(Fields& fields, const char* name) {
  Position at;
  fields.within(name, [&](Fields& part) {
    at = {.term = part.number("term"),
          .writer = part.valueOr("writer", NodeId::parse(part.text("writer"))),
          .index = part.number("index")};
  });
  return at;
}

void writeContent(JsonWriter& json, const LostKey::Content& content) {
  writeBytes(json, "value", content.value);
  json.member("flags", content.flags);
}

LostKey::Content readContent(Fields& fields) {
  return {.value = readBytes(fields, "value"), .flags = fields.number("flags")};
}

void write(JsonWriter& json, const LostKey& key) {
  json.beginObject();
  writeBytes(json, "key", key.key);
  json.member("done", key.written ? "put" : "delete");
  if (key.written) writeContent(json, *key.written);
  json.key("changed_by_both").boolean(key.contested);
  json.key("acknowledged").boolean(key.acknowledged);
  if (key.winner) {
    json.key("winner").beginObject();
    writeContent(json, *key.winner);
    json.member("index", key.winnerIndex).endObject();
  }
  json.endObject();
}

/// Files of earlier versions do not tell.
bool readAcknowledged(Fields& fields) {
  return !fields.has("acknowledged") || fields.flag("acknowledged");
}

LostKey readKey(Fields& fields) {
  LostKey key;
  key.key = readBytes(fields, "key");
  if (fields.text("done") == "put") key.written = readContent(fields);
  key.contested = fields.flag("changed_by_both");
  key.acknowledged = readAcknowledged(fields);
  if (!fields.has("winner")) return key;
  fields.within("winner", [&](Fields& part) {
    key.winner = readContent(part);
    key.winnerIndex = part.number("index");
  });
  return key;
}

}  // namespace

std::string toJson(const LostWrites& lost) {
  JsonWriter json(true);
  json.beginObject()
      .member("node", lost.nodeName)
      .member("node_id", lost.node.toString())
      .member("time", static_cast<std::uint64_t>(lost.time))
      .member("term", lost.last.term);
  write(json, "parted", lost.parted);
  write(json, "last", lost.last);
  json.key("keys").beginArray();
  for (const auto& key : lost.keys) write(json, key);
  json.endArray().key("registrations").beginArray();
  for (const auto& one : lost.registrations) {
    json.beginObject().member("what", one.what).member("body", one.body);
    json.key("changed_by_both").boolean(one.contested);
    json.key("acknowledged").boolean(one.acknowledged).endObject();
  }
  return json.endArray().endObject().finish();
}

Result<LostWrites> lostWritesFromJson(std::string_view text) {
  Fields fields(text);
  LostWrites lost{.node = fields.nodeId("node_id"),
                  .nodeName = fields.text("node"),
                  .time = static_cast<std::int64_t>(fields.number("time")),
                  .parted = readPosition(fields, "parted"),
                  .last = readPosition(fields, "last"),
                  .keys = {},
                  .registrations = {}};
  fields.each("keys", [&](Fields& part) { lost.keys.push_back(readKey(part)); });
  fields.each("registrations", [&](Fields& part) {
    lost.registrations.push_back({.what = part.text("what"),
                                  .body = part.text("body"),
                                  .contested = part.flag("changed_by_both"),
                                  .acknowledged = readAcknowledged(part)});
  });
  return fields.finish("file of lost writes", std::move(lost));
}

}  // namespace cluster_lab::registry
