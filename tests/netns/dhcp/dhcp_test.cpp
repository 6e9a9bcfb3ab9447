// dhcp::DhcpServer and dhcp::DhcpClient with the real dnsmasq and udhcpc on a real bridge.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <set>

extern "C" {  // glibc 2.36 leaves that out
#include <sys/pidfd.h>
}

#include "dhcp_node.hpp"
#include "segment.hpp"

using namespace cluster_lab::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kLeaderAddress = "ip address add 192.168.200.1/24 dev eth0";
constexpr auto kNoLeaderAddress = "ip address del 192.168.200.1/24 dev eth0";
constexpr auto kHundred = "192.168.200.101-192.168.200.200";

Node& addServer(Segment& segment, const std::string& range = kHundred, bool nodesOnly = false) {
  return segment.add([=](const auto& folder, int orders, int events) {
    return serverNode(range, nodesOnly, folder, orders, events);
  });
}

Node& addClient(Segment& segment) {
  return segment.add(clientNode);
}

/// A node that serves from here on; `leases` as for the order "start".
void lead(Node& server, const std::string& leases = {}) {
  REQUIRE(server.run(kLeaderAddress) == 0);
  server.order("start " + leases);
  REQUIRE(server.hear("done", 2s));
}

/// The address that the client is told next.
std::string address(Node& client, std::chrono::milliseconds patience = 2s) {
  const auto bound = client.hear("bound ", patience);
  REQUIRE(bound);
  CHECK(bound->ends_with("/24 192.168.200.1"));
  return bound->substr(6, bound->find('/') - 6);
}

std::string startAndAddress(Node& client) {
  client.order("start");
  return address(client);
}

/// A DHCP server that is none of ours and names itself 10.99.0.1.
void addForeignServer(Segment& segment) {
  const auto& node = segment.add([](const auto&, int, int) {
    execlp("dnsmasq", "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0",
           "--bind-dynamic", "--listen-address=10.99.0.1", "--dhcp-range=10.99.0.100,10.99.0.150",
           "--no-ping", "--leasefile-ro", "--pid-file=", "--user=root", "--log-facility=/dev/null",
           nullptr);
    return 1;
  });
  REQUIRE(node.run("ip address add 10.99.0.1/24 dev eth0") == 0);
}

/// Waits until there is no such process any more.
bool ends(pid_t pid, std::chrono::milliseconds patience) {
  pollfd process{pidfd_open(pid, 0), POLLIN, 0};
  // EINVAL: it is just being reaped (pidfd_open(2)).
  if (process.fd < 0) return errno == ESRCH || errno == EINVAL;
  const bool ended = poll(&process, 1, static_cast<int>(patience.count())) == 1;
  close(process.fd);
  return ended;
}

/// Holds a port of this machine, of all its addresses.
void takePort(int type, std::uint16_t port) {
  const int port_holder = socket(AF_INET, type, 0);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_port = htons(port);
  if (bind(port_holder, reinterpret_cast<sockaddr*>(&any), sizeof(any)) != 0) _exit(76);
  if (type == SOCK_STREAM && listen(port_holder, 1) != 0) _exit(77);
}

}  // namespace

TEST_CASE("dhcp: a follower has an address within 2 s, and the leader knows it") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  lead(server);
  const auto given = startAndAddress(client);
  CHECK(given.starts_with("192.168.200.1"));
  CHECK(server.hear("lease " + Segment::macOf(2) + ' ' + given + " pi-2", 2s));
  CHECK_FALSE(client.hasTold("failed"));
  CHECK_FALSE(server.hasTold("failed"));
}

TEST_CASE("dhcp: the leader has an address out of the range that nobody else gets") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment, "192.168.200.101-192.168.200.102");
  auto& client = addClient(segment);
  lead(server);
  server.order("own " + Segment::macOf(1));
  const auto own = server.hear("own ", 2s);
  REQUIRE(own);
  CHECK(startAndAddress(client) != own->substr(4));
}

TEST_CASE("dhcp: a client that starts again has the same address") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  lead(server);
  const auto given = startAndAddress(client);
  client.order("stop");
  CHECK(startAndAddress(client) == given);
}

TEST_CASE("dhcp: a udhcpc that dies is started again and its address is kept meanwhile") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  lead(server);
  startAndAddress(client);
  const auto child = client.child("udhcpc");
  REQUIRE(child);
  kill(*child, SIGKILL);
  CHECK(client.hear("failed", 2s));
  CHECK(client.newChild("udhcpc", *child, 2s));
  CHECK_FALSE(client.hear("lost", 500ms));
}

TEST_CASE("dhcp: leases handed over outlive the server, on this node and on another") {
  if (cannotRun()) return;
  Segment segment;
  auto& first = addServer(segment);
  auto& second = addServer(segment);
  auto& client = addClient(segment);
  lead(first);
  const auto given = startAndAddress(client);
  const auto lease = Segment::macOf(3) + '=' + given;

  first.order("stop");
  REQUIRE(first.hear("done", 2s));
  first.order("start " + lease);
  CHECK(startAndAddress(client) == given);

  first.order("stop");
  REQUIRE(first.hear("done", 2s));
  REQUIRE(first.run(kNoLeaderAddress) == 0);
  lead(second, lease);
  CHECK(startAndAddress(client) == given);
  auto& other = addClient(segment);
  CHECK(startAndAddress(other) != given);
}

