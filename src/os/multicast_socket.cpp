#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "os/file.hpp"
#include "os/packet_socket.hpp"
#include "os/receiver.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

std::string nameOf(int linkIndex) {
  std::array<char, IF_NAMESIZE> name{};
  if (if_indextoname(static_cast<unsigned>(linkIndex), name.data()) == nullptr) {
    return "interface " + std::to_string(linkIndex);
  }
  return name.data();
}

Result<sockaddr_in6> groupAddress(int linkIndex, std::string_view group, std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_scope_id = static_cast<std::uint32_t>(linkIndex);
  const std::string text(group);
  if (inet_pton(AF_INET6, text.c_str(), &address.sin6_addr) != 1 ||
      !IN6_IS_ADDR_MC_LINKLOCAL(&address.sin6_addr)) {
    return fail(ErrorCode::InvalidArgument, "'" + text + "' is no IPv6 link-local group");
  }
  return address;
}

Result<void> setOption(int fd, int level, int option, int value) {
  if (setsockopt(fd, level, option, &value, sizeof value) == 0) return {};
  return failErrno("set socket option " + std::to_string(option));
}

Error withoutIpv6(int linkIndex) {
  const auto name = nameOf(linkIndex);
  return {ErrorCode::Unsupported, "IPv6 is off on " + name,
          "sysctl -w net.ipv6.conf." + name +
              ".disable_ipv6=0, and no ipv6.disable=1 on the kernel's command line"};
}

/// The kernel lets a group be joined on such a link, too; only sending would fail, and forever.
bool isIpv6Disabled(int linkIndex) {
  const auto setting = readFile("/proc/sys/net/ipv6/conf/" + nameOf(linkIndex) + "/disable_ipv6");
  return setting && setting->starts_with('1');
}

Result<void> joinGroup(int fd, const sockaddr_in6& group) {
  ipv6_mreq request{group.sin6_addr, group.sin6_scope_id};
  if (setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof request) == 0) return {};
  const int error = errno;
  // The interface has no IPv6 at all, as with a tiny MTU.
  if (error == EINVAL) return fail(withoutIpv6(static_cast<int>(group.sin6_scope_id)));
  return fail(systemError("join the multicast group", error));
}

Result<void> configure(int fd, const sockaddr_in6& group) {
  const auto link = static_cast<int>(group.sin6_scope_id);
  // Several clusters' daemons may share a machine.
  if (auto set = setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1); !set) return set;
  if (auto set = setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1); !set) return set;
  if (auto set = setOption(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, link); !set) return set;
  if (auto set = setOption(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1); !set) return set;
  if (auto set = setOption(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0); !set) return set;
  if (auto joined = joinGroup(fd, group); !joined) return joined;
  // To the group and not to any address, so that unicast datagrams stay out; the scope binds the
  // socket to the interface.
  if (bind(fd, reinterpret_cast<const sockaddr*>(&group), sizeof group) != 0) {
    return failErrno("bind the multicast socket");
  }
  return {};
}

class LinuxMulticastSocket : public MulticastSocket {
 public:
  LinuxMulticastSocket(const sockaddr_in6& group, Receiver receiver)
      : group_(group), receiver_(std::move(receiver)) {}

  [[nodiscard]] Result<void> send(wire::ByteView payload) override {
    const auto sent = sendto(receiver_.fd(), payload.data(), payload.size(), MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&group_), sizeof group_);
    return sent < 0 ? fail(sendError(errno)) : Result<void>{};
  }

 private:
  sockaddr_in6 group_;
  Receiver receiver_;
};

}  // namespace

Result<std::unique_ptr<MulticastSocket>> MulticastSocket::open(EventLoop& loop, int linkIndex,
                                                               std::string_view group,
                                                               std::uint16_t port,
                                                               Received received) {
  const auto address = groupAddress(linkIndex, group, port);
  if (!address) return fail(address.error());
  if (isIpv6Disabled(linkIndex)) return fail(withoutIpv6(linkIndex));
  FileDescriptor fd(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.isOpen()) {
    return errno == EAFNOSUPPORT ? fail(withoutIpv6(linkIndex)) : failErrno("open a UDP socket");
  }
  if (auto configured = configure(fd.get(), *address); !configured) {
    return fail(configured.error());
  }
  auto deliver = [received = std::move(received)](const sockaddr_storage&, wire::ByteView payload) {
    received(payload);
  };
  auto receiver = Receiver::start(loop, std::move(fd), std::move(deliver));
  if (!receiver) return fail(receiver.error());
  return std::make_unique<LinuxMulticastSocket>(*address, std::move(*receiver));
}

}  // namespace cluster_lab::os
