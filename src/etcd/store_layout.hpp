#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "etcd/gateway.hpp"
#include "registry/state.hpp"

/// How the registry lies in etcd (docs/etcd.md): one key for the header, one per row. The rows
/// belong to a generation, so that a whole new state can be written in many transactions and be
/// switched to in one.
namespace cluster_lab::etcd {

inline constexpr std::string_view kLeaderKey = "cluster-lab/leader";
inline constexpr std::string_view kHeaderKey = "cluster-lab/header";
/// Of all rows of all generations.
inline constexpr std::string_view kRowsPrefix = "cluster-lab/rows/";

/// What lies under kHeaderKey.
struct StoredHeader {
  std::uint64_t generation = 0;
  registry::StateHeader header;

  bool operator==(const StoredHeader&) const = default;
};

[[nodiscard]] std::string toText(const StoredHeader& stored);
[[nodiscard]] Result<StoredHeader> readHeader(std::string_view text);

/// Where the rows of a generation begin.
[[nodiscard]] std::string prefixOf(std::uint64_t generation);
[[nodiscard]] std::string keyOf(std::uint64_t generation, registry::Table table,
                                std::string_view key);
[[nodiscard]] Put putOf(std::uint64_t generation, const registry::SnapshotRow& row);
/// The row, which is one of that generation. InvalidArgument: it is none.
[[nodiscard]] Result<registry::SnapshotRow> readRow(std::uint64_t generation, const KeyValue& pair);

/// The CreateIndex of every row, by its key in etcd: a change does not tell it, and etcd must keep
/// it with the row.
using CreateIndexes = std::map<std::string, std::uint64_t, std::less<>>;

/// Change sets as what they leave behind: no key twice, which etcd does not allow in a transaction.
struct Outcome {
  std::vector<Put> puts;
  std::vector<Erase> erases;
  CreateIndexes created;            ///< of the rows put
  std::vector<std::string> erased;  ///< keys in etcd
};
[[nodiscard]] Outcome outcomeOf(std::uint64_t generation, std::span<const registry::Entry> entries,
                                const CreateIndexes& known);

/// The rows' puts in parts of at most `limit` bytes each; a row that is larger has its own.
[[nodiscard]] std::vector<std::vector<Put>> inParts(std::uint64_t generation,
                                                    std::span<const registry::SnapshotRow> rows,
                                                    std::size_t limit);
/// Keys and values together, about as much as etcd counts.
[[nodiscard]] std::size_t sizeOf(const Transaction& transaction);

}  // namespace cluster_lab::etcd
