#pragma once

#include <filesystem>
#include <string>

namespace cluster_lab::test {

/// A node that runs dhcp::DhcpServer for 192.168.200.0/24 with leader address .1 and `range`.
/// Orders: "start [MAC=ADDRESS ...]", "stop", "own MAC", "release MAC", "leases".
/// Events: "lease MAC ADDRESS NAME", "released MAC", "exhausted", "other server", "failed TEXT",
/// "own ADDRESS", "leases COUNT", "done" after each order.
int serverNode(const std::string& range, bool nodesOnly, const std::filesystem::path& folder,
               int orders, int events);

/// A node that runs dhcp::DhcpClient on eth0.
/// Orders: "start [ADDRESS]", "stop".
/// Events: "bound ADDRESS/PREFIX SERVER", "lost", "no answer", "nak", "foreign SERVER", "failed
/// TEXT", "done" after each order.
int clientNode(const std::filesystem::path& folder, int orders, int events);

}  // namespace cluster_lab::test
