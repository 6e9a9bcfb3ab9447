#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/message.hpp"

namespace cluster_lab::http {

/// Everything of a request before its body.
struct RequestHead {
  std::string method;
  std::string target;
  Headers headers;
  bool keepAlive = true;
  bool expectsContinue = false;  ///< waits for "100 Continue" before it sends the body
};

/// Everything of a response before its body.
struct ResponseHead {
  int status = 0;
  Headers headers;
  bool keepAlive = true;
};

/// Both read a head with its empty line at the end (RFC 9112 sections 2 to 5), strictly: one blank
/// between the words, CR LF at the ends, no folded lines, at most 100 headers. InvalidArgument: it
/// is none. Unsupported: another protocol version than HTTP/1.0 and HTTP/1.1.
[[nodiscard]] Result<RequestHead> parseRequestHead(std::string_view text);
[[nodiscard]] Result<ResponseHead> parseResponseHead(std::string_view text);

/// A method or a header's name (RFC 9110 section 5.6.2).
[[nodiscard]] bool isToken(std::string_view text);
/// Text that may stand in a header's value or in a target.
[[nodiscard]] bool hasNoControls(std::string_view text);

}  // namespace cluster_lab::http
