#include "os/memory.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/text.hpp"
#include "os/file.hpp"

namespace cluster_lab::os {
namespace {

constexpr std::size_t kMuchFree = std::size_t{1} << 20U;

/// One mapping of this process, as /proc/self/smaps tells it.
struct Mapping {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  bool file = false;
  bool writable = true;
};

/// nullopt: beyond this process's addresses. A 64 bit emulator's own memory is in a 32 bit
/// program's smaps.
std::optional<std::uintptr_t> addressOf(std::string_view hexadecimal) {
  const auto address = parseHex(hexadecimal).value_or(0);
  if (address > std::numeric_limits<std::uintptr_t>::max()) return std::nullopt;
  return static_cast<std::uintptr_t>(address);
}

/// "7f12-7f34 r-xp 0001 fe:01 123 /usr/lib/libc.so.6" (proc(5)); nullopt: a line about the mapping
/// before.
std::optional<Mapping> parseHeader(std::string_view line) {
  const auto words = split(line, ' ');
  const auto range = split(words.front(), '-');
  if (words.size() < 6 || range.size() != 2) return std::nullopt;
  const auto begin = addressOf(range[0]);
  const auto end = addressOf(range[1]);
  if (!begin || !end) return Mapping{};
  return Mapping{*begin, *end, line.find(" /") != std::string_view::npos,
                 words[1].find('w') != std::string_view::npos};
}

void release(const Mapping& mapping) {
  madvise(std::bit_cast<void*>(mapping.begin), mapping.end - mapping.begin, MADV_DONTNEED);
}

}  // namespace

void keepHeapSmall() {
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_TRIM_THRESHOLD, 128 * 1024);
}

void releaseProgramText() {
  const auto maps = readFile("/proc/self/smaps");
  if (!maps) return;
  Mapping current;
  for (const auto line : split(*maps, '\n')) {
    if (const auto header = parseHeader(line)) current = *header;
    // "Anonymous: 0 kB": no page of it was ever changed (relocations are), so the file has all of
    // it.
    const bool unchanged = line.starts_with("Anonymous:") && line.ends_with(" 0 kB");
    if (unchanged && current.file && !current.writable) release(current);
  }
}

void releaseFreeHeap() {
  if (mallinfo2().fordblks > kMuchFree) malloc_trim(0);
}

}  // namespace cluster_lab::os
