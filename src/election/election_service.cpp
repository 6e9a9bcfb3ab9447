#include "election/election_service.hpp"

#include <deque>
#include <utility>

#include "base/text.hpp"
#include "election/election.hpp"
#include "os/event_loop.hpp"
#include "os/file.hpp"
#include "os/host.hpp"
#include "os/log.hpp"
#include "os/netlink.hpp"
#include "os/packet_socket.hpp"

namespace cluster_lab::election {
namespace {

std::filesystem::path termFile(const std::filesystem::path& dataDirectory) {
  return dataDirectory / "term";
}

std::uint64_t readTerm(const std::filesystem::path& dataDirectory) {
  const auto path = termFile(dataDirectory);
  const auto content = os::readFile(path);
  if (!content) {
    if (content.error().code != ErrorCode::NotFound) os::log::warning(content.error().text());
    return 0;
  }
  const auto term = parseInteger(trim(*content), 0, INT64_MAX);
  if (!term) {
    os::log::warning(term.error().during("read the term from " + path.string()).text());
    return 0;
  }
  return static_cast<std::uint64_t>(*term);
}

Election::Sources sourcesOf(const ElectionService::Setup& setup) {
  if (setup.registryFreshness) return {os::randomBelow, setup.registryFreshness};
  return {os::randomBelow, [] { return Freshness{}; }};
}

}  // namespace

struct ElectionService::Impl {
  Impl(os::EventLoop& eventLoop, os::Netlink& kernel, Setup given, Events told)
      : loop(eventLoop),
        netlink(kernel),
        setup(std::move(given)),
        events(std::move(told)),
        election(setup.self, setup.timing, {readTerm(setup.dataDirectory), setup.members},
                 sourcesOf(setup)),
        timer(loop, [this] { feed(DeadlinePassed{}); }) {
    feed(DeadlinePassed{});
  }

  /// One event after the other: what a callback feeds waits until its turn.
  void feed(Event event) {
    waiting.push_back(std::move(event));
    if (running) return;
    running = true;
    while (!waiting.empty()) {
      const auto next = std::move(waiting.front());
      waiting.pop_front();
      for (const auto& action : election.step(loop.now(), next)) {
        std::visit([this](const auto& wanted) { perform(wanted); }, action);
      }
    }
    running = false;
    if (const auto deadline = election.nextDeadline()) {
      timer.set(*deadline);
    } else {
      timer.clear();
    }
  }

  void perform(const SendArp& action) {
    if (arpSocket) noteSent(arpSocket->send(MacAddress::broadcast(), encode(action.packet)));
  }
  void perform(const SendHeartbeat& action) {
    if (!heartbeatSocket) return;
    const auto beacon = election.describe(action.role, action.wantsAnswer);
    noteSent(heartbeatSocket->send(action.destination, encode(beacon)));
  }
  void perform(const SendBeacon& action) {
    if (!beaconSocket) return;
    noteSent(beaconSocket->send(encode(election.describe(action.role, action.wantsAnswer))));
  }
  /// What cannot be sent is like a frame lost on the way: the election lives with that.
  static void noteSent(const Result<void>& sent) {
    if (!sent) os::log::debug(sent.error().text());
  }

  void perform(const HoldLeaderAddress& action) {
    const auto set = netlink.setAddress(linkIndex, leaderAddress(), setup.prefixLength,
                                        std::chrono::seconds(action.lifetime));
    if (set) return;
    os::log::error(set.error().during("hold the leader address").text());
    feed(LeaderAddressLost{});
  }
  void perform(const DropLeaderAddress& /*action*/) {
    if (linkIndex == 0) return;
    const auto removed = netlink.removeAddress(linkIndex, leaderAddress(), setup.prefixLength);
    if (!removed) os::log::debug(removed.error().during("drop the leader address").text());
  }
  void perform(const StoreTerm& action) {
    const auto stored =
        os::writeFile(termFile(setup.dataDirectory), std::to_string(action.term) + "\n");
    if (!stored) os::log::error(stored.error().during("keep the term").text());
  }
  void perform(const StateChanged& change) {
    os::log::info(
        std::string(toString(change.before)) + " -> " + std::string(toString(change.now)) + ": " +
            change.reason,
        {{"STATE", std::string(toString(change.now))}, {"TERM", std::to_string(change.term)}});
    if (events.stateChanged) events.stateChanged(change);
  }
  void perform(const ReasonChanged& change) {
    os::log::info(change.reason);
    if (events.reasonChanged) events.reasonChanged(change.reason);
  }
  void perform(const ProblemRaised& raised) {
    if (events.problem) events.problem(raised.problem);
  }
  void perform(const ProblemGone& gone) {
    if (events.problemGone) events.problemGone(gone.code);
  }

  void perform(const IdentityTaken& taken) {
    if (events.identityTaken) events.identityTaken(taken);
  }

  void receivedArp(wire::ByteView bytes) {
    const auto packet = wire::decodeArp(bytes);
    if (packet) feed(ArpReceived{*packet});
  }
  void receivedHeartbeat(MacAddress source, wire::ByteView bytes) {
    const auto beacon = wire::decodeBeacon(bytes);
    if (!beacon) return noteUnreadable(beacon.error());
    feed(HeartbeatReceived{*beacon, source});
    tellHeard(*beacon, Medium::Link);
  }
  void receivedBeacon(wire::ByteView bytes) {
    const auto beacon = wire::decodeBeacon(bytes);
    if (!beacon) return noteUnreadable(beacon.error());
    feed(BeaconReceived{*beacon});
    tellHeard(*beacon, Medium::Parent);
  }
  void tellHeard(const wire::Beacon& beacon, Medium medium) {
    const bool ours = beacon.clusterId == setup.self.clusterId;
    if (ours && beacon.nodeId != setup.self.nodeId && events.heard) events.heard(beacon, medium);
  }
  static void noteUnreadable(const Error& error) { os::log::debug(error.text()); }

