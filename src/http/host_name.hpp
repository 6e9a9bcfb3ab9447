#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace cluster_lab::http {

/// Which names of this node a browser may use. A web page from elsewhere can have its own name lead
/// here (DNS rebinding) and would then read and write as if it were ours; but it cannot have a name
/// that nobody on the Internet can own.
class HostNames {
 public:
  /// `own`: this node's name and those of the configuration, any case.
  explicit HostNames(const std::vector<std::string>& own);

  /// `host`: the value of a Host header. Accepted are addresses, names without a dot, names in
  /// zones that only a local network can have, and our own.
  [[nodiscard]] bool accepts(std::string_view host) const;
  /// The answer to a request that comes by a strange name, or that changes something on behalf of a
  /// page from another host.
  [[nodiscard]] std::optional<Response> refusal(const Request& request) const;

 private:
  std::vector<std::string> own_;
};

}  // namespace cluster_lab::http
