#pragma once

#include <netdb.h>
#include <nss.h>

#include <cstddef>
#include <string_view>

#include "nss/host_lookup.hpp"

namespace cluster_lab::nss {

/// Memory of the caller that an answer is written into (nss(5)'s callers bring it).
class Arena {
 public:
  Arena(char* begin, std::size_t size) : at_(begin), left_(size) {}

  /// Room for `count` objects. nullptr: there is not enough.
  template <typename Type>
  [[nodiscard]] Type* take(std::size_t count = 1) {
    return static_cast<Type*>(takeBytes(count * sizeof(Type), alignof(Type)));
  }
  /// A copy with a zero at its end.
  [[nodiscard]] char* copy(std::string_view text);

 private:
  [[nodiscard]] void* takeBytes(std::size_t size, std::size_t alignment);

  char* at_;
  std::size_t left_;
};

/// Writes the addresses of one family. false: the arena is too small.
[[nodiscard]] bool writeEntry(const Host& host, std::string_view name, int family, Arena& arena,
                              hostent& entry);
/// Writes all addresses as a list. nullptr: the arena is too small.
[[nodiscard]] gaih_addrtuple* writeList(const Host& host, std::string_view name, Arena& arena);

}  // namespace cluster_lab::nss
