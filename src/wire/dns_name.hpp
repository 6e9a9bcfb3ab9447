#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::wire {

/// A domain name: its labels from left to right, any bytes each; none: the root.
struct DnsName {
  std::vector<std::string> labels;

  /// Reads "pi-2.node.consul", with or without a dot at the end. InvalidArgument: a label is empty
  /// or longer than 63 bytes, or the name longer than 255 (RFC 1035 section 2.3.4).
  [[nodiscard]] static Result<DnsName> parse(std::string_view text);
  /// "pi-2.node.consul." For people and for comparing: a dot within a label is not told apart.
  [[nodiscard]] std::string toString() const;

  /// Bytes on the wire without compression.
  [[nodiscard]] std::size_t wireSize() const;
  /// The same but for the case of ASCII letters (RFC 4343).
  [[nodiscard]] bool sameAs(const DnsName& other) const;
  /// Is it `zone` or below it, in any case?
  [[nodiscard]] bool isWithin(const DnsName& zone) const;

  bool operator==(const DnsName&) const = default;
};

inline constexpr std::size_t kDnsMaxLabel = 63;  // RFC 1035 section 2.3.4
inline constexpr std::size_t kDnsMaxName = 255;

}  // namespace cluster_lab::wire
