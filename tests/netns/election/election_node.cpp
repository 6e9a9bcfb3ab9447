#include "election_node.hpp"

#include <unistd.h>

#include <csignal>
#include <functional>
#include <memory>
#include <string>

#include "election/address_check.hpp"
#include "election/election_service.hpp"
#include "os/event_loop.hpp"
#include "os/netlink.hpp"

namespace cluster_lab::test {
namespace {

const Ipv4 kLeaderAddress(0xC0A8C801);  // 192.168.200.1

void tell(int events, const std::string& text) {
  const auto line = text + '\n';
  if (write(events, line.data(), line.size()) < 0) _exit(72);
}

NodeId nodeId(int number) {
  NodeId id;
  id.bytes.back() = static_cast<std::uint8_t>(number);
  return id;
}

election::ElectionService::Setup setupOf(int number, const std::filesystem::path& folder) {
  election::ElectionService::Setup setup;
  setup.self.nodeId = nodeId(number);
  setup.self.name = "pi-" + std::to_string(number);
  setup.self.clusterId = "lab";
  setup.self.linkKind = LinkKind::None;
  setup.self.leaderAddress = kLeaderAddress;
  setup.dataDirectory = folder;
  return setup;
}

/// Calls `ready` once, when eth0 is up and has carrier.
std::unique_ptr<os::NetlinkMonitor> whenUp(os::EventLoop& loop, os::Netlink& netlink,
                                           std::function<void(const os::LinkInfo&)> ready,
                                           std::function<void(Ipv4)> addressRemoved) {
  auto look = [ready = std::move(ready), isUp = false](const os::LinkInfo& link) mutable {
    if (isUp || link.name != "eth0" || !link.up || !link.carrier) return;
    isUp = true;
    ready(link);
  };
  const auto removed = [addressRemoved](const os::AddressInfo& gone) {
    addressRemoved(gone.address);
  };
  auto monitor = os::NetlinkMonitor::open(loop, {.linkChanged = look,
                                                 .linkRemoved = [](const auto&) {},
                                                 .addressAdded = [](const auto&) {},
                                                 .addressRemoved = removed,
                                                 .lost = [] {}});
  if (!monitor) _exit(75);
  if (const auto link = netlink.link("eth0")) look(*link);
  return std::move(*monitor);
}

}  // namespace

int electionNode(int number, const std::filesystem::path& folder, int events) {
  auto loop = os::EventLoop::create().value();
  auto netlink = os::Netlink::open().value();
  std::unique_ptr<election::ElectionService> service;
  const auto stateChanged = [&](const election::StateChanged& change) {
    const bool follows = change.now == election::State::Following;
    tell(events, std::string(toString(change.now)) + (follows ? " " + change.leader->name : ""));
    if (change.now == election::State::Joining) loop->post([&] { service->joined(); });
  };
  service = std::make_unique<election::ElectionService>(
      *loop, *netlink, setupOf(number, folder),
      election::ElectionService::Events{
          .stateChanged = stateChanged,
          .reasonChanged = {},
          .problem = [&](const auto& problem) { tell(events, "problem " + problem.code); },
          .problemGone = {},
          .heard = {}});
  const auto up = [&](const os::LinkInfo& link) {
    (void)service->parentUp(link);
    if (!service->linkUp(link)) _exit(76);
  };
  const auto removed = [&](Ipv4 address) {
    if (address == kLeaderAddress) service->leaderAddressLost();
  };
  const auto monitor = whenUp(*loop, *netlink, up, removed);
  const auto terminated = loop->onSignal(SIGTERM, [&] {
    service->stop();
    loop->quit(0);
  });
  const auto handedOver = loop->onSignal(SIGUSR1, [&] {
    service->stop(nodeId(number + 1));
    loop->quit(0);
  });
  return loop->run().value_or(73);
}

int checkingNode(int events) {
  auto loop = os::EventLoop::create().value();
  auto netlink = os::Netlink::open().value();
  std::unique_ptr<election::AddressCheck> check;
  const auto answer = [&](std::optional<MacAddress> holder) {
    check.reset();
    tell(events, holder ? "taken " + holder->toString() : "free");
  };
  const auto up = [&](const os::LinkInfo& link) {
    auto started = election::AddressCheck::start(*loop, link, kLeaderAddress, {}, answer);
    if (!started) _exit(76);
    check = std::move(*started);
  };
  const auto monitor = whenUp(*loop, *netlink, up, [](Ipv4) {});
  return loop->run().value_or(73);
}

}  // namespace cluster_lab::test
