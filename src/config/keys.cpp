#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "config/values.hpp"

namespace cluster_lab::config {
namespace {

using namespace std::chrono_literals;
using Text = std::string_view;

constexpr auto kKeys = std::to_array<Key>({
    {"cluster.id", "cluster-lab", "NAME",
     "Nodes with the same id form one cluster; others on the same wire are left alone.",
     [](Text text, Settings& into) { return readHostLabel(text, into.cluster.id); }},
    {"cluster.datacenter", "dc1", "NAME",
     "What Consul's clients see as the datacenter of this cluster.",
     [](Text text, Settings& into) { return readDatacenter(text, into.cluster.datacenter); }},

    {"node.name", "", "NAME", "This node's name in the cluster; empty: its host name.",
     [](Text text, Settings& into) { return readOptionalHostLabel(text, into.node.name); }},
    {"node.label", "", "NAME=VALUE",
     "A label that the registry and the scheduler show; give it again for each.",
     [](Text text, Settings& into) { return readLabel(text, into.node.labels); }, true},

    {"link.kind", "vlan", "vlan|vxlan|none",
     "What carries the cluster: a VLAN; VXLAN for Wi-Fi and switches that drop tags; the plain "
     "wire.",
     [](Text text, Settings& into) { return readLinkKind(text, into.link.kind); }},
    {"link.parent", "eth0", "INTERFACE", "The interface that the cluster link is made on.",
     [](Text text, Settings& into) { return readInterface(text, into.link.parent); }},
    {"link.id", "auto", "auto|NUMBER",
     "VLAN id or VXLAN id; auto: 200, or made from cluster.id where that is not the default.",
     [](Text text, Settings& into) { return readLinkId(text, into.link.id, into.link.idIsAuto); }},
    {"link.vxlan-port", "14789", "UDP-PORT",
     "Where VXLAN frames go; not 4789, which Docker's own overlay networks use.",
     [](Text text, Settings& into) { return readPort(text, into.link.vxlanPort); }},

    {"network.subnet", "192.168.200.0/24", "ADDRESS/PREFIX",
     "The cluster's own addresses; no other network of these machines may use them.",
     [](Text text, Settings& into) { return readSubnet(text, into.network.subnet); }},
    {"network.leader-address", "192.168.200.1", "ADDRESS",
     "Whoever holds this address leads; clients use it and never ask who leads.",
     [](Text text, Settings& into) { return readAddress(text, into.network.leaderAddress); }},
    {"network.range", "192.168.200.101-192.168.200.200", "FIRST-LAST",
     "What the leader hands out by DHCP, one address for each node.",
     [](Text text, Settings& into) { return readRange(text, into.network.range); }},
    {"network.lease-time", "3600s", "SECONDS", "How long a node's address stays its own unrenewed.",
     [](Text text, Settings& into) {
       return readDuration(text, 120s, 604800s, into.network.leaseTime);
     }},

    {"election.probe-wait", "200ms", "MILLISECONDS",
     "A random wait of at most this before the first probe, so that nodes powered on together "
     "differ.",
     [](Text text, Settings& into) {
       return readDuration(text, 0ms, 10000ms, into.election.probeWait);
     }},
    {"election.probe-count", "3", "NUMBER",
     "How often the wire is asked for a leader before this node leads (RFC 5227: 3).",
     [](Text text, Settings& into) { return readCount(text, 1, 10, into.election.probeCount); }},
    {"election.probe-interval", "200ms", "MILLISECONDS",
     "Time between two probes; a switch that loses frames may need more (RFC 5227: 1 to 2 s).",
     [](Text text, Settings& into) {
       return readDuration(text, 50ms, 10000ms, into.election.probeInterval);
     }},
    {"election.announce-wait", "200ms", "MILLISECONDS",
     "Silence after the last probe that proves that nobody leads (RFC 5227: 2 s).",
     [](Text text, Settings& into) {
       return readDuration(text, 50ms, 10000ms, into.election.announceWait);
     }},
    {"election.heartbeat", "500ms", "MILLISECONDS",
     "How often the leader and its followers show themselves.",
     [](Text text, Settings& into) {
       return readDuration(text, 100ms, 10000ms, into.election.heartbeat);
     }},
    {"election.missed-heartbeats", "3", "NUMBER",
     "So many missing in a row, and a leader that answers no probe, is lost.",
     [](Text text, Settings& into) {
       return readCount(text, 2, 20, into.election.missedHeartbeats);
     }},
    {"election.address-lifetime", "2s", "SECONDS",
     "The kernel takes the leader address from a daemon that hangs this long.",
     [](Text text, Settings& into) {
       return readDuration(text, 1s, 600s, into.election.addressLifetime);
     }},
    {"election.cold-start-wait", "10s", "SECONDS",
     "After a power cut, members that may have later data are waited for this long; 0s: not at "
     "all.",
     [](Text text, Settings& into) {
       return readDuration(text, 0s, 600s, into.election.coldStartWait);
     }},

    {"beacon.enabled", "yes", "yes|no",
     "Nodes tell of themselves on the parent too, so that a switch that drops VLAN tags is "
     "noticed.",
     [](Text text, Settings& into) { return readSwitch(text, into.beacon.enabled); }},
    {"beacon.interval", "1000ms", "MILLISECONDS", "How often a beacon is sent.",
     [](Text text, Settings& into) {
       return readDuration(text, 200ms, 60000ms, into.beacon.interval);
     }},

    {"registry.port", "8500", "TCP-PORT", "Registry and web page, on every node; Consul's port.",
     [](Text text, Settings& into) { return readPort(text, into.registry.port); }},
    {"registry.lan-writes", "no", "yes|no",
     "Whether the LAN may change the registry too; without it only the cluster and the node may.",
     [](Text text, Settings& into) { return readSwitch(text, into.registry.lanWrites); }},
    {"registry.node-timeout", "2000ms", "MILLISECONDS",
     "A node that is silent this long is critical.",
     [](Text text,
        Settings& into) { return readDuration(text, 500ms, 600000ms, into.registry.nodeTimeout); }},
    {"registry.forget-after", "72h", "SECONDS",
     "A node that is silent this long is forgotten, and its lease is free; 0: never.",
     [](Text text, Settings& into) {
       return readDuration(text, 0s, 31536000s, into.registry.forgetAfter);
     }},
    {"registry.ack", "replica", "replica|leader",
     "Who must have a write before it is acknowledged: the leader alone, or a follower too.",
     [](Text text, Settings& into) { return readAck(text, into.registry.ackByReplica); }},
    {"registry.store", "embedded", "embedded|etcd",
     "Where a new cluster keeps its registry: on the leader's card, or in etcd on several nodes.",
     [](Text text, Settings& into) { return readStore(text, into.registry.keptInEtcd); }},
    {"registry.etcd-members", "3", "1|3|5",
     "On how many nodes etcd runs; with fewer nodes the next lower odd number.",
     [](Text text, Settings& into) { return readMembers(text, into.registry.etcdMembers); }},
    {"registry.replace-after", "300s", "SECONDS",
     "A node of etcd's that is away this long loses its place to another node.",
     [](Text text, Settings& into) {
       return readDuration(text, 10s, 2592000s, into.registry.replaceAfter);
     }},
    {"registry.dns-port", "8600", "PORT", "The registry's names by DNS (UDP and TCP).",
     [](Text text, Settings& into) { return readPort(text, into.registry.dnsPort); }},
    {"registry.recursors", "", "ADDRESS[:PORT],...",
     "DNS servers that are asked for names outside .consul; without one such names are refused.",
     [](Text text, Settings& into) { return readServers(text, into.registry.recursors); }},
    {"registry.script-checks", "no", "yes|no",
     "Whether health checks may run programs on this node.",
     [](Text text, Settings& into) { return readSwitch(text, into.registry.scriptChecks); }},
    {"registry.connections-per-client", "200", "COUNT",
     "How many connections one client address may have open to the registry.",
     [](Text text, Settings& into) {
       return readCount(text, 10, 100000, into.registry.connectionsPerClient);
     }},
    {"registry.host-names", "", "NAME,...",
     "Further names that browsers may call this node by; others are refused (DNS rebinding).",
     [](Text text, Settings& into) { return readHostNames(text, into.registry.hostNames); }},

    {"scheduler.port", "2378", "TCP-PORT", "Docker's API for the whole cluster, on the leader.",
     [](Text text, Settings& into) { return readPort(text, into.scheduler.port); }},
    {"scheduler.engine-socket", "/var/run/docker.sock", "PATH",
     "This node's Docker Engine; a node without one takes part in all the rest.",
     [](Text text, Settings& into) { return readPath(text, into.scheduler.engineSocket); }},

    {"board.led", "yes", "yes|no",
     "The activity LED shows the role: lit leads, a heartbeat follows, even blinking searches.",
     [](Text text, Settings& into) { return readSwitch(text, into.board.led); }},
    {"board.root", "/", "PATH",
     "Below this folder proc and sys tell of the board; another one than / is for tests.",
     [](Text text, Settings& into) { return readPath(text, into.board.root); }},

    {"data-directory", "/var/lib/cluster-lab", "PATH",
     "What outlives a restart: node id, last address, registry.",
     [](Text text, Settings& into) { return readPath(text, into.dataDirectory); }},
    {"run-directory", "/run/cluster-lab", "PATH",
     "Sockets and made configuration, gone after a reboot.",
     [](Text text, Settings& into) { return readPath(text, into.runDirectory); }},
    {"paths.page", "/usr/share/cluster-lab/ui", "PATH", "The files of the web page.",
     [](Text text, Settings& into) { return readPath(text, into.pageDirectory); }},
    {"paths.lease-hook", "/usr/libexec/cluster-lab/cluster-lab-lease", "PATH",
     "The program that dnsmasq and udhcpc call at each lease.",
     [](Text text, Settings& into) { return readPath(text, into.leaseHook); }},
    {"debug", "no", "yes|no", "Say more in the log.",
     [](Text text, Settings& into) { return readSwitch(text, into.debug); }},
});

/// How many letters to insert, delete or replace to make `b` of `a` (Levenshtein).
std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const Key> keys() {
  return kKeys;
}

const Key* findKey(std::string_view name) {
  const auto* const found = std::ranges::find(kKeys, name, &Key::name);
  return found == kKeys.end() ? nullptr : found;
}

const Key& nearestKey(std::string_view name) {
  return *std::ranges::min_element(kKeys, {},
                                   [&](const Key& key) { return editDistance(name, key.name); });
}

}  // namespace cluster_lab::config
