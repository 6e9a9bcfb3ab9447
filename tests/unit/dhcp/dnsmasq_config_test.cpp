#include "dhcp/dnsmasq_config.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

using namespace cluster_lab;
using namespace cluster_lab::dhcp;

namespace {

std::string golden(const std::string& name) {
  std::ifstream file(CLUSTER_LAB_SOURCE_DIR "/tests/golden/dhcp/" + name);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

ServerSettings settings() {
  ServerSettings settings;
  settings.subnet = Ipv4Network::parse("192.168.200.0/24").value();
  settings.leaderAddress = Ipv4::parse("192.168.200.1").value();
  settings.range = Ipv4Range::parse("192.168.200.101-192.168.200.200").value();
  settings.hook = "/usr/libexec/cluster-lab/cluster-lab-lease";
  return settings;
}

}  // namespace

TEST_CASE("dnsmasq config: as in the golden file") {
  CHECK(renderDnsmasqConfig(settings(), false) == golden("dnsmasq.conf"));
}

TEST_CASE("dnsmasq config: as root on somebody's LAN without names, as in the golden file") {
  auto other = settings();
  other.subnet = Ipv4Network::parse("10.1.0.0/16").value();
  other.leaderAddress = Ipv4::parse("10.1.0.1").value();
  other.range = Ipv4Range::parse("10.1.2.0-10.1.2.9").value();
  other.leaseTime = std::chrono::minutes(10);
  other.nodesOnly = true;
  other.servesNames = false;
  CHECK(renderDnsmasqConfig(other, true) == golden("dnsmasq-nodes-only.conf"));
}

TEST_CASE("dnsmasq log: a request without an address left means that the pool is exhausted") {
  CHECK(readDnsmasqLog(
            "dnsmasq-dhcp[7]: DHCPDISCOVER(eth0.200) b8:27:eb:00:00:01 no address available") ==
        LogMeaning::PoolExhausted);
  CHECK(
      readDnsmasqLog(
          "dnsmasq-dhcp[7]: DHCPNAK(eth0.200) 192.168.200.101 b8:27:eb:00:00:01 no leases left") ==
      LogMeaning::PoolExhausted);
}

TEST_CASE("dnsmasq log: a request to another server means that there is one") {
  CHECK(readDnsmasqLog(
            "dnsmasq-dhcp[7]: DHCPNAK(eth0.200) 10.0.0.7 b8:27:eb:00:00:01 wrong server-ID") ==
        LogMeaning::OtherServer);
}

TEST_CASE("dnsmasq log: all else means nothing") {
  CHECK(
      readDnsmasqLog("dnsmasq-dhcp[7]: DHCPACK(eth0.200) 192.168.200.101 b8:27:eb:00:00:01 pi-1") ==
      LogMeaning::Nothing);
  CHECK(readDnsmasqLog("") == LogMeaning::Nothing);
}

TEST_CASE("dnsmasq failure: its last words are told, and a taken port has a remedy") {
  const Error ended{ErrorCode::Io, "dnsmasq ended: exit status 2", ""};
  CHECK(explainDnsmasqFailure(ended, "").message == ended.message);
  const auto taken =
      explainDnsmasqFailure(ended, "failed to bind DHCP server socket: Address already in use");
  CHECK(taken.code == ErrorCode::Conflict);
  CHECK(taken.message ==
        "dnsmasq ended: exit status 2 (failed to bind DHCP server socket: Address already in use)");
  CHECK_FALSE(taken.remedy.empty());
}

TEST_CASE("dnsmasq failure: a taken DNS port is told apart from a taken DHCP port") {
  const Error ended{ErrorCode::Io, "dnsmasq ended: exit status 2", ""};
  constexpr auto kWords =
      "failed to create listening socket for 192.168.200.1: Address already in use";
  CHECK(isDnsPortTaken(kWords));
  CHECK_FALSE(isDnsPortTaken("failed to bind DHCP server socket: Address already in use"));
  const auto taken = explainDnsmasqFailure(ended, kWords);
  CHECK(taken.code == ErrorCode::Conflict);
  CHECK(taken.remedy.find(":53") != std::string::npos);
}
