#include "raw_client.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace cluster_lab::http {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

bool readable(int socket, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
  pollfd entry{socket, POLLIN, 0};
  return left > 0 && ::poll(&entry, 1, static_cast<int>(left)) > 0;
}

}  // namespace

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

void RawClient::endSending() {
  ::shutdown(socket_, SHUT_WR);
}

std::string RawClient::readUntil(std::string_view end) {
  const auto deadline = Clock::now() + milliseconds(5000);
  std::string all;
  std::array<char, 4096> buffer{};
  while (all.find(end) == std::string::npos && readable(socket_, deadline)) {
    const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    all.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return all;
}

bool RawClient::closedWithin(milliseconds time) {
  const auto deadline = Clock::now() + time;
  std::array<char, 4096> buffer{};
  while (readable(socket_, deadline)) {
    if (::recv(socket_, buffer.data(), buffer.size(), 0) <= 0) return true;
  }
  return false;
}

}  // namespace cluster_lab::http
