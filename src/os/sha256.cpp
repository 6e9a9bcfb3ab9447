#include "os/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "base/text.hpp"

namespace cluster_lab::os {

std::string sha256(std::string_view bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += hex(digest[i]);
  return text;
}

}  // namespace cluster_lab::os
