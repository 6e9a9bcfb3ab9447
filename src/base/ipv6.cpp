#include "base/ipv6.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/ipv4.hpp"
#include "base/text.hpp"

namespace cluster_lab {
namespace {

using Groups = std::vector<std::uint8_t>;

bool appendGroup(std::string_view text, Groups& bytes) {
  const auto value = parseHex(text);
  if (!value || text.size() > 4) return false;
  bytes.push_back(static_cast<std::uint8_t>(*value >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(*value));
  return true;
}

bool appendIpv4(std::string_view text, Groups& bytes) {
  const auto address = Ipv4::parse(text);
  if (!address) return false;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes.push_back(static_cast<std::uint8_t>(address->hostOrder() >> shift));
  }
  return true;
}

/// Groups between colons, the last of which may be an IPv4 address where `isEnd`.
std::optional<Groups> readGroups(std::string_view text, bool isEnd) {
  Groups bytes;
  if (text.empty()) return bytes;
  const auto parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool mayBeIpv4 = isEnd && i + 1 == parts.size();
    if (!appendGroup(parts[i], bytes) && !(mayBeIpv4 && appendIpv4(parts[i], bytes))) return {};
  }
  return bytes;
}

}  // namespace

Result<Ipv6> Ipv6::parse(std::string_view text) {
  const auto malformed = [&] {
    return fail(ErrorCode::InvalidArgument, "'" + std::string(text) + "' is not an IPv6 address");
  };
  constexpr std::string_view kGap = "::";
  const auto gap = text.find(kGap);
  const bool hasGap = gap != std::string_view::npos;
  const auto front = readGroups(text.substr(0, gap), !hasGap);
  const auto back =
      hasGap ? readGroups(text.substr(gap + kGap.size()), true) : std::optional(Groups{});
  if (!front || !back) return malformed();
  Ipv6 address;
  const auto size = front->size() + back->size();
  // A gap stands for one group at least.
  if (hasGap ? size + 2 > address.bytes.size() : size != address.bytes.size()) return malformed();
  std::ranges::copy(*front, address.bytes.begin());
  std::ranges::copy_backward(*back, address.bytes.end());
  return address;
}

}  // namespace cluster_lab
