// Whatever arrives as a DNS message is read without harm, and what is read is written back the
// same.
#include <cstdlib>

#include "wire/dns_message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cluster_lab::wire;
  const auto message = decodeDns({data, size});
  if (!message) return 0;
  const auto again = encode(*message);
  if (again.size() <= kDnsMaxSize && decodeDns(again).value() != *message) std::abort();
  return 0;
}
