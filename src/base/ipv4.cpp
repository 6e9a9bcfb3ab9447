#include "base/ipv4.hpp"

#include "base/text.hpp"

namespace cluster_lab {

Result<Ipv4> Ipv4::parse(std::string_view text) {
  const auto malformed = [&] {
    return fail(ErrorCode::InvalidArgument,
                "'" + std::string(text) + "' is not an IPv4 address such as 192.168.200.1");
  };
  const auto parts = split(text, '.');
  if (parts.size() != 4) return malformed();
  std::uint32_t value = 0;
  for (const auto part : parts) {
    const auto number = parseInteger(part, 0, 255);
    if (!number || (part.size() > 1 && part.front() == '0')) return malformed();
    value = value << 8U | static_cast<std::uint32_t>(*number);
  }
  return Ipv4(value);
}

std::string Ipv4::toString() const {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string(value_ >> static_cast<unsigned>(shift) & 0xFFU);
    if (shift > 0) text += '.';
  }
  return text;
}

Result<Ipv4Network> Ipv4Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return fail(ErrorCode::InvalidArgument,
                "'" + std::string(text) + "' is not a subnet such as 192.168.200.0/24");
  }
  const auto address = Ipv4::parse(text.substr(0, slash));
  if (!address) return fail(address.error());
  const auto prefix = parseInteger(text.substr(slash + 1), 1, 30);
  if (!prefix) return fail(prefix.error().during("prefix length"));
  Ipv4Network network;
  network.address_ = *address;
  network.prefixLength_ = static_cast<int>(*prefix);
  if ((address->hostOrder() & ~network.netmask().hostOrder()) != 0) {
    return fail(ErrorCode::InvalidArgument,
                "'" + std::string(text) + "' has host bits set: expected the subnet's own address");
  }
  return network;
}

Ipv4 Ipv4Network::netmask() const {
  return Ipv4(prefixLength_ == 0 ? 0
                                 : ~std::uint32_t{0} << static_cast<unsigned>(32 - prefixLength_));
}

Ipv4 Ipv4Network::broadcast() const {
  return Ipv4(address_.hostOrder() | ~netmask().hostOrder());
}

bool Ipv4Network::contains(Ipv4 address) const {
  return (address.hostOrder() & netmask().hostOrder()) == address_.hostOrder();
}

std::string Ipv4Network::toString() const {
  return address_.toString() + "/" + std::to_string(prefixLength_);
}

Result<Ipv4Range> Ipv4Range::parse(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) {
    return fail(
        ErrorCode::InvalidArgument,
        "'" + std::string(text) + "' is not a range such as 192.168.200.101-192.168.200.200");
  }
  const auto first = Ipv4::parse(trim(text.substr(0, dash)));
  if (!first) return fail(first.error());
  const auto last = Ipv4::parse(trim(text.substr(dash + 1)));
  if (!last) return fail(last.error());
  if (*last < *first) {
    return fail(ErrorCode::InvalidArgument,
                "the range '" + std::string(text) + "' ends before it begins");
  }
  return Ipv4Range{*first, *last};
}

std::string Ipv4Range::toString() const {
  return first.toString() + "-" + last.toString();
}

}  // namespace cluster_lab
