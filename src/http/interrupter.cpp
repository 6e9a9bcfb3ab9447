#include "http/interrupter.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace cluster_lab::http {

void Interrupter::watch(int socket) {
  replace(::dup(socket));
}

void Interrupter::interrupt() {
  const std::scoped_lock lock(mutex_);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

void Interrupter::replace(int socket) {
  const std::scoped_lock lock(mutex_);
  if (socket_ >= 0) ::close(socket_);
  socket_ = socket;
}

}  // namespace cluster_lab::http
