#include "http/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cluster_lab::http {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// A client that takes nothing for that long is given up.
constexpr milliseconds kSendTimeout{10000};
constexpr milliseconds kLingerTime{500};
/// Answers up to that size leave in one piece.
constexpr std::size_t kOutputBuffer = 16384;

/// Waits until one of `events` happens (or an error). false: not before the deadline.
bool awaitEvents(int socket, short events, TimePoint deadline) {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    pollfd entry{socket, events, 0};
    const auto wait = std::clamp<milliseconds::rep>(left.count(), 0, 3'600'000);
    const int ready = ::poll(&entry, 1, static_cast<int>(wait));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
    if (Clock::now() >= deadline) return false;
  }
}

/// The IPv4 address of a socket name, also of a mapped one (RFC 4291 section 2.5.5.2).
Ipv4 ipv4Of(const sockaddr_storage& name) {
  std::uint32_t network = 0;
  if (name.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &name, sizeof address);
    network = address.sin_addr.s_addr;
  } else if (name.ss_family == AF_INET6) {
    sockaddr_in6 address{};
    std::memcpy(&address, &name, sizeof address);
    if (IN6_IS_ADDR_V4MAPPED(&address.sin6_addr) == 0) return {};
    std::memcpy(&network, &address.sin6_addr.s6_addr[12], sizeof network);
  }
  return Ipv4(ntohl(network));
}

Ipv4 addressBy(int (*getName)(int, sockaddr*, socklen_t*), int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (getName(socket, reinterpret_cast<sockaddr*>(&name), &size) != 0) return {};
  return ipv4Of(name);
}

}  // namespace

Connection::Connection(int socket)
    : socket_(socket),
      peer_(addressBy(::getpeername, socket)),
      local_(addressBy(::getsockname, socket)) {
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Connection::~Connection() {
  ::close(socket_);
}

bool Connection::awaitRequest(milliseconds idleTimeout) {
  return inputBegin_ < inputEnd_ || fill(Clock::now() + idleTimeout);
}

std::ptrdiff_t Connection::read(char* to, std::size_t size) {
  if (inputBegin_ == inputEnd_) {
    errno = 0;
    if (!flush()) return -1;
    if (!fill(readDeadline_)) return errno == 0 ? 0 : -1;
  }
  const auto count = std::min(size, inputEnd_ - inputBegin_);
  std::memcpy(to, input_.data() + inputBegin_, count);
  inputBegin_ += count;
  return static_cast<std::ptrdiff_t>(count);
}

/// Refills the empty input buffer. false with errno 0: end of stream.
bool Connection::fill(TimePoint deadline) {
  inputBegin_ = inputEnd_ = 0;
  while (true) {
    if (!awaitEvents(socket_, POLLIN, deadline)) {
      errno = ETIMEDOUT;
      return false;
    }
    errno = 0;
    const auto count = ::recv(socket_, input_.data(), input_.size(), MSG_DONTWAIT);
    if (count > 0) {
      inputEnd_ = static_cast<std::size_t>(count);
      return true;
    }
    if (count == 0) return false;
    if (errno != EINTR && errno != EAGAIN) return false;
  }
}

bool Connection::write(const char* from, std::size_t size) {
  if (output_.size() + size <= kOutputBuffer) {
    output_.append(from, size);
    return true;
  }
  return flush() && send(from, size);
}

bool Connection::flush() {
  if (output_.empty()) return true;
  const bool sent = send(output_.data(), output_.size());
  output_ = {};  // gives the memory back: most connections idle
  return sent;
}

bool Connection::send(const char* from, std::size_t size) {
  while (size > 0) {
    const auto count = ::send(socket_, from, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      from += count;
      size -= static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      if (!awaitEvents(socket_, POLLOUT, Clock::now() + kSendTimeout)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void Connection::linger() {
  if (!flush()) return;
  ::shutdown(socket_, SHUT_WR);
  const auto deadline = Clock::now() + kLingerTime;
  while (fill(deadline) && Clock::now() < deadline) {
  }
}

bool Connection::hungUp() const {
  pollfd entry{socket_, POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) > 0;
}

}  // namespace cluster_lab::http
