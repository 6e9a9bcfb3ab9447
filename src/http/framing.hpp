#pragma once

#include <cstdint>

#include "base/error.hpp"
#include "http/message.hpp"

namespace cluster_lab::http {

/// How a request says where its body ends (RFC 9112 section 6).
struct Framing {
  bool chunked = false;
  std::uint64_t length = 0;  ///< of a body that is not chunked; neither header: 0

  [[nodiscard]] bool hasBody() const { return chunked || length > 0; }
};

/// Strict, since two readings of one request are how requests get smuggled. InvalidArgument: a
/// length that is no number, that is given twice, or beside Transfer-Encoding. Unsupported: another
/// transfer encoding than chunked.
[[nodiscard]] Result<Framing> framingOf(const Request& request);

}  // namespace cluster_lab::http
