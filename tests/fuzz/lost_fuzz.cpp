// Whatever comes as a file of lost writes is read without harm, and what is understood reads the
// same when it is written again.
// sources: registry/base64.cpp registry/fields.cpp registry/json_bytes.cpp
// sources: registry/json_writer.cpp registry/lost_writes_json.cpp
#include <cstdlib>

#include "registry/lost_writes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cluster_lab::registry;
  const auto lost = lostWritesFromJson({reinterpret_cast<const char*>(data), size});
  if (!lost) return 0;
  const auto text = toJson(*lost);
  const auto again = lostWritesFromJson(text);
  if (!again || toJson(*again) != text) std::abort();
  return 0;
}
