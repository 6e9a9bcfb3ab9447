#include "http/listen_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "http/port_holder.hpp"

namespace cluster_lab::http {
namespace {

constexpr int kBacklog = 512;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Result<SocketAddress> numericAddress(const std::string& address, std::uint16_t port) {
  SocketAddress result;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&result.storage, &v4, sizeof v4);
    result.size = sizeof v4;
  } else if (inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&result.storage, &v6, sizeof v6);
    result.size = sizeof v6;
  } else {
    return fail(ErrorCode::InvalidArgument, "'" + address + "' is not an address");
  }
  return result;
}

/// SO_REUSEADDR so that a restart need not wait for old connections. Not SO_REUSEPORT, which would
/// let a second daemon share the port silently.
void setOptions(int socket) {
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(socket, IPPROTO_IP, IP_FREEBIND, &on, sizeof on);
}

std::unexpected<Error> listenError(int reason, const std::string& where, std::uint16_t port) {
  const auto doing = "listen on " + where;
  if (reason == EADDRINUSE) {
    const auto holder = holderOfPort(port);
    return fail(ErrorCode::Conflict,
                doing + ": the port is taken by " +
                    (holder.empty() ? "a process that may not be looked at" : holder),
                "stop that process, or set another port");
  }
  if (reason == EACCES || reason == EPERM) {
    return fail(ErrorCode::PermissionDenied, doing + ": " + std::strerror(reason),
                "ports below 1024 need CAP_NET_BIND_SERVICE");
  }
  return fail(ErrorCode::Io, doing + ": " + std::strerror(reason));
}

}  // namespace

Result<int> listenOn(const std::string& address, std::uint16_t port) {
  const auto where = address + ":" + std::to_string(port);
  const auto bindTo = numericAddress(address, port);
  if (!bindTo) return fail(bindTo.error().during("listen on " + where));
  const int socket = ::socket(bindTo->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return listenError(errno, where, port);
  setOptions(socket);
  const auto* raw = reinterpret_cast<const sockaddr*>(&bindTo->storage);
  if (::bind(socket, raw, bindTo->size) != 0 || ::listen(socket, kBacklog) != 0) {
    const int reason = errno;
    ::close(socket);
    return listenError(reason, where, port);
  }
  return socket;
}

std::uint16_t boundPort(int socket) {
  sockaddr_in6 address{};  // its port is where an IPv4 address has it, too
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.sin6_port);
}

}  // namespace cluster_lab::http
