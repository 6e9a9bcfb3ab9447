#include "daemon/membership.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "daemon/node_address.hpp"
#include "dhcp/dhcp_client.hpp"
#include "election/address_check.hpp"
#include "os/event_loop.hpp"
#include "os/log.hpp"
#include "os/netlink.hpp"

namespace cluster_lab::daemon {

struct Membership::Impl {
  os::EventLoop& loop;
  const config::Settings& settings;
  election::Timing timing;
  NodeAddress& address;
  Events events;
  dhcp::DhcpClient dhcp;
  std::unique_ptr<election::AddressCheck> check;
  std::optional<os::LinkInfo> link;

  Impl(os::EventLoop& eventLoop, const config::Settings& config, election::Timing probeTiming,
       std::string hostName, NodeAddress& nodeAddress, Events evts)
      : loop(eventLoop),
        settings(config),
        timing(probeTiming),
        address(nodeAddress),
        events(std::move(evts)),
        dhcp(loop,
             {.leaderAddress = settings.network.leaderAddress,
              .hostName = std::move(hostName),
              .hook = settings.leaseHook,
              .runDirectory = settings.runDirectory},
             dhcpEvents()) {}

  dhcp::DhcpClient::Events dhcpEvents() {
    return {.bound = [this](const dhcp::Bound& bound) { take(bound.address); },
            .lost = [this] { lost(); },
            .noAnswer = [this] { noAnswer(); },
            .nak = [] { os::log::info("the leader has another address for this node"); },
            .foreignServer = [this](Ipv4 server) { foreignServer(server); },
            .failed = [this](const Error& error) { failed(error); }};
  }

  void take(Ipv4 given) {
    check.reset();
    clearProblems();
    use(given);
  }

  void use(Ipv4 given) {
    const bool news = address.current() != given;
    if (auto done = address.set(given); !done) {
      events.problem("address_failed", done.error());
      return;
    }
    if (news) events.addressed(given);
  }

  void lost() {
    os::log::warning("the leader took back the address " + address.current().toString());
    address.remove();
  }

  void noAnswer() {
    const auto& network = settings.network;
    events.problem(
        "dhcp_no_answer",
        {ErrorCode::TimedOut,
         fmt::format(
             "{} is there but nobody answers DHCP on {}: its {} addresses are all given, or "
             "its dnsmasq does not serve",
             network.leaderAddress.toString(), link ? link->name : "", network.range.size()),
         "on the leader: cluster-lab doctor tells which; all given: a wider network.range on all "
         "nodes"});
    if (address.current().isNone() && !address.wish().isNone() && !check && link) reclaim(*link);
  }

  void reclaim(const os::LinkInfo& on) {
    const auto wish = address.wish();
    auto started = election::AddressCheck::start(
        loop, on, wish, timing, [this, wish](std::optional<MacAddress> holder) {
          check.reset();
          if (holder) {
            os::log::info(wish.toString() + ", the last address, is in use by " +
                          holder->toString());
          } else {
            os::log::info("nobody answers DHCP: using the last address " + wish.toString());
            use(wish);
          }
        });
    if (started) check = std::move(*started);
  }

  void foreignServer(Ipv4 server) {
    events.problem(
        "dhcp_foreign_server",
        {ErrorCode::Conflict,
         fmt::format("{} answers DHCP on {} and is not the leader; its address was not taken",
                     server.toString(), link ? link->name : ""),
         "take that DHCP server off this segment, or set another link.id on all nodes"});
  }

  void failed(const Error& error) {
    events.problem(error.code == ErrorCode::NotFound ? "tool_missing" : "dhcp_failed", error);
  }

  void clearProblems() const {
    for (const auto* code : {"dhcp_no_answer", "dhcp_foreign_server", "dhcp_failed", "tool_missing",
                             "address_failed"}) {
      events.solved(code);
    }
  }
};

Membership::Membership(os::EventLoop& loop, const config::Settings& settings,
                       election::Timing timing, std::string hostName, NodeAddress& address,
                       Events events)
    : impl_(std::make_unique<Impl>(loop, settings, timing, std::move(hostName), address,
                                   std::move(events))) {}

Membership::~Membership() = default;

void Membership::start(const os::LinkInfo& link) {
  impl_->link = link;
  const auto current = impl_->address.current();
  if (!impl_->dhcp.running()) {
    const auto wish = impl_->address.wish();
    auto started = impl_->dhcp.start(link.name, wish.isNone() ? std::nullopt : std::optional(wish));
    if (!started) impl_->failed(started.error());
  }
  if (!current.isNone()) impl_->events.addressed(current);
}

void Membership::stop() {
  impl_->check.reset();
  impl_->dhcp.stop();
  impl_->clearProblems();
}

}  // namespace cluster_lab::daemon
