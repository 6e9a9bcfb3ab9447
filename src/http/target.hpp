#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cluster_lab::http {

/// What a request asks for, decoded.
struct Target {
  std::string path;
  std::multimap<std::string, std::string> query;
};

/// Reads a request target ("/v1/kv/a%2Fb?raw", also in absolute form) as Go's net/url does, since
/// Consul's clients rely on it: the path is decoded once, a plus in it stays a plus, empty segments
/// stay; in the query a plus is a blank, and a pair that cannot be decoded is left out. nullopt:
/// the path has a broken percent escape.
[[nodiscard]] std::optional<Target> parseTarget(std::string_view text);

/// No blank, line end or other control character in it, which would make another request of one
/// that is sent with it.
[[nodiscard]] bool isOneWord(std::string_view text);

/// Percent-encodes what RFC 3986 does not leave unreserved.
[[nodiscard]] std::string encodeComponent(std::string_view text);

}  // namespace cluster_lab::http
