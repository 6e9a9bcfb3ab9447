#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "base/ipv4.hpp"
#include "base/link_id.hpp"

namespace cluster_lab::config {

/// Every key of cluster-lab.conf, checked against each other. config/cluster-lab.conf documents
/// each.
struct Settings {
  struct Cluster {
    std::string id = "cluster-lab";  ///< 1 to 63 letters, digits, hyphens
    std::string datacenter = "dc1";
  } cluster;

  struct Node {
    std::string name;                           ///< empty: the host name
    std::map<std::string, std::string> labels;  ///< node.label=size=big, repeatable
  } node;

  struct Link {
    LinkKind kind = LinkKind::Vlan;
    std::string parent = "eth0";
    std::uint32_t id = 200;  ///< VLAN id or VNI; "auto" gives 200 for the default cluster id,
                             ///< else a number in 201..999 made from the cluster id
    std::uint16_t vxlanPort = 14789;
    /// Name of the cluster link: "eth0.200" (vlan), "cluster200" (vxlan), the parent (none).
    [[nodiscard]] std::string name() const;
  } link;

  struct Network {
    Ipv4Network subnet;  ///< 192.168.200.0/24
    Ipv4 leaderAddress;  ///< 192.168.200.1
    Ipv4Range range;     ///< 192.168.200.101-192.168.200.200
    std::chrono::seconds leaseTime{3600};
  } network;

  struct Election {
    std::chrono::milliseconds probeWait{200};  ///< random wait before the first probe, at most
    unsigned probeCount = 3;
    std::chrono::milliseconds probeInterval{200};
    std::chrono::milliseconds announceWait{200};  ///< silence after the last probe
    std::chrono::milliseconds heartbeat{500};
    unsigned missedHeartbeats = 3;
    std::chrono::seconds addressLifetime{3};  ///< valid_lft of the leader address
  } election;

  struct Beacon {
    bool enabled = true;
    std::chrono::milliseconds interval{1000};
  } beacon;

  struct Registry {
    std::uint16_t port = 8500;
    bool lanWrites = false;
    std::chrono::milliseconds nodeTimeout{2000};  ///< silent that long: critical
  } registry;

  struct Scheduler {
    std::uint16_t port = 2378;
    std::string engineSocket = "/var/run/docker.sock";
  } scheduler;

  std::filesystem::path dataDirectory = "/var/lib/cluster-lab";
  std::filesystem::path runDirectory = "/run/cluster-lab";
  bool debug = false;
};

}  // namespace cluster_lab::config
