#include "etcd/server_command.hpp"

#include "base/text.hpp"

namespace cluster_lab::etcd {
namespace {

constexpr std::string_view kScheme = "http://";

std::string initialCluster(const std::vector<Peer>& peers, std::uint16_t port) {
  std::string text;
  for (const auto& peer : peers) {
    if (!text.empty()) text += ',';
    text += peer.node.toString() + '=' + urlOf(peer.address, port);
  }
  return text;
}

/// Small machines with SD cards: little memory, few writes, a database that stays small.
void addEconomy(std::vector<std::string>& command) {
  const auto option = [&command](const char* name, std::string value) {
    command.emplace_back(name);
    command.push_back(std::move(value));
  };
  option("--snapshot-count", "1000");  // entries kept in memory, and 5000 for those that lag behind
  option("--max-snapshots", "2");
  option("--max-wals", "2");                      // 64 MiB each
  option("--quota-backend-bytes", "268435456");   // mapped into memory: 32 bit has 3 GiB
  option("--auto-compaction-mode", "revision");   // no clock
  option("--auto-compaction-retention", "1000");  // of the past, which nobody asks for
  option("--backend-batch-interval", "1s");       // the log has it already, and is synced
  option("--max-request-bytes", std::to_string(kMostBytes + (1U << 20U)));
  option("--max-txn-ops", "1000000");
}

}  // namespace

std::string urlOf(Ipv4 address, std::uint16_t port) {
  return std::string(kScheme) + address.toString() + ':' + std::to_string(port);
}

Ipv4 addressOf(std::string_view url) {
  if (!url.starts_with(kScheme)) return {};
  url.remove_prefix(kScheme.size());
  return Ipv4::parse(url.substr(0, url.find(':'))).value_or(Ipv4{});
}

std::vector<std::string> serverCommand(const ServerSettings& settings, Beginning beginning,
                                       const std::vector<Peer>& peers) {
  const auto client = urlOf(settings.address, settings.clientPort);
  const auto peer = urlOf(settings.address, settings.peerPort);
  std::vector<std::string> command = {
      "etcd",
      "--name",
      settings.node.toString(),
      "--data-dir",
      settings.directory.string(),
      "--listen-client-urls",
      client,
      "--advertise-client-urls",
      client,
      "--listen-peer-urls",
      peer,
      "--initial-advertise-peer-urls",
      peer,
      "--initial-cluster",
      initialCluster(peers, settings.peerPort),
      "--initial-cluster-state",
      beginning == Beginning::Existing ? "existing" : "new",
      "--initial-cluster-token",
      settings.clusterId,
      "--heartbeat-interval",
      "50",
      "--election-timeout",
      "500",
      "--pre-vote",  // a node that returns does not unseat a leader that the others hear
      "--logger",
      "zap",
      "--log-outputs",
      "stderr",
      "--log-level",
      "warn",
  };
  addEconomy(command);
  return command;
}

std::vector<std::string> recoveryCommand(const ServerSettings& settings) {
  auto command = serverCommand(settings, Beginning::Existing, {{settings.node, settings.address}});
  command.emplace_back("--force-new-cluster");
  return command;
}

std::vector<std::string> serverEnvironment(std::string_view machine) {
  // etcd counts 32 bit ARM as untested and wants to be told that we know.
  if (machine.starts_with("arm")) return {"ETCD_UNSUPPORTED_ARCH=arm"};
  return {};
}

}  // namespace cluster_lab::etcd
