#include "http/interrupter.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

namespace cluster_lab::http {
namespace {

using Clock = std::chrono::steady_clock;

// A call may just be making a new connection, which cannot be shut down yet: so again and again.
constexpr std::chrono::milliseconds kInterval{5};
constexpr std::chrono::seconds kLongest{2};

}  // namespace

Interrupter::Call::Call(Interrupter& interrupter) : interrupter_(interrupter) {
  const std::scoped_lock lock(interrupter_.callMutex_);
  mayBegin_ = !interrupter_.stopped_;
  interrupter_.calling_ = true;
}

Interrupter::Call::~Call() {
  const std::scoped_lock lock(interrupter_.callMutex_);
  interrupter_.calling_ = false;
  interrupter_.callEnded_.notify_all();
}

void Interrupter::watch(int socket) {
  replace(::dup(socket));
}

void Interrupter::stop() {
  const auto deadline = Clock::now() + kLongest;
  std::unique_lock lock(callMutex_);
  stopped_ = true;
  do {
    shutDown();
  } while (!callEnded_.wait_for(lock, kInterval, [this] { return !calling_; }) &&
           Clock::now() < deadline);
}

void Interrupter::shutDown() {
  const std::scoped_lock lock(socketMutex_);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

void Interrupter::replace(int socket) {
  const std::scoped_lock lock(socketMutex_);
  if (socket_ >= 0) ::close(socket_);
  socket_ = socket;
}

}  // namespace cluster_lab::http
