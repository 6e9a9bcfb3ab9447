#include "registry/stream_json.hpp"

#include "registry/fields.hpp"
#include "registry/json_bytes.hpp"
#include "registry/json_writer.hpp"

namespace cluster_lab::registry {
namespace {

Table readTable(Fields& fields) {
  return fields.valueOr("table", parseTable(fields.text("table")));
}

void write(JsonWriter& json, const Position& at) {
  json.member("term", at.term).member("writer", at.writer.toString()).member("index", at.index);
}

Position readPosition(Fields& fields) {
  return {.term = fields.number("term"),
          .writer = fields.valueOr("writer", NodeId::parse(fields.text("writer"))),
          .index = fields.number("index")};
}

void write(JsonWriter& json, const StateHeader& header) {
  json.beginObject();
  write(json, header.at);
  json.key("eras").beginArray();
  for (const auto& era : header.lineage.eras()) {
    json.beginObject();
    write(json, Position{.term = era.term, .writer = era.writer, .index = era.last});
    json.endObject();
  }
  json.endArray().key("tables").beginObject();
  for (std::size_t i = 0; i < kTables.size(); ++i) {
    json.member(toString(kTables[i]), header.tableIndexes[i]);
  }
  json.endObject().endObject();
}

StateHeader readHeader(Fields& fields) {
  StateHeader header;
  header.at = readPosition(fields);
  std::vector<Lineage::Era> eras;
  fields.each("eras", [&](Fields& part) {
    const auto last = readPosition(part);
    eras.push_back({.term = last.term, .writer = last.writer, .last = last.index});
  });
  header.lineage = Lineage(std::move(eras));
  fields.within("tables", [&](Fields& part) {
    for (std::size_t i = 0; i < kTables.size(); ++i) {
      header.tableIndexes[i] = part.numberOrZero(toString(kTables[i]));
    }
  });
  return header;
}

void write(JsonWriter& json, const Snapshot& snapshot) {
  json.key("header");
  write(json, snapshot.header);
  json.key("rows").beginArray();
  for (const auto& row : snapshot.rows) {
    json.beginObject().member("table", toString(row.table));
    writeBytes(json, "key", row.key);
    json.member("value", row.value).member("created", row.created).member("modified", row.modified);
    json.endObject();
  }
  json.endArray();
}

Snapshot readSnapshot(Fields& fields) {
  Snapshot snapshot;
  fields.within("header", [&](Fields& part) { snapshot.header = readHeader(part); });
  fields.each("rows", [&](Fields& part) {
    snapshot.rows.push_back({.table = readTable(part),
                             .key = readBytes(part, "key"),
                             .value = part.text("value"),
                             .created = part.number("created"),
                             .modified = part.number("modified")});
  });
  return snapshot;
}

void write(JsonWriter& json, const Entry& entry) {
  json.beginObject();
  write(json, entry.at);
  json.key("changes").beginArray();
  for (const auto& change : entry.changes) {
    json.beginObject().member("table", toString(change.table));
    writeBytes(json, "key", change.key);
    if (change.value) json.member("value", *change.value);
    json.endObject();
  }
  json.endArray().endObject();
}

Entry readEntry(Fields& fields) {
  Entry entry{.at = readPosition(fields), .changes = {}};
  fields.each("changes", [&](Fields& part) {
    Change change{.table = readTable(part), .key = readBytes(part, "key"), .value = std::nullopt};
    if (part.has("value")) change.value = part.text("value");
    entry.changes.push_back(std::move(change));
  });
  return entry;
}

Ages readAges(Fields& fields) {
  Ages ages;
  for (const auto& [id, seconds] : fields.numbers("ages")) {
    ages[fields.valueOr("ages", NodeId::parse(id))] = std::chrono::seconds(seconds);
  }
  return ages;
}

}  // namespace

std::string toJson(const StateHeader& header) {
  JsonWriter json;
  write(json, header);
  return json.finish();
}

Result<StateHeader> stateHeaderFromJson(std::string_view text) {
  Fields fields(text);
  auto header = readHeader(fields);
  return fields.finish("header of the registry", std::move(header));
}

std::string toJson(const Snapshot& snapshot) {
  JsonWriter json;
  json.beginObject();
  write(json, snapshot);
  return json.endObject().finish();
}

Result<Snapshot> snapshotFromJson(std::string_view text) {
  Fields fields(text);
  auto snapshot = readSnapshot(fields);
  return fields.finish("snapshot", std::move(snapshot));
}

std::string toJson(const StreamAnswer& answer) {
  JsonWriter json;
  json.beginObject();
  if (answer.snapshot) {
    json.key("snapshot").beginObject();
    write(json, *answer.snapshot);
    json.endObject();
  }
  json.key("entries").beginArray();
  for (const auto& entry : answer.entries) write(json, entry);
  json.endArray().key("ages").beginObject();
  for (const auto& [id, age] : answer.ages) {
    json.member(id.toString(), static_cast<std::uint64_t>(age.count()));
  }
  return json.endObject().endObject().finish();
}

Result<StreamAnswer> streamAnswerFromJson(std::string_view text) {
  Fields fields(text);
  StreamAnswer answer;
  if (fields.has("snapshot")) {
    fields.within("snapshot", [&](Fields& part) { answer.snapshot = readSnapshot(part); });
  }
  fields.each("entries", [&](Fields& part) { answer.entries.push_back(readEntry(part)); });
  answer.ages = readAges(fields);
  return fields.finish("the leader's answer", std::move(answer));
}

}  // namespace cluster_lab::registry
