#include "base/node_id.hpp"

#include "base/text.hpp"

namespace cluster_lab {

Result<NodeId> NodeId::parse(std::string_view text) {
  const auto malformed = [&] {
    return fail(ErrorCode::InvalidArgument, "'" + std::string(text) + "' is not a UUID");
  };
  if (text.size() != 36) return malformed();
  NodeId id;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i++] != '-') return malformed();
      continue;
    }
    const auto value = parseHex(text.substr(i, 2));
    if (!value) return malformed();
    id.bytes.at(byte++) = static_cast<std::uint8_t>(*value);
    i += 2;
  }
  return id;
}

NodeId NodeId::fromRandom(std::array<std::uint8_t, 16> random) {
  random[6] = static_cast<std::uint8_t>((random[6] & 0x0FU) | 0x40U);  // version 4
  random[8] = static_cast<std::uint8_t>((random[8] & 0x3FU) | 0x80U);  // variant 10
  return {random};
}

std::string NodeId::toString() const {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += hex(bytes.at(i));
  }
  return text;
}

}  // namespace cluster_lab
