#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ipv4.hpp"
#include "base/link_id.hpp"
#include "cli/cluster_view.hpp"
#include "cli/dependencies.hpp"

namespace cluster_lab::cli {

/// How the cluster's network is meant to be: as the running daemon says, else as configured.
struct Wanted {
  LinkKind kind = LinkKind::Vlan;
  std::uint32_t id = 200;
  std::string parent;
  std::string link;
  Ipv4Network subnet;
  Ipv4 leaderAddress;
  std::uint16_t registryPort = 8500;
  std::uint16_t schedulerPort = 2378;
};

/// An interface as the kernel has it.
struct Interface {
  std::string name;
  std::string kind;  ///< "vlan", "vxlan", ...; empty for hardware
  std::optional<std::uint32_t> id;
  bool up = false;
  bool carrier = false;
  std::vector<Ipv4> addresses;
};

enum class EngineState : std::uint8_t { NotInstalled, Stopped, NoPermission, Running };

/// The service cluster-start as systemd has it.
struct Unit {
  bool hasSystemd = false;  ///< false: this machine runs without systemd, all else is empty
  std::string state;        ///< "active", "inactive", "failed", "activating"
  std::string statusLine;   ///< STATUS= of the daemon
};

/// Everything that `health` and `doctor` judge by. Gathered by looking only.
struct Facts {
  std::string configurationError;  ///< empty: the configuration is fine
  Wanted wanted;
  Unit unit;
  bool defaultRoute = false;
  std::optional<Interface> parent;
  std::optional<Interface> link;
  bool parentWithoutIpv6 = false;
  bool dhcpServerRuns = false;
  bool dhcpClientRuns = false;
  EngineState engine = EngineState::NotInstalled;
  std::vector<DependencyState> dependencies;

  std::string asked;                 ///< "127.0.0.1:8500"
  std::optional<StatusView> status;  ///< nullopt: see statusError
  std::optional<Error> statusError;  ///< Unavailable: nobody answers; Corrupt: somebody else does
  std::optional<std::vector<NodeView>> nodes;
  bool leaderAnswers = false;     ///< the registry at the leader address
  bool schedulerAnswers = false;  ///< the scheduler endpoint at the leader address
};

}  // namespace cluster_lab::cli
