#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::os {

class EventLoop;

/// The most bytes that a request or an answer over a unix socket may have.
inline constexpr std::size_t kUnixMessageMax = std::size_t{128} * 1024;

/// Answers other programs of this machine at a path: a connection carries one request and one
/// answer, each a message of its own (SOCK_SEQPACKET). A client that sends nothing within 5 s, more
/// than kUnixMessageMax bytes, or goes away, is dropped without the handler's knowing. Removes the
/// path when destroyed. Loop thread only.
class UnixServer {
 public:
  /// Runs on the loop thread, so it must not wait. An empty answer, or one above kUnixMessageMax
  /// bytes, is not sent: the client is told Unavailable.
  using Handler = std::function<std::string(std::string request)>;

  /// Makes the socket with mode 0660; its folder exists. Takes the place of a socket that a killed
  /// daemon left. Conflict: somebody listens there. AlreadyExists: the path is no socket.
  [[nodiscard]] static Result<std::unique_ptr<UnixServer>> listen(EventLoop& loop,
                                                                  const std::filesystem::path& path,
                                                                  Handler handler);
  virtual ~UnixServer() = default;
};

/// Sends `request` to the server at `path` and waits for its answer, at most `timeout` all told.
/// Unavailable: nobody listens, or it hung up without an answer. TimedOut. PermissionDenied.
/// InvalidArgument: the request or the path is too long. Any thread.
[[nodiscard]] Result<std::string> askUnixServer(const std::filesystem::path& path,
                                                std::string_view request,
                                                std::chrono::milliseconds timeout);

}  // namespace cluster_lab::os
