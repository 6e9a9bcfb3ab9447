#include "os/host.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

namespace cluster_lab::os::test {

TEST_CASE("host: this machine has a name, memory, processors and a kernel") {
  CHECK_FALSE(hostName().empty());
  CHECK(hostName().find('.') == std::string::npos);
  CHECK(totalMemoryBytes() > 16U << 20U);
  CHECK(processorCount() >= 1);
  CHECK_FALSE(kernelRelease().empty());
  CHECK_FALSE(machineName().empty());
  CHECK_FALSE(operatingSystem().empty());
  CHECK(operatingSystem().find('"') == std::string::npos);
}

TEST_CASE("host: random numbers stay below their bound and differ") {
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto number = randomBelow(7);
    CHECK(number < 7);
    seen.insert(number);
  }
  CHECK(seen.size() == 7);
  CHECK(randomBelow(1) == 0);
  CHECK(randomBytes16() != randomBytes16());
}

TEST_CASE("host: a program is found in PATH, in the folders of root, or by its path") {
  CHECK(findProgram("sh"));
  CHECK(findProgram("/bin/sh") == "/bin/sh");
  CHECK_FALSE(findProgram("no-such-program"));
  CHECK_FALSE(findProgram("/etc/passwd"));
  CHECK_FALSE(findProgram("/etc"));
  const std::string path = getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  CHECK(findProgram("ldconfig"));
  setenv("PATH", path.c_str(), 1);
}

}  // namespace cluster_lab::os::test
