#include "os/udp_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

Result<FileDescriptor> openSocket(int family) {
  FileDescriptor fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.isOpen()) return failErrno("open a UDP socket");
  return fd;
}

Result<void> setOption(int fd, int level, int option, int value) {
  if (setsockopt(fd, level, option, &value, sizeof value) == 0) return {};
  return failErrno("set socket option " + std::to_string(option));
}

template <typename Address>
Result<void> bindTo(int fd, const Address& address) {
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return {};
  return failErrno("bind a UDP socket");
}

/// Both families in one socket. Datagrams say to which address they came (ip(7), ipv6(7)).
Result<FileDescriptor> listenIpv6(std::uint16_t port) {
  auto fd = openSocket(AF_INET6);
  if (!fd) return fd;
  sockaddr_in6 any{};
  any.sin6_family = AF_INET6;
  any.sin6_port = htons(port);
  if (auto set = setOption(fd->get(), IPPROTO_IPV6, IPV6_V6ONLY, 0); !set) return fail(set.error());
  if (auto set = setOption(fd->get(), IPPROTO_IPV6, IPV6_RECVPKTINFO, 1); !set) {
    return fail(set.error());
  }
  if (auto bound = bindTo(fd->get(), any); !bound) return fail(bound.error());
  return fd;
}

Result<FileDescriptor> listenIpv4(std::uint16_t port) {
  auto fd = openSocket(AF_INET);
  if (!fd) return fd;
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_port = htons(port);
  if (auto set = setOption(fd->get(), IPPROTO_IP, IP_PKTINFO, 1); !set) return fail(set.error());
  if (auto bound = bindTo(fd->get(), any); !bound) return fail(bound.error());
  return fd;
}

template <typename Address>
Address as(const sockaddr_storage& storage) {
  Address address{};
  std::memcpy(&address, &storage, sizeof address);
  return address;
}

}  // namespace

std::optional<Ipv4> ipv4Of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) return Ipv4(ntohl(as<sockaddr_in>(address).sin_addr.s_addr));
  const auto six = as<sockaddr_in6>(address);
  if (address.ss_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) return std::nullopt;
  std::uint32_t value = 0;
  std::memcpy(&value, &six.sin6_addr.s6_addr[12], sizeof value);
  return Ipv4(ntohl(value));
}

bool isLoopback(const sockaddr_storage& address) {
  constexpr std::uint32_t kLoopbackNet = 127;
  if (const auto ipv4 = ipv4Of(address)) return ipv4->hostOrder() >> 24U == kLoopbackNet;
  const auto six = as<sockaddr_in6>(address);
  return address.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
}

bool isSameHost(const sockaddr_storage& one, const sockaddr_storage& other) {
  if (one.ss_family != other.ss_family) return false;
  if (one.ss_family == AF_INET) return ipv4Of(one) == ipv4Of(other);
  const auto a = as<sockaddr_in6>(one);
  const auto b = as<sockaddr_in6>(other);
  return IN6_ARE_ADDR_EQUAL(&a.sin6_addr, &b.sin6_addr);
}

Result<UdpSocket> UdpSocket::listen(std::uint16_t port) {
  auto fd = listenIpv6(port);
  if (!fd && fd.error().code != ErrorCode::Conflict) fd = listenIpv4(port);
  if (!fd) return fail(fd.error());
  return UdpSocket(std::move(*fd));
}

Result<UdpSocket> UdpSocket::connect(Ipv4 server, std::uint16_t port) {
  auto fd = openSocket(AF_INET);
  if (!fd) return fail(fd.error());
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(server.hostOrder());
  if (::connect(fd->get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    return failErrno("reach " + server.toString());
  }
  return UdpSocket(std::move(*fd));
}

std::uint16_t UdpSocket::port() const {
  sockaddr_in6 address{};  // its port is where an IPv4 address has it, too
  socklen_t size = sizeof address;
  if (getsockname(fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.sin6_port);
}

Result<std::optional<wire::ByteView>> UdpSocket::receive(std::span<std::uint8_t> buffer,
                                                         Peer& from) const {
  iovec part{buffer.data(), buffer.size()};
  msghdr message{};
  message.msg_name = &from.address;
  message.msg_namelen = sizeof from.address;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = from.control.data();
  message.msg_controllen = from.control.size();
  const auto size = recvmsg(fd(), &message, 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  if (size < 0) return failErrno("receive a datagram");
  from.addressSize = message.msg_namelen;
  from.controlSize = message.msg_controllen;
  if ((message.msg_flags & MSG_TRUNC) != 0) return std::nullopt;
  return wire::ByteView(buffer.data(), static_cast<std::size_t>(size));
}

Result<void> UdpSocket::sendTo(const Peer& to, wire::ByteView payload) const {
  auto copy = to;  // sendmsg(2) takes no const
  iovec part{const_cast<std::uint8_t*>(payload.data()), payload.size()};
  msghdr message{};
  message.msg_name = &copy.address;
  message.msg_namelen = copy.addressSize;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = copy.controlSize > 0 ? copy.control.data() : nullptr;
  message.msg_controllen = copy.controlSize;
  if (sendmsg(fd(), &message, MSG_NOSIGNAL) < 0) return failErrno("send a datagram");
  return {};
}

Result<void> UdpSocket::send(wire::ByteView payload) const {
  if (::send(fd(), payload.data(), payload.size(), MSG_NOSIGNAL) < 0) {
    return failErrno("send a datagram");
  }
  return {};
}

}  // namespace cluster_lab::os
