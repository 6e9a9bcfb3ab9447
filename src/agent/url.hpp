#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::agent {

/// A URL as far as a check needs it.
struct Url {
  bool tls = false;
  std::string host;  ///< without brackets
  std::uint16_t port = 80;
  std::string authority;  ///< host and port as written: the Host header
  std::string user;       ///< "USER:PASSWORD"; empty: none
  std::string target = "/";

  bool operator==(const Url&) const = default;
};

/// Reads "http://HOST[:PORT]/PATH?QUERY". InvalidArgument in Go's words, as Consul gives them.
[[nodiscard]] Result<Url> parseUrl(std::string_view text);
/// Where the answer of `from` with that Location header leads (RFC 9110 section 10.2.2).
[[nodiscard]] Result<Url> resolve(const Url& from, std::string_view location);

}  // namespace cluster_lab::agent
