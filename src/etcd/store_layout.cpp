#include "etcd/store_layout.hpp"

#include <optional>
#include <utility>

#include "registry/go_values.hpp"
#include "registry/stream_json.hpp"

namespace cluster_lab::etcd {
namespace {

/// What a put or a delete of one field costs in etcd beside its bytes.
constexpr std::size_t kOverhead = 16;

/// Takes the number before the next blank off the text. nullopt: there is none.
std::optional<std::uint64_t> takeNumber(std::string_view& text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto number = registry::parseGoUnsigned(text.substr(0, blank));
  text.remove_prefix(blank + 1);
  return number;
}

std::size_t sizeOf(const Put& put) {
  return put.key.size() + put.value.size() + kOverhead;
}

/// What became of a key in the end.
struct Fate {
  const std::string* value = nullptr;  ///< nullptr: it was deleted
  std::uint64_t created = 0;
  std::uint64_t modified = 0;
};

std::string rowText(std::uint64_t created, std::uint64_t modified, const std::string& value) {
  return std::to_string(created) + ' ' + std::to_string(modified) + ' ' + value;
}

/// The CreateIndex that a put of the key at `index` leaves.
std::uint64_t createdAt(std::uint64_t index, const std::string& key,
                        const std::map<std::string, Fate>& fates, const CreateIndexes& known) {
  if (const auto before = fates.find(key); before != fates.end()) {
    return before->second.value == nullptr ? index : before->second.created;
  }
  const auto stored = known.find(key);
  return stored == known.end() ? index : stored->second;
}

}  // namespace

std::string toText(const StoredHeader& stored) {
  return std::to_string(stored.generation) + ' ' + registry::toJson(stored.header);
}

Result<StoredHeader> readHeader(std::string_view text) {
  const auto generation = takeNumber(text);
  if (!generation) return fail(ErrorCode::InvalidArgument, "the header: expected a generation");
  auto header = registry::stateHeaderFromJson(text);
  if (!header) return fail(header.error());
  return StoredHeader{*generation, *std::move(header)};
}

std::string prefixOf(std::uint64_t generation) {
  return std::string(kRowsPrefix) + std::to_string(generation) + '/';
}

std::string keyOf(std::uint64_t generation, registry::Table table, std::string_view key) {
  auto whole = prefixOf(generation);
  whole += registry::toString(table);
  whole += '/';
  whole += key;
  return whole;
}

Put putOf(std::uint64_t generation, const registry::SnapshotRow& row) {
  return {keyOf(generation, row.table, row.key), rowText(row.created, row.modified, row.value)};
}

Result<registry::SnapshotRow> readRow(std::uint64_t generation, const KeyValue& pair) {
  const auto prefix = prefixOf(generation);
  const std::string_view key = pair.key;
  const auto slash = key.find('/', prefix.size());
  if (!key.starts_with(prefix) || slash == std::string_view::npos) {
    return fail(ErrorCode::InvalidArgument, "expected the key of a row, found '" + pair.key + "'");
  }
  const auto table = registry::parseTable(key.substr(prefix.size(), slash - prefix.size()));
  if (!table) return fail(table.error());
  std::string_view text = pair.value;
  const auto created = takeNumber(text);
  const auto modified = created ? takeNumber(text) : std::nullopt;
  if (!modified) {
    return fail(ErrorCode::InvalidArgument, "row '" + pair.key + "': expected two indexes");
  }
  return registry::SnapshotRow{*table, std::string(key.substr(slash + 1)), std::string(text),
                               *created, *modified};
}

Outcome outcomeOf(std::uint64_t generation, std::span<const registry::Entry> entries,
                  const CreateIndexes& known) {
  std::map<std::string, Fate> fates;
  for (const auto& entry : entries) {
    const auto index = entry.at.index;
    for (const auto& change : entry.changes) {
      auto key = keyOf(generation, change.table, change.key);
      Fate fate;
      if (change.value) fate = {&*change.value, createdAt(index, key, fates, known), index};
      fates.insert_or_assign(std::move(key), fate);
    }
  }
  Outcome outcome;
  for (const auto& [key, fate] : fates) {
    if (fate.value != nullptr) {
      outcome.puts.push_back({key, rowText(fate.created, fate.modified, *fate.value)});
      outcome.created.emplace(key, fate.created);
    } else if (known.contains(key)) {
      outcome.erases.push_back({key});
      outcome.erased.push_back(key);
    }
  }
  return outcome;
}

std::vector<std::vector<Put>> inParts(std::uint64_t generation,
                                      std::span<const registry::SnapshotRow> rows,
                                      std::size_t limit) {
  std::vector<std::vector<Put>> parts;
  std::size_t filled = 0;
  for (const auto& row : rows) {
    auto put = putOf(generation, row);
    const auto size = sizeOf(put);
    if (parts.empty() || filled + size > limit) {
      parts.emplace_back();
      filled = 0;
    }
    filled += size;
    parts.back().push_back(std::move(put));
  }
  return parts;
}

std::size_t sizeOf(const Transaction& transaction) {
  std::size_t size = 0;
  for (const auto& put : transaction.puts) size += sizeOf(put);
  for (const auto& erase : transaction.erases) {
    size += erase.key.size() + erase.end.size() + kOverhead;
  }
  return size;
}

}  // namespace cluster_lab::etcd
