#include "daemon/restore_network.hpp"

#include "board/role_led.hpp"
#include "daemon/node_identity.hpp"
#include "os/log.hpp"
#include "os/netlink.hpp"

namespace cluster_lab::daemon {
namespace {

void putBackLed(const config::Settings& settings) {
  auto led = board::RoleLed::open(settings.board.root, settings.runDirectory);
  if (!led) return;
  if (auto done = led->putBack(); !done) os::log::warning(done.error().text());
}

Result<void> removeAddresses(os::Netlink& netlink, const os::LinkInfo& link,
                             const config::Settings& settings) {
  const auto identity = NodeIdentity::load(settings.dataDirectory);
  const auto own = identity ? identity->lastAddress() : Ipv4{};
  const int prefixLength = settings.network.subnet.prefixLength();
  for (const auto address : {own, settings.network.leaderAddress}) {
    if (address.isNone()) continue;
    if (auto done = netlink.removeAddress(link.index, address, prefixLength); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> restoreNetwork(const config::Settings& settings) {
  putBackLed(settings);
  auto netlink = os::Netlink::open();
  if (!netlink) return fail(netlink.error());
  const auto link = (*netlink)->link(settings.link.name());
  if (!link && link.error().code == ErrorCode::NotFound) return {};
  if (!link) return fail(link.error());
  if (link->ours) {
    os::log::info("removing " + link->name + ", which a daemon before left");
    return (*netlink)->removeLink(link->name);
  }
  return removeAddresses(**netlink, *link, settings);
}

}  // namespace cluster_lab::daemon
