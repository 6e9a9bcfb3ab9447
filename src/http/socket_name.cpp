#include "http/socket_name.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace cluster_lab::http {
namespace {

SocketName nameOf(Ipv4 address) {
  return {address, address.hostOrder()};
}

SocketName nameOf(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address) != 0) {
    std::uint32_t network = 0;
    std::memcpy(&network, &address.s6_addr[12], sizeof network);
    return nameOf(Ipv4(ntohl(network)));
  }
  SocketName name;
  std::memcpy(&name.client, &address, sizeof name.client);
  return name;
}

SocketName nameBy(int (*getName)(int, sockaddr*, socklen_t*), int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (getName(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  if (storage.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &storage, sizeof address);
    return nameOf(Ipv4(ntohl(address.sin_addr.s_addr)));
  }
  if (storage.ss_family != AF_INET6) return {};
  sockaddr_in6 address{};
  std::memcpy(&address, &storage, sizeof address);
  return nameOf(address.sin6_addr);
}

}  // namespace

SocketName peerOf(int socket) {
  return nameBy(::getpeername, socket);
}

SocketName localOf(int socket) {
  return nameBy(::getsockname, socket);
}

}  // namespace cluster_lab::http
