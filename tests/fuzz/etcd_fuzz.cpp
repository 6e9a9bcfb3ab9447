// Whatever an etcd server answers, logs, or has under the registry's keys is read or refused; a
// row that is read is written as it was.
// sources: etcd/gateway_requests.cpp etcd/gateway_answers.cpp etcd/store_layout.cpp
// sources: etcd/server_log.cpp etcd/server_command.cpp registry/base64.cpp registry/change_set.cpp
// sources: registry/consequences.cpp registry/fields.cpp registry/go_values.cpp
// sources: registry/graveyard.cpp registry/json_bytes.cpp registry/json_writer.cpp
// sources: registry/lineage.cpp registry/row_json*.cpp registry/service_index.cpp
// sources: registry/state.cpp registry/stream_json.cpp
#include <cstdlib>

#include "etcd/gateway.hpp"
#include "etcd/server_command.hpp"
#include "etcd/server_log.hpp"
#include "etcd/store_layout.hpp"

namespace {

using namespace cluster_lab;
using namespace cluster_lab::etcd;

void readRows(const std::vector<KeyValue>& found) {
  for (const auto& pair : found) {
    const auto row = readRow(1, pair);
    if (!row) continue;
    const auto again = putOf(1, *row);
    if (readRow(1, {.key = again.key, .value = again.value}) != *row) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto range = readRange(text)) readRows(range->found);
  if (const auto answer = readTransaction(text)) readRows(answer->found);
  if (const auto lease = readKeepAlive(text); lease && lease->lifetime.count() < 0) std::abort();
  static_cast<void>(readGrant(text));
  static_cast<void>(readMembers(text));
  static_cast<void>(readStatus(text));
  static_cast<void>(readFailure(500, text));
  static_cast<void>(complaintOf(text));
  static_cast<void>(cluster_lab::etcd::addressOf(text));
  if (const auto header = readHeader(text)) {
    if (readHeader(toText(*header)) != *header) std::abort();
  }
  const KeyValue pair{.key = prefixOf(1) + "kv/a", .value = std::string(text)};
  readRows({pair});
  return 0;
}
