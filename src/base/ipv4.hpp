#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab {

/// An IPv4 address. Default: 0.0.0.0, which means "none" (RFC 1122 section 3.2.1.3).
class Ipv4 {
 public:
  constexpr Ipv4() = default;
  /// From host byte order: Ipv4(0xC0A8C801) is 192.168.200.1.
  constexpr explicit Ipv4(std::uint32_t hostOrder) : value_(hostOrder) {}
  /// Reads dotted decimal, four numbers without leading zeros. InvalidArgument names the text.
  [[nodiscard]] static Result<Ipv4> parse(std::string_view text);

  [[nodiscard]] constexpr std::uint32_t hostOrder() const { return value_; }
  [[nodiscard]] constexpr bool isNone() const { return value_ == 0; }
  [[nodiscard]] std::string toString() const;
  constexpr auto operator<=>(const Ipv4&) const = default;

 private:
  std::uint32_t value_ = 0;
};

/// A subnet: 192.168.200.0/24.
class Ipv4Network {
 public:
  constexpr Ipv4Network() = default;
  /// Reads "ADDRESS/PREFIX" with prefix 1 to 30; host bits must be zero.
  [[nodiscard]] static Result<Ipv4Network> parse(std::string_view text);

  [[nodiscard]] Ipv4 address() const { return address_; }
  [[nodiscard]] int prefixLength() const { return prefixLength_; }
  [[nodiscard]] Ipv4 netmask() const;
  [[nodiscard]] Ipv4 broadcast() const;
  [[nodiscard]] bool contains(Ipv4 address) const;
  [[nodiscard]] std::string toString() const;
  auto operator<=>(const Ipv4Network&) const = default;

 private:
  Ipv4 address_;
  int prefixLength_ = 0;
};

/// The addresses from first to last, both included.
struct Ipv4Range {
  Ipv4 first;
  Ipv4 last;

  /// Reads "192.168.200.101-192.168.200.200"; first must not be above last.
  [[nodiscard]] static Result<Ipv4Range> parse(std::string_view text);
  [[nodiscard]] bool contains(Ipv4 address) const { return first <= address && address <= last; }
  [[nodiscard]] std::uint32_t size() const { return last.hostOrder() - first.hostOrder() + 1; }
  [[nodiscard]] std::string toString() const;
  auto operator<=>(const Ipv4Range&) const = default;
};

}  // namespace cluster_lab
