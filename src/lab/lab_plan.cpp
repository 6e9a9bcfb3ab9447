#include "lab/lab_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace cluster_lab::lab {
namespace {

constexpr std::size_t kLongestName = 10;
constexpr std::uint32_t kFirstLan = 0xC6120000;  // 198.18.0.0
constexpr unsigned kHostIndex = 254;

bool overlap(const Ipv4Network& a, const Ipv4Network& b) {
  return a.contains(b.address()) || b.contains(a.address());
}

/// FNV-1a, so that labs of different names start looking at different places.
std::uint32_t hashOf(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char letter : text) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 16777619U;
  }
  return hash;
}

Ipv4 hostOf(const Ipv4Network& lan, unsigned number) {
  return Ipv4(lan.address().hostOrder() + number);
}

}  // namespace

Result<void> checkLabName(std::string_view name) {
  if (isHostLabel(name) && name.size() <= kLongestName && name == toLower(name)) return {};
  return fail(ErrorCode::InvalidArgument,
              fmt::format("'{}' cannot be the name of a lab: expected 1 to {} lower case letters, "
                          "digits and inner hyphens",
                          name, kLongestName));
}

std::string switchName(std::string_view lab) {
  return fmt::format("clab-{}", lab);
}

Ipv4Network lanNumber(unsigned number) {
  const Ipv4 address(kFirstLan + number % kLanCount * 256);
  return *Ipv4Network::parse(address.toString() + "/24");
}

std::optional<Ipv4Network> chooseLan(std::string_view lab, const std::vector<Ipv4Network>& taken) {
  const auto first = hashOf(lab) % kLanCount;
  for (unsigned i = 0; i < kLanCount; ++i) {
    const auto lan = lanNumber(first + i);
    const auto meets = [&](const Ipv4Network& other) { return overlap(lan, other); };
    if (std::ranges::none_of(taken, meets)) return lan;
  }
  return std::nullopt;
}

std::string nodeName(unsigned index) {
  return fmt::format("pi{}", index);
}

Ipv4 nodeLanAddress(const Ipv4Network& lan, unsigned index) {
  return hostOf(lan, index);
}

Ipv4 hostLanAddress(const Ipv4Network& lan) {
  return hostOf(lan, kHostIndex);
}

MacAddress nodeMac(const Ipv4Network& lan, unsigned index) {
  const auto network = lan.address().hostOrder();
  const auto byte = [](std::uint32_t value) { return static_cast<std::uint8_t>(value & 0xFFU); };
  return {{0x02, byte(network >> 24U), byte(network >> 16U), byte(network >> 8U), byte(index >> 8U),
           byte(index)}};
}

}  // namespace cluster_lab::lab
