// Whatever arrives as ARP is read without harm, and what is read is written back the same.
#include <cstdlib>

#include "wire/arp.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cluster_lab::wire;
  const auto packet = decodeArp({data, size});
  if (packet && decodeArp(encode(*packet)).value() != *packet) std::abort();
  return 0;
}
