#include "os/receiver.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "os/log.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

/// What the kernel says once when the interface went down or away (packet(7)), or about what was
/// sent earlier; the next recvfrom waits again.
bool passes(int error) {
  return error == EINTR || error == ENETDOWN || error == ENXIO || error == ENODEV ||
         error == ENETUNREACH || error == EHOSTUNREACH || error == ECONNREFUSED;
}

}  // namespace

/// The loop's callback holds it while it runs: it outlives a Receiver that is destroyed in
/// `deliver`.
struct Receiver::Channel {
  FileDescriptor fd;
  Deliver deliver;
  EventHandle watch;
  bool closed = false;

  /// Bounded, so that a flood leaves the loop to others.
  void read() {
    constexpr int kAtOnce = 64;
    std::array<std::uint8_t, 2048> buffer;
    for (int i = 0; i < kAtOnce && !closed; ++i) {
      sockaddr_storage from{};
      socklen_t size = sizeof from;
      const auto got = recvfrom(fd.get(), buffer.data(), buffer.size(), MSG_TRUNC,
                                reinterpret_cast<sockaddr*>(&from), &size);
      if (got < 0 && errno == EAGAIN) return;
      if (got < 0 && !passes(errno)) {
        log::error(systemError("receive from a socket", errno).text());
        watch.reset();
        return;
      }
      // MSG_TRUNC: the true size. What is cut off is none of ours.
      const auto length = static_cast<std::size_t>(got);
      if (got >= 0 && length <= buffer.size()) deliver(from, {buffer.data(), length});
    }
  }
};

Receiver::Receiver(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}

Receiver::~Receiver() {
  if (channel_) channel_->closed = true;
}

int Receiver::fd() const {
  return channel_->fd.get();
}

Result<Receiver> Receiver::start(EventLoop& loop, FileDescriptor fd, Deliver deliver) {
  auto channel = std::make_shared<Channel>(std::move(fd), std::move(deliver));
  const std::weak_ptr<Channel> weak = channel;
  auto watch = loop.watchReadable(channel->fd.get(), [weak] {
    if (const auto self = weak.lock()) self->read();
  });
  if (!watch) return fail(watch.error());
  channel->watch = std::move(*watch);
  return Receiver(std::move(channel));
}

Error sendError(int number) {
  auto error = systemError("send", number);
  switch (number) {
    case ENXIO:
    case ENODEV:
    case ENOBUFS:
    case ENOMEM:
    case EADDRNOTAVAIL:  // the link-local address is tentative (RFC 4862 section 5.4)
    case EHOSTUNREACH:
      error.code = ErrorCode::Unavailable;
      break;
    default:
      break;
  }
  return error;
}

}  // namespace cluster_lab::os
