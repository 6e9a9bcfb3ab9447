// Whatever comes as a snapshot is refused, or restored as a change set that the state takes. The
// checksums are made right, so that what they guard is reached, too.
// sources: os/sha256.cpp registry/base64.cpp registry/change_set.cpp registry/consequences.cpp
// sources: registry/decide_restore.cpp registry/fields.cpp registry/go_values.cpp
// sources: registry/graveyard.cpp registry/json_writer.cpp registry/lineage.cpp
// sources: registry/row_json*.cpp registry/service_index.cpp registry/snapshot_file.cpp
// sources: registry/json_bytes.cpp registry/state.cpp registry/stream_json.cpp wire/tar.cpp
#include <cstdlib>

#include "os/sha256.hpp"
#include "registry/consequences.hpp"
#include "registry/decide_restore.hpp"
#include "registry/snapshot_file.hpp"
#include "wire/tar.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cluster_lab;
  using namespace cluster_lab::registry;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto files = wire::decodeTar(bytes);
  if (files && wire::decodeTar(wire::encodeTar(*files)).value().size() != files->size())
    std::abort();

  const wire::TarFile state_file{"state.bin", "cluster-lab registry snapshot 1\n" + bytes};
  const wire::TarFile meta{"meta.json", "{}"};
  const wire::TarFile sums{"SHA256SUMS", os::sha256(meta.content) + "  meta.json\n" +
                                             os::sha256(state_file.content) + "  state.bin\n"};
  const auto snapshot = decodeSnapshot(wire::encodeTar({meta, state_file, sums}));
  if (!snapshot) return 0;
  State state;
  auto decision = decide::restore(state, *snapshot, 0);
  if (!decision) return 0;
  const Entry entry{.at = {.term = 1, .writer = {}, .index = 1},
                    .changes = withConsequences(state, std::move(decision->changes))};
  if (!state.apply(entry)) std::abort();
  return 0;
}
