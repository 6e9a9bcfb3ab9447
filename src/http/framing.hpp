#pragma once

#include <cstdint>
#include <optional>

#include "base/error.hpp"
#include "http/message.hpp"

namespace cluster_lab::http {

/// How a message says where its body ends (RFC 9112 section 6). Neither chunked nor a length: a
/// request has no body, a response lasts until the connection ends.
struct Framing {
  bool chunked = false;
  std::optional<std::uint64_t> length;

  [[nodiscard]] bool requestHasBody() const { return chunked || length.value_or(0) > 0; }
};

/// Strict, since two readings of one request are how requests get smuggled. InvalidArgument: a
/// length that is no number, that is given twice, or beside Transfer-Encoding. Unsupported: another
/// transfer encoding than chunked.
[[nodiscard]] Result<Framing> framingOf(const Headers& headers);

}  // namespace cluster_lab::http
