#include "os/packet_socket.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "os/receiver.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

constexpr std::uint32_t ancillary(int field) {
  return static_cast<std::uint32_t>(SKF_AD_OFF + field);
}

sock_filter statement(unsigned code, std::uint32_t operand) {
  return {static_cast<std::uint16_t>(code), 0, 0, operand};
}

/// A classic BPF program (socket(7), SO_ATTACH_FILTER) that lets pass what fulfils all conditions
/// added. Offsets count from the payload, since the socket is SOCK_DGRAM.
class Filter {
 public:
  void wantByte(std::uint32_t offset, std::uint32_t value) { want(BPF_B, offset, BPF_JEQ, value); }
  void wantHalf(std::uint32_t offset, std::uint32_t value) { want(BPF_H, offset, BPF_JEQ, value); }
  /// Only what is addressed to this machine, to a group or to all: not what it sent itself, and not
  /// what promiscuous mode brings in.
  void wantForUs() {
    program_.push_back(statement(BPF_LD | BPF_B | BPF_ABS, ancillary(SKF_AD_PKTTYPE)));
    passUnless(BPF_JGT, PACKET_MULTICAST);
  }
  /// No frame of a VLAN that no interface of this machine takes: the kernel shows these to sockets
  /// on the parent, without their tag.
  void wantUntagged() { want(BPF_B, ancillary(SKF_AD_VLAN_TAG_PRESENT), BPF_JEQ, 0); }

  [[nodiscard]] Result<void> attachTo(int fd) && {
    program_.push_back(statement(BPF_RET | BPF_K, 0xFFFF));
    sock_fprog program{static_cast<std::uint16_t>(program_.size()), program_.data()};
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) {
      return failErrno("attach the packet filter");
    }
    return {};
  }

 private:
  void want(unsigned width, std::uint32_t offset, unsigned jump, std::uint32_t value) {
    program_.push_back(statement(BPF_LD | width | BPF_ABS, offset));
    program_.push_back({static_cast<std::uint16_t>(BPF_JMP | jump | BPF_K), 1, 0, value});
    drop();
  }
  void passUnless(unsigned jump, std::uint32_t value) {
    program_.push_back({static_cast<std::uint16_t>(BPF_JMP | jump | BPF_K), 0, 1, value});
    drop();
  }
  void drop() { program_.push_back(statement(BPF_RET | BPF_K, 0)); }

  std::vector<sock_filter> program_;
};

Result<void> attachFilter(int fd, std::uint16_t etherType) {
  Filter filter;
  filter.wantForUs();
  filter.wantUntagged();
  if (etherType == ETH_P_ARP) {  // RFC 826: IPv4 over Ethernet
    filter.wantHalf(0, ARPHRD_ETHER);
    filter.wantHalf(2, ETH_P_IP);
    filter.wantByte(4, ETH_ALEN);
    filter.wantByte(5, sizeof(std::uint32_t));
  }
  return std::move(filter).attachTo(fd);
}

sockaddr_ll addressOf(int linkIndex, std::uint16_t etherType) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(etherType);
  address.sll_ifindex = linkIndex;
  return address;
}

/// Protocol 0: nothing is received before the filter is there and the interface chosen.
Result<FileDescriptor> openSocket(int linkIndex, std::uint16_t etherType) {
  FileDescriptor fd(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.isOpen()) {
    auto error = systemError("open a packet socket", errno);
    if (error.code == ErrorCode::PermissionDenied) {
      error.remedy = "run as root or with the capability CAP_NET_RAW";
    }
    return fail(std::move(error));
  }
  if (auto attached = attachFilter(fd.get(), etherType); !attached) return fail(attached.error());
  const auto address = addressOf(linkIndex, etherType);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failErrno("bind a packet socket");
  }
  return fd;
}

MacAddress senderOf(const sockaddr_storage& from) {
  sockaddr_ll address{};
  std::memcpy(&address, &from, sizeof address);
  MacAddress mac;
  std::copy_n(std::begin(address.sll_addr), mac.bytes.size(), mac.bytes.begin());
  return mac;
}

class LinuxPacketSocket : public PacketSocket {
 public:
  LinuxPacketSocket(int linkIndex, std::uint16_t etherType, Receiver receiver)
      : linkIndex_(linkIndex), etherType_(etherType), receiver_(std::move(receiver)) {}

  [[nodiscard]] Result<void> send(MacAddress destination, wire::ByteView payload) override {
    auto address = addressOf(linkIndex_, etherType_);
    address.sll_halen = static_cast<unsigned char>(destination.bytes.size());
    std::ranges::copy(destination.bytes, std::begin(address.sll_addr));
    const auto sent = sendto(receiver_.fd(), payload.data(), payload.size(), MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return sent < 0 ? fail(sendError(errno)) : Result<void>{};
  }

 private:
  int linkIndex_;
  std::uint16_t etherType_;
  Receiver receiver_;
};

}  // namespace

Result<std::unique_ptr<PacketSocket>> PacketSocket::open(EventLoop& loop, int linkIndex,
                                                         std::uint16_t etherType,
                                                         Received received) {
  auto fd = openSocket(linkIndex, etherType);
  if (!fd) return fail(fd.error());
  auto deliver = [received = std::move(received)](const sockaddr_storage& from,
                                                  wire::ByteView payload) {
    received(senderOf(from), payload);
  };
  auto receiver = Receiver::start(loop, std::move(*fd), std::move(deliver));
  if (!receiver) return fail(receiver.error());
  return std::make_unique<LinuxPacketSocket>(linkIndex, etherType, std::move(*receiver));
}

}  // namespace cluster_lab::os
