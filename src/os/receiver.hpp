#pragma once

#include <functional>
#include <memory>

#include "base/error.hpp"
#include "os/event_loop.hpp"
#include "os/file_descriptor.hpp"
#include "wire/bytes.hpp"

struct sockaddr_storage;

namespace cluster_lab::os {

/// Owns a datagram socket and hands each datagram on; may be destroyed while it does. An interface
/// that goes down or away is no error: the socket stays, silent.
class Receiver {
 public:
  using Deliver = std::function<void(const sockaddr_storage& from, wire::ByteView payload)>;

  [[nodiscard]] static Result<Receiver> start(EventLoop& loop, FileDescriptor fd, Deliver deliver);
  Receiver(Receiver&&) noexcept = default;
  Receiver& operator=(Receiver&&) noexcept = default;
  ~Receiver();

  [[nodiscard]] int fd() const;

 private:
  struct Channel;
  explicit Receiver(std::shared_ptr<Channel> channel);
  std::shared_ptr<Channel> channel_;
};

/// Why a datagram could not be sent: Unavailable for a link that is down or gone or has no room.
[[nodiscard]] Error sendError(int number);

}  // namespace cluster_lab::os
