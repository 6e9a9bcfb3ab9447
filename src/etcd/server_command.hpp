#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"
#include "base/node_id.hpp"

namespace cluster_lab::etcd {

/// The most that one transaction may hold, and the JSON of its request may have in memory.
inline constexpr std::size_t kMostBytes = std::size_t{32} << 20U;

struct ServerSettings {
  NodeId node;
  Ipv4 address;  ///< on the cluster link
  std::uint16_t clientPort = 2379;
  std::uint16_t peerPort = 2380;
  std::filesystem::path directory;
  std::string clusterId;  ///< servers of another cluster are not talked to
};

struct Peer {
  NodeId node;
  Ipv4 address;

  bool operator==(const Peer&) const = default;
};

/// How a server begins that has no data yet; one that has some ignores it.
enum class Beginning : std::uint8_t {
  New,       ///< a cluster of the peers, all of which begin so
  Existing,  ///< joins the peers, which list it as a member already
};

[[nodiscard]] std::string urlOf(Ipv4 address, std::uint16_t port);
/// The address of such a URL; none: it is no such.
[[nodiscard]] Ipv4 addressOf(std::string_view url);

/// etcd's command line, for 3.4 and 3.5. `peers` has this node, too.
[[nodiscard]] std::vector<std::string> serverCommand(const ServerSettings& settings,
                                                     Beginning beginning,
                                                     const std::vector<Peer>& peers);
/// The same for a server that keeps its data and forgets all other members. To be run once: each
/// start forgets those that have come since.
[[nodiscard]] std::vector<std::string> recoveryCommand(const ServerSettings& settings);
/// What etcd wants in its environment on a machine of that kind (uname -m).
[[nodiscard]] std::vector<std::string> serverEnvironment(std::string_view machine);

}  // namespace cluster_lab::etcd
