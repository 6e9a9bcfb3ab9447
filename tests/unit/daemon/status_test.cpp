#include "daemon/status.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;

namespace cluster_lab::daemon {
namespace {

Ipv4 address(const char* text) {
  return Ipv4::parse(text).value();
}

Status following() {
  Status status;
  status.version = "1.0.0";
  status.clusterId = "cluster-lab";
  status.name = "pi2";
  status.state = "following";
  status.reason = "pi1 leads";
  status.since = 12s;
  status.term = 3;
  status.leader = {"pi1", address("192.168.200.1"), address("192.168.200.101")};
  status.link = {LinkKind::Vxlan, 200, "cluster200", "eth0", true};
  status.nodeAddress = address("192.168.200.102");
  status.leaderAddress = address("192.168.200.1");
  status.lanAddresses = {address("198.18.0.2")};
  return status;
}

}  // namespace

TEST_CASE("status: what the page, the command and the lab read is in the JSON") {
  auto status = following();
  status.neighbours.push_back(
      {"pi1", NodeId{}, "cluster-lab", Role::Leading, 3, LinkKind::Vxlan, 200, true, 1500ms});
  status.registryKind = "etcd";
  status.registryMembers = {"pi1"};
  const auto json = nlohmann::json::parse(toJson(status));
  CHECK(json["state"] == "following");
  CHECK(json["registry"]["kind"] == "etcd");
  CHECK(json["registry"]["members"] == nlohmann::json{"pi1"});
  CHECK(json["role"] == "follower");
  CHECK(json["since_seconds"] == 12);
  CHECK(json["leader"]["name"] == "pi1");
  CHECK(json["leader"]["node_address"] == "192.168.200.101");
  CHECK(json["link"]["kind"] == "vxlan");
  CHECK(json["link"]["state"] == "up");
  CHECK(json["lan_addresses"][0] == "198.18.0.2");
  CHECK(json["neighbours"][0]["heard_on"] == "link");
  CHECK(json["neighbours"][0]["seconds_ago"] == 1.5);
}

TEST_CASE("status: without a leader and an address there is null and an empty text") {
  auto status = following();
  status.state = "probing";
  status.leader.reset();
  status.nodeAddress = Ipv4{};
  const auto json = nlohmann::json::parse(toJson(status));
  CHECK(json["leader"].is_null());
  CHECK(json["node_address"] == "");
  CHECK(json["role"] == "searching");
}

TEST_CASE("status: a problem is told with its remedy, in the JSON and in systemd's line") {
  auto status = following();
  status.problems["no_carrier"] = {ErrorCode::Unavailable, "eth0 has no carrier",
                                   "plug in the cable"};
  const auto json = nlohmann::json::parse(toJson(status));
  CHECK(json["problems"][0]["code"] == "no_carrier");
  CHECK(json["problems"][0]["remedy"] == "plug in the cable");
  CHECK(statusLine(status) == "pi1 leads; eth0 has no carrier: plug in the cable");
}

TEST_CASE("status: a reason that is the problem itself is not said twice") {
  auto status = following();
  status.reason = "eth0 has no carrier";
  status.problems["no_carrier"] = {ErrorCode::Unavailable, "eth0 has no carrier", ""};
  CHECK(statusLine(status) == "eth0 has no carrier");
}

TEST_CASE(
    "status: a board tells its facts and readings, null stands for what it does not measure") {
  auto status = following();
  CHECK(nlohmann::json::parse(toJson(status))["board"].is_null());
  status.board = board::Board{
      .facts = {.model = "Raspberry Pi 4", .serial = "10a", .card = "SC32G", .memoryBytes = 2048},
      .readings = {.celsius = 48.5,
                   .throttling = board::Throttling{.now = 0, .sinceBoot = 1},
                   .memory = board::Memory{.totalBytes = 2048, .availableBytes = 1024},
                   .card = {.usedPercent = {}, .preEndOfLife = {}, .errors = 0}}};
  const auto json = nlohmann::json::parse(toJson(status))["board"];
  CHECK(json["model"] == "Raspberry Pi 4");
  CHECK(json["serial"] == "10a");
  CHECK(json["celsius"] == 48.5);
  CHECK(json["throttling"]["now"].empty());
  CHECK(json["throttling"]["since_boot"][0] == "under-voltage");
  CHECK(json["memory"]["available_bytes"] == 1024);
  CHECK(json["card"]["name"] == "SC32G");
  CHECK(json["card"]["used_percent"].is_null());
  CHECK(json["card"]["errors"] == 0);
}

TEST_CASE("status: text that is no UTF-8 does not break the JSON") {
  auto status = following();
  status.reason = "odd \xff byte";
  CHECK(nlohmann::json::accept(toJson(status)));
}

}  // namespace cluster_lab::daemon
