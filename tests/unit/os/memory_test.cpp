#include "os/memory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

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

/// False under qemu-user, whose /proc/self/smaps has no figures.
bool kernelTellsOfMappings() {
  const auto maps = readFile("/proc/self/smaps").value();
  const auto lines = split(maps, '\n');
  return std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return line.starts_with("Rss:") && !line.ends_with(" 0 kB");
  });
}

}  // namespace

TEST_CASE("memory: text that is not in use is given back, and what is needed comes again") {
  const auto before = residentFile();
  releaseProgramText();
  CHECK(readFile("/proc/self/comm").has_value());
  if (!kernelTellsOfMappings())
    return test::skip("an emulator tells nothing of this process's memory");
  CHECK(residentFile() < before);
}

}  // namespace cluster_lab::os
