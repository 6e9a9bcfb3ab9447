#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ipv4.hpp"

namespace cluster_lab::http {

/// A request as a handler sees it. Path decoded, without query.
struct Request {
  std::string method;  ///< "GET", "PUT", ...
  std::string path;
  std::multimap<std::string, std::string> query;  ///< decoded; "?recurse" has an empty value
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Ipv4 peer;   ///< who asks; none where it is not IPv4
  Ipv4 local;  ///< the address it asked
  /// Asks the connection whether the client has closed its end; valid while the handler runs. May
  /// be empty: use abandoned().
  std::function<bool()> hungUp;

  /// First header of that name, any case.
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> parameter(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& parameterName) const {
    return query.contains(parameterName);
  }
  /// Nobody waits for the answer any more. For handlers that wait long; costs a system call.
  [[nodiscard]] bool abandoned() const { return hungUp && hungUp(); }
};

/// Gives a body bit by bit: puts the next piece, which may be empty, into the string. false: that
/// was the last one. Called on the connection's thread until then, until the client hangs up, or
/// until the server stops, which is looked at after each piece: so it should not block for more
/// than a second.
using BodySource = std::function<bool(std::string&)>;

struct Response {
  int status = 200;
  std::string contentType = "application/json";  ///< empty: the header is not sent
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  BodySource stream = {};  ///< instead of a body; sent as it comes
};

/// A response with a plain text body, as Consul's errors are.
[[nodiscard]] Response text(int status, std::string body);
[[nodiscard]] Response json(std::string body);

}  // namespace cluster_lab::http
