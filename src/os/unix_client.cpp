#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "base/time.hpp"
#include "os/file_descriptor.hpp"
#include "os/system_error.hpp"
#include "os/unix_address.hpp"
#include "os/unix_socket.hpp"

namespace cluster_lab::os {
namespace {

using Clock = std::chrono::steady_clock;

/// What is left of the time goes to the next call. At least 1 ms: 0 would mean forever.
void limit(int fd, int option, TimePoint deadline) {
  const auto left = std::chrono::ceil<std::chrono::microseconds>(deadline - Clock::now()).count();
  const auto us = std::max<std::int64_t>(left, 1000);
  timeval value{};
  value.tv_sec = static_cast<time_t>(us / 1'000'000);
  value.tv_usec = static_cast<suseconds_t>(us % 1'000'000);
  setsockopt(fd, SOL_SOCKET, option, &value, sizeof value);
}

Error askError(const std::filesystem::path& path, int number) {
  const auto doing = "ask " + path.string();
  if (number == EAGAIN) return Error{ErrorCode::TimedOut, "no answer in time", {}}.during(doing);
  auto error = systemError(doing, number);
  if (error.code == ErrorCode::NotFound) error.code = ErrorCode::Unavailable;
  return error;
}

}  // namespace

Result<std::string> askUnixServer(const std::filesystem::path& path, std::string_view request,
                                  std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  const auto address = unixAddress(path);
  if (!address) return fail(address.error());
  if (request.size() > kUnixMessageMax) return fail(askError(path, EMSGSIZE));
  const FileDescriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!fd.isOpen()) return failErrno("open a unix socket");
  const int room = static_cast<int>(kUnixMessageMax);
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);

  limit(fd.get(), SO_SNDTIMEO, deadline);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    return fail(askError(path, errno));
  }
  if (send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    return fail(askError(path, errno));
  }
  limit(fd.get(), SO_RCVTIMEO, deadline);
  std::string answer(kUnixMessageMax, '\0');
  const auto got = recv(fd.get(), answer.data(), answer.size(), 0);
  if (got < 0) return fail(askError(path, errno));
  if (got == 0) {
    return fail(ErrorCode::Unavailable, "ask " + path.string() + ": it hung up without an answer");
  }
  answer.resize(static_cast<std::size_t>(got));
  return answer;
}

}  // namespace cluster_lab::os
