// Whatever arrives as beacon or heartbeat is read without harm, and what is read is written back
// the same.
#include <cstdlib>

#include "wire/beacon.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cluster_lab::wire;
  const auto beacon = decodeBeacon({data, size});
  if (beacon && decodeBeacon(encode(*beacon)).value() != *beacon) std::abort();
  return 0;
}
