#include "os/memory.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <bit>
#include <cstdint>

#include "base/text.hpp"
#include "os/file.hpp"

namespace cluster_lab::os {
namespace {

void* addressOf(std::string_view hexadecimal) {
  return std::bit_cast<void*>(static_cast<std::uintptr_t>(parseHex(hexadecimal).value_or(0)));
}

}  // namespace

void keepHeapSmall() {
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_TRIM_THRESHOLD, 128 * 1024);
}

void releaseProgramText() {
  const auto maps = readFile("/proc/self/maps");
  if (!maps) return;
  for (const auto line : split(*maps, '\n')) {
    // "7f12-7f34 r-xp 0001 fe:01 123 /usr/lib/libc.so.6" (proc(5)); executable and never written,
    // so the file has all of it.
    const auto words = split(line, ' ');
    if (words.size() < 6 || words[1] != "r-xp" || !line.contains(" /")) continue;
    const auto range = split(words[0], '-');
    auto* const begin = addressOf(range[0]);
    const auto* const end = addressOf(range[1]);
    madvise(begin,
            static_cast<std::size_t>(static_cast<const char*>(end) - static_cast<char*>(begin)),
            MADV_DONTNEED);
  }
}

}  // namespace cluster_lab::os
