#include "os/memory.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/text.hpp"
#include "os/file.hpp"
#include "support/skip.hpp"

namespace cluster_lab::os {
namespace {

/// Kilobytes of files that are in memory for this process (proc(5), RssFile).
std::int64_t residentFile() {
  const auto status = readFile("/proc/self/status").value();
  const auto begin = status.find("RssFile:") + 8;
  return parseInteger(trim(status.substr(begin, status.find("kB", begin) - begin)), 0, 1 << 30)
      .value();
}

/// qemu-user: the kernel knows the emulator, whose mappings are not this program's.
bool isEmulated() {
  return readFile("/proc/self/comm").value().starts_with("qemu-");
}

}  // namespace

TEST_CASE("memory: text that is not in use is given back, and what is needed comes again") {
  if (isEmulated()) return test::skip("an emulator's mappings are not this program's");
  const auto before = residentFile();
  releaseProgramText();
  CHECK(residentFile() < before);
  CHECK(readFile("/proc/self/comm").has_value());
}

}  // namespace cluster_lab::os
