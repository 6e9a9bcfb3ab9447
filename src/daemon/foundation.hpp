#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/settings.hpp"
#include "daemon/node_identity.hpp"
#include "daemon/status_board.hpp"
#include "election/identity.hpp"
#include "election/timing.hpp"
#include "etcd/client.hpp"
#include "os/event_loop.hpp"
#include "os/netlink.hpp"
#include "registry/authority.hpp"
#include "registry/records.hpp"
#include "registry/registry.hpp"
#include "registry/storage_duties.hpp"

namespace cluster_lab::daemon {

/// What everything else is built on.
struct Foundation {
  std::unique_ptr<os::EventLoop> loop;
  /// SIGTERM and SIGINT, held from before the first thread starts; they call what stopAsked holds.
  std::unique_ptr<std::function<void()>> stopAsked;
  std::vector<os::EventHandle> signals;
  /// Called on the loop when the leader's registry is gone all at once.
  std::unique_ptr<std::function<void()>> leaderGone;
  std::unique_ptr<os::Netlink> netlink;
  std::unique_ptr<StatusBoard> board;  // <- everybody's problems -> systemd, page
  std::unique_ptr<NodeIdentity> identity;
  /// Called on the loop when etcd does not let this node lead any more.
  std::unique_ptr<std::function<void(const std::string& why)>> mandateLost;
  /// What the registry's API asks the daemon for; filled in before it serves.
  std::unique_ptr<registry::StorageDuties> storageDuties;
  std::unique_ptr<etcd::Client> etcd;
  std::unique_ptr<registry::Authority> authority;  // -> etcd, where the nodes have agreed on it
  std::unique_ptr<registry::Registry> registry;    // <- agent, leadership -> API, page
};

/// Opens the event loop, the kernel, the data directory and the registry. A corrupt registry has
/// been set aside by then, is told in the log, and begins anew.
[[nodiscard]] Result<Foundation> makeFoundation(const config::Settings& settings);

// --- the settings in the words of each part
[[nodiscard]] std::string nodeName(const config::Settings& settings);
/// Where this node's etcd server has its data.
[[nodiscard]] std::filesystem::path etcdDirectory(const config::Settings& settings);
[[nodiscard]] election::Timing timingOf(const config::Settings& settings);
[[nodiscard]] election::Identity identityOf(const config::Settings& settings, const NodeId& id);
[[nodiscard]] registry::NodeRegistration registrationOf(const config::Settings& settings,
                                                        const NodeId& id);

}  // namespace cluster_lab::daemon
