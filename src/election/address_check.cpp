#include "election/address_check.hpp"

#include <utility>

#include "election/address_probe.hpp"
#include "os/event_loop.hpp"
#include "os/log.hpp"
#include "os/netlink.hpp"
#include "os/packet_socket.hpp"

namespace cluster_lab::election {
namespace {

class RunningCheck : public AddressCheck {
 public:
  RunningCheck(os::EventLoop& loop, MacAddress self, Ipv4 address, const Timing& timing,
               Answer answer)
      : loop_(loop),
        probe_(timing, self, address, loop.now()),
        answer_(std::move(answer)),
        timer_(loop, [this] { goOn(); }) {}

  [[nodiscard]] Result<void> open(const os::LinkInfo& link) {
    auto socket = os::PacketSocket::open(
        loop_, link.index, wire::kArpEtherType,
        [this](MacAddress /*source*/, wire::ByteView bytes) { received(bytes); });
    if (!socket) return fail(socket.error().during("listen for ARP on " + link.name));
    socket_ = std::move(*socket);
    timer_.set(probe_.nextDeadline());
    return {};
  }

 private:
  void received(wire::ByteView bytes) {
    const auto packet = wire::decodeArp(bytes);
    if (!packet) return;
    probe_.received(*packet);
    conclude();
  }

  void goOn() {
    if (const auto packet = probe_.due(loop_.now())) {
      const auto sent = socket_->send(MacAddress::broadcast(), encode(*packet));
      if (!sent) os::log::debug(sent.error().text());
    }
    conclude();
  }

  /// Last thing in each callback: the answer may destroy this.
  void conclude() {
    if (!answer_) return;
    if (probe_.verdict() == AddressProbe::Verdict::Pending) {
      timer_.set(probe_.nextDeadline());
      return;
    }
    const bool isFree = probe_.verdict() == AddressProbe::Verdict::Free;
    const auto answer = std::exchange(answer_, nullptr);
    answer(isFree ? std::nullopt : std::optional(probe_.other()));
  }

  os::EventLoop& loop_;
  AddressProbe probe_;
  Answer answer_;
  std::unique_ptr<os::PacketSocket> socket_;
  os::Timer timer_;
};

}  // namespace

Result<std::unique_ptr<AddressCheck>> AddressCheck::start(os::EventLoop& loop,
                                                          const os::LinkInfo& link, Ipv4 address,
                                                          const Timing& timing, Answer answer) {
  auto check = std::make_unique<RunningCheck>(loop, link.mac, address, timing, std::move(answer));
  if (auto opened = check->open(link); !opened) return fail(opened.error());
  return check;
}

}  // namespace cluster_lab::election
