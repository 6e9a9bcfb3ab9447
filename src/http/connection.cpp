#include "http/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace cluster_lab::http {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// A client that takes nothing for that long is given up.
constexpr milliseconds kSendTimeout{10000};
/// After an answer, how long a connection's thread waits for the next request before it turns to
/// others: one that is asked again at once needs no other thread to wake up.
constexpr milliseconds kGrace{10};
constexpr std::size_t kInputBuffer = 4096;
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

}  // namespace

Connection::Connection(int socket)
    : socket_(socket), peer_(peerOf(socket)), local_(localOf(socket).address) {
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // For awaitRequest(), which is one system call so.
  const timeval grace{0, std::chrono::microseconds(kGrace).count()};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &grace, sizeof grace);
}

Connection::~Connection() {
  ::close(socket_);
}

Connection::Arrival Connection::awaitRequest() {
  late_ = false;
  if (inputBegin_ < inputEnd_) return Arrival::Request;
  const auto count = receive(0);
  if (count > 0) return Arrival::Request;
  rest();
  return count < 0 && errno == EAGAIN ? Arrival::Nothing : Arrival::End;
}

std::ptrdiff_t Connection::read(char* to, std::size_t size) {
  if (inputBegin_ == inputEnd_) {
    errno = 0;
    if (!flush()) return -1;
    if (!fill(readDeadline_)) return errno == 0 ? 0 : -1;
  }
  const auto count = std::min(size, inputEnd_ - inputBegin_);
  std::memcpy(to, input_.get() + inputBegin_, count);
  inputBegin_ += count;
  return static_cast<std::ptrdiff_t>(count);
}

/// Refills the empty input buffer. false with errno 0: end of stream.
bool Connection::fill(TimePoint deadline) {
  while (true) {
    if (!awaitEvents(socket_, POLLIN, deadline)) {
      late_ = true;
      errno = ETIMEDOUT;
      return false;
    }
    const auto count = receive(MSG_DONTWAIT);
    if (count > 0) return true;
    if (count == 0) return false;
    if (errno != EAGAIN) return false;
  }
}

/// Puts what there is into the empty input buffer. As recv(2), without EINTR; 0 has errno 0.
std::ptrdiff_t Connection::receive(int flags) {
  if (!input_) input_ = std::make_unique_for_overwrite<char[]>(kInputBuffer);
  inputBegin_ = inputEnd_ = 0;
  ssize_t count = 0;
  do {
    errno = 0;
    count = ::recv(socket_, input_.get(), kInputBuffer, flags);
  } while (count < 0 && errno == EINTR);
  if (count > 0) inputEnd_ = static_cast<std::size_t>(count);
  return count;
}

void Connection::rest() {
  if (inputBegin_ == inputEnd_) input_.reset();
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

void Connection::endSending() {
  if (flush()) ::shutdown(socket_, SHUT_WR);
}

bool Connection::drain() {
  std::array<char, 4096> scrap{};
  const auto count = ::recv(socket_, scrap.data(), scrap.size(), MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

bool Connection::hungUp() const {
  pollfd entry{socket_, POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) > 0;
}

void Connection::shutDown(int how) {
  ::shutdown(socket_, how);
}

}  // namespace cluster_lab::http