TEST_CASE("dhcp: a client asks for the address it had last, and gets it where it is free") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  lead(server);
  client.order("start 192.168.200.177");
  CHECK(address(client) == "192.168.200.177");
}

TEST_CASE("dhcp: an exhausted range is told on both sides and ends when a lease is released") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment, "192.168.200.101-192.168.200.102");
  auto& first = addClient(segment);
  auto& second = addClient(segment);
  lead(server);
  server.order("own " + Segment::macOf(1));
  const auto given = startAndAddress(first);
  first.order("stop");
  second.order("start");
  CHECK(server.hear("exhausted", 3s));
  CHECK(second.hear("no answer", 6s));
  server.order("release " + Segment::macOf(2));
  CHECK(server.hear("released " + Segment::macOf(2), 2s));
  CHECK(address(second, 6s) == given);
}

TEST_CASE("dhcp: nobody there is told, and the client takes the first that comes") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  client.order("start");
  CHECK(client.hear("no answer", 6s));
  lead(server);
  CHECK(client.hear("bound", 6s));
}

TEST_CASE("dhcp: twenty that ask at once have twenty addresses") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  lead(server);
  std::vector<Node*> clients;
  for (int count = 0; count < 20; ++count) clients.push_back(&addClient(segment));
  for (auto* client : clients) client->order("start");
  std::set<std::string> given;
  for (auto* client : clients) given.insert(address(*client, 10s));
  CHECK(given.size() == 20);
  for (std::size_t count = 0; count < given.size(); ++count) CHECK(server.hear("lease ", 5s));
}

TEST_CASE("dhcp: the leader address counts also where it is not the link's first") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  REQUIRE(server.run("ip address add 192.168.200.150/24 dev eth0") == 0);
  lead(server);
  startAndAddress(client);
}

TEST_CASE("dhcp: a hung leader that lost the leader address answers nobody") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  REQUIRE(server.run("ip address add 192.168.200.150/24 dev eth0") == 0);
  lead(server);
  startAndAddress(client);
  kill(server.pid(), SIGSTOP);
  REQUIRE(server.run(kNoLeaderAddress) == 0);
  REQUIRE(server.child("dnsmasq"));
  client.order("start");
  CHECK(client.hear("no answer", 6s));
}

TEST_CASE("dhcp: a dnsmasq that dies comes back with the leases") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  lead(server);
  const auto given = startAndAddress(client);
  const auto child = server.child("dnsmasq");
  REQUIRE(child);
  kill(*child, SIGKILL);
  CHECK(server.hear("failed", 2s));
  CHECK(server.newChild("dnsmasq", *child, 2s));
  CHECK(startAndAddress(client) == given);
}

TEST_CASE("dhcp: a daemon that is killed takes dnsmasq and udhcpc with it") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  lead(server);
  startAndAddress(client);
  const auto dnsmasq = server.child("dnsmasq");
  const auto udhcpc = client.child("udhcpc");
  REQUIRE(dnsmasq);
  REQUIRE(udhcpc);
  kill(server.pid(), SIGKILL);
  kill(client.pid(), SIGKILL);
  CHECK(ends(*dnsmasq, 2s));
  CHECK(ends(*udhcpc, 2s));
}

TEST_CASE("dhcp: an address of a foreign server is not taken, and the leader's is found") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment);
  auto& client = addClient(segment);
  addForeignServer(segment);
  client.order("start");
  CHECK(client.hear("foreign 10.99.0.1", 5s));
  CHECK_FALSE(client.hasTold("bound"));
  lead(server);
  address(client, 3s);
}

TEST_CASE("dhcp: the leader notices that its clients take another server's offers") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment, "192.168.200.101-192.168.200.101");
  auto& client = addClient(segment);
  lead(server);
  server.order("own " + Segment::macOf(1));  // so that it has nothing to offer
  REQUIRE(server.hear("own", 2s));
  addForeignServer(segment);
  client.order("start");
  CHECK(server.hear("other server", 5s));
}

TEST_CASE("dhcp: on somebody's LAN only nodes are answered") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = addServer(segment, kHundred, true);
  auto& client = addClient(segment);
  lead(server);
  startAndAddress(client);
  client.order("stop");
  const auto plain = "udhcpc -q -n -f -i eth0 -s /bin/true -t 2 -T 1 -A 1 2>/dev/null";
  CHECK(client.run(plain) != 0);
}

TEST_CASE("dhcp: a port that another program holds is told with the remedy") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = segment.add([](const auto& folder, int orders, int events) {
    takePort(SOCK_DGRAM, 67);
    return serverNode(kHundred, false, folder, orders, events);
  });
  lead(server);
  const auto failed = server.hear("failed", 2s);
  REQUIRE(failed);
  CHECK(failed->find("Address already in use") != std::string::npos);
  CHECK(failed->find("'ss -ulpn sport = :67' names it") != std::string::npos);
}

TEST_CASE("dhcp: goes on where another program of the leader serves DNS") {
  if (cannotRun()) return;
  Segment segment;
  auto& server = segment.add([](const auto& folder, int orders, int events) {
    takePort(SOCK_DGRAM, 53);
    takePort(SOCK_STREAM, 53);
    return serverNode(kHundred, false, folder, orders, events);
  });
  auto& client = addClient(segment);
  lead(server);
  const auto failed = server.hear("failed", 2s);
  REQUIRE(failed);
  CHECK(failed->find("another DNS server holds port 53") != std::string::npos);
  CHECK_FALSE(startAndAddress(client).empty());
}
