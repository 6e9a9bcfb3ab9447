// Whatever comes as the body of a registration, a deregistration or a session is read without
// harm, and what can be read is carried out or refused. The first byte says which it is.
// sources: registry/base64.cpp registry/catalog_request.cpp registry/change_set.cpp
// sources: registry/consequences.cpp registry/decide.cpp registry/decide_catalog.cpp
// sources: registry/decide_node.cpp registry/decide_services.cpp registry/decide_session.cpp
// sources: registry/fields.cpp registry/go_*.cpp registry/graveyard.cpp registry/json_writer.cpp
// sources: registry/lineage.cpp registry/row_json*.cpp registry/service_index.cpp
// sources: registry/session_request.cpp registry/state.cpp
#include <cstdlib>

#include "registry/consequences.hpp"
#include "registry/decide_catalog.hpp"
#include "registry/decide_session.hpp"

namespace {

using namespace cluster_lab;
using namespace cluster_lab::registry;

/// What was decided must be what the state takes.
template <typename T>
void apply(State& state, Result<decide::Decision<T>> decision) {
  if (!decision || decision->changes.empty()) return;
  const Position at{.term = 1, .writer = {}, .index = state.position().index + 1};
  const Entry entry{.at = at, .changes = withConsequences(state, std::move(decision->changes))};
  if (!state.apply(entry)) std::abort();
}

State example() {
  State state;
  const auto wanted = parseCatalogRegistration(
      R"({"Node":"n","Address":"a","Service":{"Service":"s"},"Check":{"CheckID":"serfHealth","Status":"passing"}})");
  apply(state, decide::registerEntity(state, wanted.value()));
  return state;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto state = example();
  if (data[0] == 'r') {
    if (const auto wanted = parseCatalogRegistration(body))
      apply(state, decide::registerEntity(state, *wanted));
  } else if (data[0] == 'd') {
    if (const auto wanted = parseCatalogDeregistration(body))
      apply(state, decide::deregisterEntity(state, *wanted));
  } else if (const auto wanted = sessionRequestFrom(body, "n")) {
    apply(state, decide::createSession(state, *wanted, "11111111-1111-4111-8111-111111111111"));
  }
  return 0;
}
