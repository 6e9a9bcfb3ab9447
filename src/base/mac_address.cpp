#include "base/mac_address.hpp"

#include "base/text.hpp"

namespace cluster_lab {

Result<MacAddress> MacAddress::parse(std::string_view text) {
  const auto malformed = [&] {
    return fail(ErrorCode::InvalidArgument,
                "'" + std::string(text) + "' is not a MAC address such as b8:27:eb:00:00:01");
  };
  const auto parts = split(text, ':');
  if (parts.size() != 6) return malformed();
  MacAddress mac;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].size() != 2) return malformed();
    const auto byte = parseHex(parts[i]);
    if (!byte) return malformed();
    mac.bytes.at(i) = static_cast<std::uint8_t>(*byte);
  }
  return mac;
}

std::string MacAddress::toString() const {
  std::string text;
  for (const auto byte : bytes) {
    if (!text.empty()) text += ':';
    text += hex(byte);
  }
  return text;
}

}  // namespace cluster_lab
