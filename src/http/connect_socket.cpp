#include "http/connect_socket.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace cluster_lab::http {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Result<std::vector<SocketAddress>> unixAddress(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::InvalidArgument, "the path is too long for a unix socket");
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  SocketAddress result;
  std::memcpy(&result.storage, &address, sizeof address);
  result.size = sizeof address;
  return std::vector{result};
}

/// All that a name stands for: "localhost" is often two.
Result<std::vector<SocketAddress>> tcpAddresses(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (failed != 0) return fail(ErrorCode::Unavailable, gai_strerror(failed));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(list, freeaddrinfo);
  std::vector<SocketAddress> results;
  for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
    auto& result = results.emplace_back();
    std::memcpy(&result.storage, entry->ai_addr, entry->ai_addrlen);
    result.size = entry->ai_addrlen;
  }
  return results;
}

std::unexpected<Error> connectError(int reason) {
  if (reason == EACCES || reason == EPERM) {
    return fail(ErrorCode::PermissionDenied, std::strerror(reason));
  }
  if (reason == ETIMEDOUT) return fail(ErrorCode::TimedOut, "nobody answers");
  return fail(ErrorCode::Unavailable, std::strerror(reason));
}

/// 0, or why the connection did not come about.
int awaitConnected(int socket, std::chrono::milliseconds timeout) {
  pollfd entry{socket, POLLOUT, 0};
  int ready = 0;
  do {
    ready = ::poll(&entry, 1, static_cast<int>(timeout.count()));
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) return ETIMEDOUT;
  int reason = 0;
  socklen_t size = sizeof reason;
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &reason, &size);
  return reason;
}

Result<void> connectWithin(int socket, const SocketAddress& address,
                           std::chrono::milliseconds timeout) {
  const auto* raw = reinterpret_cast<const sockaddr*>(&address.storage);
  if (::connect(socket, raw, address.size) == 0) return {};
  int reason = errno;
  if (reason == EINPROGRESS) reason = awaitConnected(socket, timeout);
  if (reason != 0) return connectError(reason);
  return {};
}

Result<int> connectSocket(const SocketAddress& address, std::chrono::milliseconds timeout,
                          const std::function<bool(int)>& onSocket) {
  const int socket =
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return fail(ErrorCode::Exhausted, std::strerror(errno));
  const auto connected = onSocket(socket) ? connectWithin(socket, address, timeout)
                                          : Result<void>(fail(ErrorCode::Unavailable, "stopped"));
  if (connected) return socket;
  static_cast<void>(onSocket(-1));
  ::close(socket);
  return fail(connected.error());
}

}  // namespace

std::string placeOf(const ClientOptions& options) {
  return options.socketPath.empty() ? options.host + ":" + std::to_string(options.port)
                                    : options.socketPath;
}

Result<int> connectTo(const ClientOptions& options, const std::function<bool(int)>& onSocket) {
  const auto doing = "connect to " + placeOf(options);
  const auto addresses = options.socketPath.empty() ? tcpAddresses(options.host, options.port)
                                                    : unixAddress(options.socketPath);
  if (!addresses) return fail(addresses.error().during(doing));
  Result<int> connected = fail(ErrorCode::Unavailable, "no address");
  for (const auto& address : *addresses) {
    connected = connectSocket(address, options.connectTimeout, onSocket);
    if (connected) return connected;
  }
  return fail(connected.error().during(doing));
}

}  // namespace cluster_lab::http
