#include "os/host.hpp"

#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <span>
#include <thread>

#include "base/text.hpp"
#include "os/file.hpp"

namespace cluster_lab::os {
namespace {

utsname kernelNames() {
  utsname names{};
  uname(&names);  // fails only for a bad pointer
  return names;
}

void fillRandom(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto got = getrandom(bytes.data(), bytes.size(), 0);
    if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

bool isProgram(const std::filesystem::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string hostName() {
  const std::string name = kernelNames().nodename;
  return name.substr(0, name.find('.'));
}

std::uint64_t totalMemoryBytes() {
  struct sysinfo info {};
  sysinfo(&info);  // fails only for a bad pointer
  return std::uint64_t{info.totalram} * info.mem_unit;
}

unsigned processorCount() {
  return std::max(1U, std::thread::hardware_concurrency());
}

std::string kernelRelease() {
  return kernelNames().release;
}

std::string operatingSystem() {
  const auto release = readFile("/etc/os-release");
  if (!release) return "Linux";
  for (const auto line : split(*release, '\n')) {
    constexpr std::string_view kKey = "PRETTY_NAME=";
    if (!line.starts_with(kKey)) continue;
    auto value = trim(line.substr(kKey.size()));
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'')) {
      value = value.substr(1, value.size() - 2);
    }
    return std::string(value);
  }
  return "Linux";
}

std::string machineName() {
  return kernelNames().machine;
}

std::array<std::uint8_t, 16> randomBytes16() {
  std::array<std::uint8_t, 16> bytes{};
  fillRandom(bytes);
  return bytes;
}

std::uint32_t randomBelow(std::uint32_t bound) {
  // Out of 64 bits, so the modulo's preference for small numbers is below one in four thousand
  // million.
  std::array<std::uint8_t, 8> bytes{};
  fillRandom(bytes);
  std::uint64_t number = 0;
  for (const auto byte : bytes) number = number << 8U | byte;
  return bound == 0 ? 0 : static_cast<std::uint32_t>(number % bound);
}

std::optional<std::filesystem::path> findProgram(std::string_view name) {
  if (name.find('/') != std::string_view::npos) {
    return isProgram(name) ? std::optional<std::filesystem::path>(name) : std::nullopt;
  }
  const char* const path = std::getenv("PATH");
  const auto folders = std::string(path == nullptr ? "/usr/bin:/bin" : path) + ":/usr/sbin:/sbin";
  for (const auto folder : split(folders, ':')) {
    auto candidate = std::filesystem::path(folder) / name;
    if (!folder.empty() && isProgram(candidate)) return candidate;
  }
  return std::nullopt;
}

}  // namespace cluster_lab::os
