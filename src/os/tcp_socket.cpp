#include "os/tcp_socket.hpp"

#include <netinet/in.h>

#include <cerrno>

#include "os/system_error.hpp"

namespace cluster_lab::os {

Result<TcpSocket> TcpSocket::connect(Ipv4 server, std::uint16_t port) {
  TcpSocket made(FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)));
  if (!made.fd_.isOpen()) return failErrno("open a TCP socket");
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(server.hostOrder());
  const int result = ::connect(made.fd(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
  if (result != 0 && errno != EINPROGRESS) return failErrno("reach " + server.toString());
  return made;
}

std::optional<TcpSocket> TcpSocket::accept(int listening) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  FileDescriptor fd(::accept4(listening, reinterpret_cast<sockaddr*>(&peer), &size,
                              SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd.isOpen()) return std::nullopt;
  TcpSocket made(std::move(fd));
  made.peer_ = peer;
  return made;
}

Result<wire::ByteView> TcpSocket::receive(std::span<std::uint8_t> buffer) const {
  const auto size = recv(fd(), buffer.data(), buffer.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return wire::ByteView{};
  if (size < 0) return failErrno("receive from a connection");
  if (size == 0) return fail(ErrorCode::Unavailable, "the other end has closed the connection");
  return wire::ByteView(buffer.data(), static_cast<std::size_t>(size));
}

Result<void> TcpSocket::send(wire::ByteView payload) const {
  const auto sent = ::send(fd(), payload.data(), payload.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return failErrno("send to a connection");
  if (sent < 0 || static_cast<std::size_t>(sent) < payload.size()) {
    return fail(ErrorCode::Exhausted, "the other end reads too slowly");
  }
  return {};
}

}  // namespace cluster_lab::os