  [[nodiscard]] Ipv4 leaderAddress() const { return setup.self.leaderAddress; }

  void closeLink() {
    linkIndex = 0;
    arpSocket.reset();
    heartbeatSocket.reset();
  }
  [[nodiscard]] Result<void> openLink(const os::LinkInfo& link);

  os::EventLoop& loop;
  os::Netlink& netlink;
  const Setup setup;
  const Events events;
  Election election;
  std::deque<Event> waiting;
  bool running = false;
  int linkIndex = 0;  ///< 0: no cluster link
  std::unique_ptr<os::PacketSocket> arpSocket;
  std::unique_ptr<os::PacketSocket> heartbeatSocket;
  int parentIndex = 0;  ///< 0: no parent
  std::unique_ptr<os::MulticastSocket> beaconSocket;
  os::Timer timer;
};

Result<void> ElectionService::Impl::openLink(const os::LinkInfo& link) {
  auto arp = os::PacketSocket::open(
      loop, link.index, wire::kArpEtherType,
      [this](MacAddress /*source*/, wire::ByteView bytes) { receivedArp(bytes); });
  if (!arp) return fail(arp.error().during("listen for ARP on " + link.name));
  auto heartbeats = os::PacketSocket::open(
      loop, link.index, wire::kHeartbeatEtherType,
      [this](MacAddress source, wire::ByteView bytes) { receivedHeartbeat(source, bytes); });
  if (!heartbeats) {
    return fail(heartbeats.error().during("listen for heartbeats on " + link.name));
  }
  arpSocket = std::move(*arp);
  heartbeatSocket = std::move(*heartbeats);
  linkIndex = link.index;
  return {};
}

ElectionService::ElectionService(os::EventLoop& loop, os::Netlink& netlink, Setup setup,
                                 Events events)
    : impl_(std::make_unique<Impl>(loop, netlink, std::move(setup), std::move(events))) {}
ElectionService::~ElectionService() = default;

Result<void> ElectionService::parentUp(const os::LinkInfo& parent) {
  if (impl_->beaconSocket && impl_->parentIndex == parent.index) return {};
  parentDown();
  if (impl_->setup.timing.beacon.count() == 0) return {};
  auto socket = os::MulticastSocket::open(
      impl_->loop, parent.index, wire::kBeaconGroup, wire::kBeaconPort,
      [impl = impl_.get()](wire::ByteView bytes) { impl->receivedBeacon(bytes); });
  if (!socket) {
    auto error = socket.error().during("open the beacon on " + parent.name);
    os::log::warning(error.text());
    return fail(std::move(error));
  }
  impl_->beaconSocket = std::move(*socket);
  impl_->parentIndex = parent.index;
  return {};
}

void ElectionService::parentDown() {
  impl_->beaconSocket.reset();
  impl_->parentIndex = 0;
}

Result<void> ElectionService::linkUp(const os::LinkInfo& link) {
  if (impl_->linkIndex != 0 && impl_->linkIndex != link.index) linkDown();
  if (impl_->linkIndex == 0) {
    if (auto opened = impl_->openLink(link); !opened) return opened;
  }
  impl_->feed(LinkUp{link.mac});
  return {};
}

void ElectionService::linkDown() {
  impl_->feed(LinkDown{});
  impl_->closeLink();
}

void ElectionService::joined() {
  impl_->feed(Joined{});
}
void ElectionService::joinFailed(const Error& error) {
  impl_->feed(JoinFailed{error});
}
void ElectionService::leaderReset() {
  impl_->feed(LeaderReset{});
}
void ElectionService::leaderAddressLost() {
  impl_->feed(LeaderAddressLost{});
}
void ElectionService::cannotLead(const std::string& reason) {
  impl_->feed(CannotLead{reason});
}
void ElectionService::setNodeAddress(Ipv4 address) {
  impl_->feed(NodeAddressSet{address});
}
void ElectionService::stop(std::optional<NodeId> successor) {
  impl_->feed(Stop{successor});
}

State ElectionService::state() const {
  return impl_->election.state();
}
Role ElectionService::role() const {
  return impl_->election.role();
}
const std::string& ElectionService::reason() const {
  return impl_->election.reason();
}
TimePoint ElectionService::since() const {
  return impl_->election.since();
}
std::uint64_t ElectionService::term() const {
  return impl_->election.term();
}
const std::optional<Leader>& ElectionService::leader() const {
  return impl_->election.leader();
}
const std::optional<Problem>& ElectionService::problem() const {
  return impl_->election.problem();
}
std::vector<Neighbour> ElectionService::neighbours() const {
  return impl_->election.neighbours().list(impl_->loop.now());
}
bool ElectionService::silentLongerThan(const NodeId& node, Duration limit) const {
  return impl_->election.neighbours().silentLongerThan(impl_->loop.now(), node, limit);
}

}  // namespace cluster_lab::election
