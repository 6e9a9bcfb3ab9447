#include "os/tcp_probe.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>

#include "base/text.hpp"
#include "os/file_descriptor.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kStopLook{100};

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

struct Place {
  std::string host;
  std::string port;
};

std::unexpected<Error> wrongAddress(const std::string& text, const char* why) {
  return fail(ErrorCode::InvalidArgument, "dial tcp: address " + text + ": " + why);
}

/// As net.SplitHostPort.
Result<Place> placeOf(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return wrongAddress(text, "missing port in address");
  auto host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (!bracketed && host.find(':') != std::string::npos) {
    return wrongAddress(text, "too many colons in address");
  }
  if (bracketed) host = host.substr(1, host.size() - 2);
  return Place{std::move(host), text.substr(colon + 1)};
}

Result<Addresses> lookUp(const Place& place) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const auto host = place.host.empty() ? "localhost" : place.host.c_str();
  const int code = getaddrinfo(host, place.port.c_str(), &wanted, &list);
  if (code == 0) return Addresses(list);
  if (code == EAI_SERVICE) {
    return fail(ErrorCode::InvalidArgument,
                "dial tcp: lookup tcp/" + place.port + ": unknown port");
  }
  return fail(ErrorCode::NotFound, "dial tcp: lookup " + place.host + ": " +
                                       (code == EAI_NONAME ? "no such host" : gai_strerror(code)));
}

/// "127.0.0.1:80", "[::1]:80".
std::string textOf(const addrinfo& address) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  getnameinfo(address.ai_addr, address.ai_addrlen, host.data(), host.size(), port.data(),
              port.size(), NI_NUMERICHOST | NI_NUMERICSERV);
  const std::string name(host.data());
  return (address.ai_family == AF_INET6 ? "[" + name + "]" : name) + ":" + port.data();
}

/// How long to go on.
struct Patience {
  Clock::time_point deadline;
  const std::stop_token& stop;

  /// The next bit of waiting in milliseconds; 0: it is over.
  [[nodiscard]] int next() const {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0 || stop.stop_requested()) return 0;
    return static_cast<int>(std::min(left, kStopLook).count());
  }
};

/// The errno with which connecting ended; 0: it succeeded.
int connectTo(const addrinfo& address, const Patience& patience) {
  const FileDescriptor socket(
      ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.isOpen()) return errno;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd watched{socket.get(), POLLOUT, 0};
  while (true) {
    const int wait = patience.next();
    if (wait == 0) return ETIMEDOUT;
    const int ready = poll(&watched, 1, wait);
    if (ready < 0 && errno != EINTR) return errno;
    if (ready > 0) break;
  }
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

Error refusal(const addrinfo& address, int error) {
  const auto place = "dial tcp " + textOf(address) + ": ";
  if (error == ETIMEDOUT) return {ErrorCode::TimedOut, place + "i/o timeout", {}};
  const auto words = toLower(std::generic_category().message(error));
  return {errorCodeOf(error), place + "connect: " + words, {}};
}

}  // namespace

Result<void> probeTcp(const std::string& hostAndPort, milliseconds longest,
                      const std::stop_token& stop) {
  const auto place = placeOf(hostAndPort);
  if (!place) return fail(place.error());
  const auto addresses = lookUp(*place);
  if (!addresses) return fail(addresses.error());
  const Patience patience{Clock::now() + longest, stop};
  Error last{ErrorCode::NotFound, "dial tcp: lookup " + place->host + ": no such host", {}};
  for (const auto* address = addresses->get(); address != nullptr; address = address->ai_next) {
    const int error = connectTo(*address, patience);
    if (error == 0) return {};
    last = refusal(*address, error);
  }
  return fail(std::move(last));
}

}  // namespace cluster_lab::os
