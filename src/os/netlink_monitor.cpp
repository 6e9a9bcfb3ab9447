#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/object.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "os/event_loop.hpp"
#include "os/file_descriptor.hpp"
#include "os/log.hpp"
#include "os/netlink.hpp"
#include "os/netlink_objects.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

Result<FileDescriptor> openSocket() {
  FileDescriptor fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!fd.isOpen()) return failErrno("open a netlink socket");
  // A hundred nodes' links can change at once. FORCE needs CAP_NET_ADMIN; what neither gives, the
  // `lost` event makes up for.
  const int bytes = 1 << 20;
  if (setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0) {
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  }
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR;
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failErrno("listen to the kernel's network events");
  }
  return fd;
}

/// The loop's callback holds it while it runs: the monitor may be destroyed in a callback of the
/// user.
struct Listener {
  FileDescriptor fd;
  NetlinkMonitor::Events events;
  std::vector<char> buffer = std::vector<char>(std::size_t{64} * 1024);
  EventHandle watch;
  bool closed = false;

  void read() {
    while (!closed) {
      sockaddr_nl from{};
      socklen_t size = sizeof from;
      const auto got = recvfrom(fd.get(), buffer.data(), buffer.size(), 0,
                                reinterpret_cast<sockaddr*>(&from), &size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return;
      if (got < 0 && errno != ENOBUFS) {
        log::error(systemError("receive network events", errno).text());
        watch.reset();
        return;
      }
      if (got < 0) {
        if (events.lost) events.lost();
      } else if (from.nl_pid == 0) {  // the kernel, and no program
        dispatch(static_cast<int>(got));
      }
    }
  }

  void dispatch(int size) {
    auto* header = reinterpret_cast<nlmsghdr*>(buffer.data());
    for (; nlmsg_ok(header, size) != 0 && !closed; header = nlmsg_next(header, &size)) {
      if (isOurs(header)) parse(header);
    }
  }

  /// A bridge tells of its ports with RTM_NEWLINK and RTM_DELLINK, too, in the family AF_BRIDGE: a
  /// port that leaves its bridge is not a link that goes.
  static bool isOurs(const nlmsghdr* header) {
    switch (header->nlmsg_type) {
      case RTM_NEWLINK:
      case RTM_DELLINK:
        return nlmsg_valid_hdr(header, sizeof(ifinfomsg)) != 0 &&
               static_cast<const ifinfomsg*>(nlmsg_data(header))->ifi_family == AF_UNSPEC;
      case RTM_NEWADDR:
      case RTM_DELADDR:
        return true;
      default:
        return false;
    }
  }

  void parse(nlmsghdr* header) {
    const NetlinkPtr<nl_msg> message(nlmsg_convert(header));
    nlmsg_set_proto(message.get(), NETLINK_ROUTE);
    const auto onObject = [](nl_object* object, void* self) {
      static_cast<Listener*>(self)->tell(object);
    };
    if (nl_msg_parse(message.get(), onObject, this) < 0 && events.lost) events.lost();
  }

  void tell(nl_object* object) {
    auto* const link = reinterpret_cast<rtnl_link*>(object);
    auto* const address = reinterpret_cast<rtnl_addr*>(object);
    switch (nl_object_get_msgtype(object)) {
      case RTM_NEWLINK:
        return call(events.linkChanged, toLinkInfo(link));
      case RTM_DELLINK:
        return call(events.linkRemoved, toLinkInfo(link));
      case RTM_NEWADDR:
        if (isIpv4(address)) call(events.addressAdded, toAddressInfo(address));
        return;
      case RTM_DELADDR:
        if (isIpv4(address)) call(events.addressRemoved, toAddressInfo(address));
        return;
      default:
        return;
    }
  }

  template <typename Info>
  static void call(const std::function<void(const Info&)>& event, const Info& info) {
    if (event) event(info);
  }
};

class LinuxNetlinkMonitor : public NetlinkMonitor {
 public:
  explicit LinuxNetlinkMonitor(std::shared_ptr<Listener> listener)
      : listener_(std::move(listener)) {}
  ~LinuxNetlinkMonitor() override { listener_->closed = true; }
  LinuxNetlinkMonitor(const LinuxNetlinkMonitor&) = delete;
  LinuxNetlinkMonitor& operator=(const LinuxNetlinkMonitor&) = delete;

 private:
  std::shared_ptr<Listener> listener_;
};

}  // namespace

Result<std::unique_ptr<NetlinkMonitor>> NetlinkMonitor::open(EventLoop& loop, Events events) {
  auto fd = openSocket();
  if (!fd) return fail(fd.error());
  auto listener = std::make_shared<Listener>(std::move(*fd), std::move(events));
  const std::weak_ptr<Listener> weak = listener;
  auto watch = loop.watchReadable(listener->fd.get(), [weak] {
    if (const auto self = weak.lock()) self->read();
  });
  if (!watch) return fail(watch.error());
  listener->watch = std::move(*watch);
  return std::make_unique<LinuxNetlinkMonitor>(std::move(listener));
}

}  // namespace cluster_lab::os
