// cluster-lab-lease, called as dnsmasq calls it.
#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "dhcp_node.hpp"
#include "segment.hpp"
#include "support/patience.hpp"

using namespace cluster_lab::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kLease = "02:00:00:00:00:42=192.168.200.142";

/// The hook's exit status and what it printed, errors too.
struct Outcome {
  int status;
  std::string text;
};

Outcome callHook(const Segment& segment, const Node& node, const std::string& arguments,
                 const std::string& variables = {}) {
  const auto output = segment.folderOf(1) / "output";
  const auto socket = (segment.folderOf(1) / "dhcp-server.sock").string();
  const int status = node.run("CLUSTER_LAB_LEASE_SOCKET=" + socket + ' ' + variables +
                              " " LEASE_HOOK " " + arguments + " >" + output.string() + " 2>&1");
  std::ostringstream text;
  text << std::ifstream(output).rdbuf();
  return {status, text.str()};
}

Node& addServer(Segment& segment) {
  auto& server = segment.add([](const auto& folder, int orders, int events) {
    return serverNode("192.168.200.101-192.168.200.200", false, folder, orders, events);
  });
  REQUIRE(server.run("ip address add 192.168.200.1/24 dev eth0") == 0);
  server.order(std::string("start ") + kLease);
  REQUIRE(server.hear("done", 2s));
  return server;
}

}  // namespace

TEST_CASE("lease hook: init prints the leases") {
  if (cannotRun()) return;
  Segment segment;
  const auto& server = addServer(segment);
  const auto outcome = callHook(segment, server, "init");
  CHECK(outcome.status == 0);
  CHECK(outcome.text == "0 02:00:00:00:00:42 192.168.200.142 * *\n");
}

TEST_CASE("lease hook: a lease that a jump of the wall clock ended stands, and dnsmasq learns it") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  REQUIRE(callHook(segment, server, "init").status == 0);
  const auto before = server.child("dnsmasq");
  REQUIRE(before);
  const auto outcome = callHook(segment, server, "del 02:00:00:00:00:42 192.168.200.142",
                                "DNSMASQ_LEASE_EXPIRES=3600");
  CHECK(outcome.status == 0);
  server.order("leases");
  CHECK(server.hear("leases 1", 2s));
  CHECK(server.newChild("dnsmasq", *before, 2s));
  CHECK_FALSE(server.hasTold("released"));
}

TEST_CASE("lease hook: a lease that its client gave back is gone") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  const auto outcome = callHook(segment, server, "del 02:00:00:00:00:42 192.168.200.142",
                                "DNSMASQ_LEASE_EXPIRES=99999999999");
  CHECK(outcome.status == 0);
  CHECK(server.hear("released 02:00:00:00:00:42", 2s));
}

TEST_CASE("lease hook: a call that makes no sense fails with the reason") {
  if (cannotRun()) return;
  Segment segment;
  const auto& server = addServer(segment);
  const auto outcome = callHook(segment, server, "add nonsense 192.168.200.142");
  CHECK(outcome.status == 1);
  CHECK(outcome.text.find("nonsense") != std::string::npos);
  CHECK(callHook(segment, server, "").status == 1);
}

TEST_CASE("lease hook: a daemon that hangs is waited for 3 s, one that is gone not at all") {
  if (cannotRun()) return;
  Segment segment;
  const auto& server = addServer(segment);
  kill(server.pid(), SIGSTOP);
  const auto begin = std::chrono::steady_clock::now();
  const auto hung = callHook(segment, server, "init");
  const auto waited = std::chrono::steady_clock::now() - begin;
  CHECK(hung.status == 1);
  CHECK(hung.text.starts_with("cluster-lab-lease: ask cluster-labd: "));
  CHECK(waited > 2900ms);
  CHECK(waited < patiently(4s));

  std::filesystem::remove(segment.folderOf(1) / "dhcp-server.sock");
  CHECK(callHook(segment, server, "init").status == 1);
  CHECK(std::chrono::steady_clock::now() - begin < patiently(5s));
}
