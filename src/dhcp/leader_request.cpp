#include "dhcp/leader_request.hpp"

#include <limits>
#include <utility>

#include "dhcp/dnsmasq_config.hpp"
#include "os/event_loop.hpp"
#include "os/host.hpp"
#include "os/log.hpp"
#include "os/netlink.hpp"
#include "os/packet_socket.hpp"
#include "wire/dhcp.hpp"

namespace cluster_lab::dhcp {
namespace {

using wire::DhcpMessage;

constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
constexpr std::chrono::seconds kRepeat{1};
constexpr int kRound = 3;  ///< discovers until noAnswer is told

class AskingTheLeader : public LeaderRequest {
 public:
  AskingTheLeader(os::EventLoop& loop, Ipv4 leader, DhcpMessage discover, Events events)
      : loop_(loop),
        leader_(leader),
        discover_(std::move(discover)),
        events_(std::move(events)),
        timer_(loop, [this] { onTimer(); }) {}

  [[nodiscard]] Result<void> open(int linkIndex) {
    auto socket =
        os::PacketSocket::open(loop_, linkIndex, kEtherTypeIpv4,
                               [this](MacAddress, wire::ByteView payload) { receive(payload); });
    if (!socket) return fail(socket.error());
    socket_ = std::move(*socket);
    timer_.set(loop_.now());
    return {};
  }

 private:
  /// Events last, and not from members: this may be destroyed in them.
  void onTimer() {
    const auto events = events_;
    if (const auto result = result_) return events.bound(*result);
    timer_.set(loop_.now() + kRepeat);
    send(discover_);
    if (++asked_ <= kRound) return;
    asked_ = 1;
    events.noAnswer();
  }

  void send(const DhcpMessage& message) {
    const auto sent = socket_->send(MacAddress::broadcast(), wire::encodeFromClient(message));
    if (!sent) os::log::debug(sent.error().during("ask the leader for an address").text());
  }

  void receive(wire::ByteView payload) {
    const auto message = wire::decodeFromServer(payload);
    if (!message || message->server != leader_ || message->client != discover_.client ||
        message->transaction != discover_.transaction) {
      return;
    }
    switch (message->type) {
      case DhcpMessage::Type::Offer:
        return send(requestOf(message->given));
      case DhcpMessage::Type::Ack:
        result_ = Bound{message->given, message->prefixLength, message->server,
                        std::chrono::seconds(message->leaseSeconds)};
        socket_.reset();
        return timer_.set(loop_.now());
      case DhcpMessage::Type::Nak:  // somebody was quicker to take what was offered
        discover_.wanted = Ipv4();
        return;
      case DhcpMessage::Type::Discover:
      case DhcpMessage::Type::Request:
        return;
    }
  }

  [[nodiscard]] DhcpMessage requestOf(Ipv4 offered) const {
    auto request = discover_;
    request.type = DhcpMessage::Type::Request;
    request.wanted = offered;
    request.server = leader_;
    return request;
  }

  os::EventLoop& loop_;
  Ipv4 leader_;
  DhcpMessage discover_;
  Events events_;
  os::Timer timer_;
  std::unique_ptr<os::PacketSocket> socket_;
  std::optional<Bound> result_;
  int asked_ = 0;
};

Result<os::LinkInfo> findLink(const std::string& name) {
  const auto netlink = os::Netlink::open();
  if (!netlink) return fail(netlink.error());
  return (*netlink)->link(name);
}

}  // namespace

Result<std::unique_ptr<LeaderRequest>> LeaderRequest::start(os::EventLoop& loop,
                                                            const ClientSettings& settings,
                                                            const std::string& linkName,
                                                            std::optional<Ipv4> wanted,
                                                            Events events) {
  const auto link = findLink(linkName);
  if (!link) return fail(link.error());
  DhcpMessage discover;
  discover.transaction = os::randomBelow(std::numeric_limits<std::uint32_t>::max());
  discover.client = link->mac;
  discover.wanted = wanted.value_or(Ipv4());
  discover.hostName = settings.hostName;
  discover.vendorClass = kVendorClass;
  auto asking = std::make_unique<AskingTheLeader>(loop, settings.leaderAddress, std::move(discover),
                                                  std::move(events));
  if (auto opened = asking->open(link->index); !opened) return fail(opened.error());
  return asking;
}

}  // namespace cluster_lab::dhcp
