#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::http {

/// One request to a server of somebody else's, for Fetch.
struct FetchRequest {
  bool tls = false;
  bool verifyCertificate = true;
  std::string host;  ///< address or name
  std::uint16_t port = 0;
  std::string method = "GET";
  std::string target = "/";                                  ///< path with its encoded query
  std::vector<std::pair<std::string, std::string>> headers;  ///< without Content-Length
  std::string body;
  std::chrono::milliseconds timeout{10000};  ///< of connecting, and of each silence
  std::size_t bodySize = 4096;               ///< the end of the body that is kept
};

struct Fetched {
  int status = 0;
  std::string reason;    ///< the phrase behind the status
  std::string location;  ///< of the header of that name; empty: there is none
  std::string body;      ///< its end
};

/// A request on a connection of its own, with or without TLS, whose answer may be of any size.
/// run() blocks; stop() from any thread ends it. Errors: Unavailable (nobody listens, the
/// connection broke), TimedOut, PermissionDenied (the certificate is not trusted), InvalidArgument.
class Fetch {
 public:
  explicit Fetch(FetchRequest request);
  ~Fetch();
  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;

  [[nodiscard]] Result<Fetched> run();
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::http
