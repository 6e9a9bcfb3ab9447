// Whatever arrives as an answer of a DHCP server is read without harm.
#include <cstdlib>

#include "wire/dhcp.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cluster_lab::wire;
  const auto message = decodeFromServer({data, size});
  if (message && (message->prefixLength < 0 || message->prefixLength > 32)) std::abort();
  return 0;
}
