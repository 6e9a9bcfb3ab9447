// Whatever a client gives as ?filter is read and evaluated without harm.
// sources: registry/filter.cpp registry/filter_parser.cpp
#include <cstddef>
#include <cstdint>

#include "registry/filter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cluster_lab::registry::Filter;
  const auto filter = Filter::parse({reinterpret_cast<const char*>(data), size});
  if (filter) {
    (void)filter->matches(
        R"({"Service":{"Tags":["a"],"Port":80},"Meta":{"k":"v"},"Checks":[{"S":"x"}]})");
  }
  return 0;
}
