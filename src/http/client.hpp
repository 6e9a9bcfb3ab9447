#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "http/message.hpp"
#include "http/target.hpp"

namespace cluster_lab::http {

struct ClientOptions {
  std::string host;  ///< address or name; empty with a socket path
  std::uint16_t port = 0;
  std::string socketPath;  ///< a unix socket instead
  std::chrono::milliseconds connectTimeout{1000};
  std::chrono::milliseconds answerTimeout{5000};  ///< silence of the server, at most

  bool operator==(const ClientOptions&) const = default;
};

/// One kept-alive connection to a server. Calls block; one thread at a time, but stop() from any. A
/// request that could not be sent, since the server has closed meanwhile, is tried once again.
/// Errors: Unavailable (nobody listens, connection lost), TimedOut, PermissionDenied (the unix
/// socket is not for us). An answer with any status is no error. A host name is resolved by the C
/// library, which stop() cannot interrupt; an address is not.
class Client {
 public:
  explicit Client(const ClientOptions& options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// `target`: path with its encoded query.
  [[nodiscard]] Result<Response> request(
      const std::string& method, const std::string& target, const std::string& body = {},
      const std::vector<std::pair<std::string, std::string>>& headers = {});
  [[nodiscard]] Result<Response> get(const std::string& target) { return request("GET", target); }
  /// Did the last call fail before the server can have got anything of it?
  [[nodiscard]] bool sentNothing() const;
  /// Ends a running call with Unavailable, and all later ones.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::http
