#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"
#include "base/link_id.hpp"

namespace cluster_lab::config {

/// Every key of cluster-lab.conf, checked against each other. config/cluster-lab.conf documents
/// each; config/keys.hpp has the table that reads them.
struct Settings {
  struct Cluster {
    std::string id = "cluster-lab";  ///< 1 to 63 letters, digits, hyphens
    std::string datacenter = "dc1";
    bool operator==(const Cluster&) const = default;
  } cluster;

  struct Node {
    std::string name;                           ///< empty: the host name
    std::map<std::string, std::string> labels;  ///< node.label=size=big, repeatable
    bool operator==(const Node&) const = default;
  } node;

  struct Link {
    LinkKind kind = LinkKind::Vlan;
    std::string parent = "eth0";
    std::uint32_t id = 200;  ///< VLAN id or VNI
    bool idIsAuto = true;    ///< link.id=auto: `id` is autoLinkId(cluster.id)
    std::uint16_t vxlanPort = 14789;
    /// Name of the cluster link: "eth0.200" (vlan), "cluster200" (vxlan), the parent (none).
    [[nodiscard]] std::string name() const;
    bool operator==(const Link&) const = default;
  } link;

  struct Network {
    Ipv4Network subnet = Ipv4Network::parse("192.168.200.0/24").value();
    Ipv4 leaderAddress{0xC0A8C801};                       ///< 192.168.200.1
    Ipv4Range range{Ipv4(0xC0A8C865), Ipv4(0xC0A8C8C8)};  ///< 192.168.200.101-192.168.200.200
    std::chrono::seconds leaseTime{3600};
    bool operator==(const Network&) const = default;
  } network;

  struct Election {
    std::chrono::milliseconds probeWait{200};  ///< random wait before the first probe, at most
    unsigned probeCount = 3;
    std::chrono::milliseconds probeInterval{200};
    std::chrono::milliseconds announceWait{200};  ///< silence after the last probe
    std::chrono::milliseconds heartbeat{500};
    unsigned missedHeartbeats = 3;
    std::chrono::seconds addressLifetime{2};  ///< valid_lft of the leader address
    std::chrono::seconds coldStartWait{10};   ///< for members with a fresher copy; 0: none
    bool operator==(const Election&) const = default;
  } election;

  struct Beacon {
    bool enabled = true;
    std::chrono::milliseconds interval{1000};
    bool operator==(const Beacon&) const = default;
  } beacon;

  struct Registry {
    std::uint16_t port = 8500;
    bool lanWrites = false;
    std::chrono::milliseconds nodeTimeout{2000};               ///< silent that long: critical
    std::chrono::seconds forgetAfter{std::chrono::hours(72)};  ///< silent that long; 0: never
    bool ackByReplica = true;                ///< a write waits for a follower's copy
    bool keptInEtcd = false;                 ///< what a cluster begins with
    unsigned etcdMembers = 3;                ///< 1, 3 or 5
    std::chrono::seconds replaceAfter{300};  ///< a member of etcd that is away that long
    std::uint16_t dnsPort = 8600;
    std::vector<std::string> recursors;  ///< "ADDRESS:PORT", asked in that order
    bool scriptChecks = false;
    unsigned connectionsPerClient = 200;
    std::vector<std::string> hostNames;  ///< in lower case
    bool operator==(const Registry&) const = default;
  } registry;

  struct Scheduler {
    std::uint16_t port = 2378;
    std::string engineSocket = "/var/run/docker.sock";
    bool operator==(const Scheduler&) const = default;
  } scheduler;

  struct Board {
    bool led = true;                   ///< the activity LED shows the role
    std::filesystem::path root = "/";  ///< of proc and sys
    bool operator==(const Board&) const = default;
  } board;

  std::filesystem::path dataDirectory = "/var/lib/cluster-lab";
  std::filesystem::path runDirectory = "/run/cluster-lab";
  std::filesystem::path pageDirectory = "/usr/share/cluster-lab/ui";
  std::filesystem::path leaseHook = "/usr/libexec/cluster-lab/cluster-lab-lease";
  bool debug = false;
  bool operator==(const Settings&) const = default;
};

/// The VLAN id or VNI that link.id=auto stands for: 200 for the default cluster id, else a number
/// in 201..999 made from it, so that two clusters on one switch rarely meet.
[[nodiscard]] std::uint32_t autoLinkId(std::string_view clusterId);

}  // namespace cluster_lab::config
