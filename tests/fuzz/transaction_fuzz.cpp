// Whatever comes as the body of a transaction is read without harm; what can be read is carried
// out as one change set that the state takes, or refused and changes nothing.
// sources: registry/base64.cpp registry/catalog_request.cpp registry/change_set.cpp
// sources: registry/consequences.cpp registry/consul_json.cpp registry/consul_services.cpp
// sources: registry/decide.cpp registry/decide_*.cpp registry/fields.cpp registry/go_*.cpp
// sources: registry/graveyard.cpp registry/json_writer.cpp registry/lineage.cpp
// sources: registry/row_json*.cpp registry/scratch_state.cpp registry/service_index.cpp
// sources: registry/session_request.cpp registry/state.cpp registry/txn_*.cpp
#include <cstdlib>

#include "registry/consequences.hpp"
#include "registry/decide_catalog.hpp"
#include "registry/decide_kv.hpp"
#include "registry/decide_txn.hpp"

namespace {

using namespace cluster_lab;
using namespace cluster_lab::registry;

void apply(State& state, ChangeSet changes) {
  if (changes.empty()) return;
  const Position at{.term = 1, .writer = {}, .index = state.position().index + 1};
  const Entry entry{.at = at, .changes = withConsequences(state, std::move(changes))};
  if (!state.apply(entry)) std::abort();
}

/// Two keys, and a node with a service.
State example() {
  State state;
  for (const auto* key : {"a", "a/b"}) {
    apply(state,
          decide::putKey(state, {.key = key, .value = "v", .flags = 0, .checkAndSet = {}}).changes);
  }
  const auto wanted = parseCatalogRegistration(
      R"({"Node":"n","Address":"a","Service":{"Service":"s"},"Check":{"CheckID":"c"}})");
  apply(state, decide::registerEntity(state, wanted.value()).value().changes);
  return state;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto transaction = parseTransaction(body);
  if (!transaction) return 0;
  auto state = example();
  JsonWriter results;
  results.beginArray();
  auto decision =
      decide::transact(state, *transaction, {.datacenter = "dc1", .isHeldBack = {}}, results);
  if (!decision.answer.empty() && !decision.changes.empty()) std::abort();
  if (isReadOnly(*transaction) && !decision.changes.empty()) std::abort();
  apply(state, std::move(decision.changes));
  return 0;
}
