// election::ElectionService and election::AddressCheck with real sockets on a real bridge.
#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "election_node.hpp"
#include "netns/dhcp/segment.hpp"

using namespace cluster_lab::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kHoldsLeaderAddress = "ip -4 address show dev eth0 | grep -q 192.168.200.1/24";

Node& addNode(Segment& segment, int number) {
  return segment.add([number](const auto& folder, int /*orders*/, int events) {
    return electionNode(number, folder, events);
  });
}

bool holdsLeaderAddress(const Node& node) {
  return node.run(kHoldsLeaderAddress) == 0;
}

std::string storedTerm(const Segment& segment, std::size_t number) {
  std::ifstream file(segment.folderOf(number) / "term");
  std::string term;
  std::getline(file, term);
  return term;
}

}  // namespace

TEST_CASE("election: the first node leads and holds the address, the second follows it") {
  if (cannotRun()) return;
  Segment segment;
  auto& first = addNode(segment, 1);
  REQUIRE(first.hear("leading", 5s));
  CHECK(holdsLeaderAddress(first));
  CHECK(storedTerm(segment, 1) == "1");
  auto& second = addNode(segment, 2);
  CHECK(second.hear("following pi-1", 5s));
  CHECK_FALSE(holdsLeaderAddress(second));
}

TEST_CASE("election: when the leader leaves properly the other leads within 1.5 s") {
  if (cannotRun()) return;
  Segment segment;
  auto& first = addNode(segment, 1);
  REQUIRE(first.hear("leading", 5s));
  auto& second = addNode(segment, 2);
  REQUIRE(second.hear("following", 5s));
  kill(first.pid(), SIGTERM);
  CHECK(second.hear("leading", 1500ms));
  CHECK(holdsLeaderAddress(second));
  CHECK(storedTerm(segment, 2) == "2");
}

TEST_CASE("election: the successor that a leader names leads at once, without probing") {
  if (cannotRun()) return;
  Segment segment;
  auto& first = addNode(segment, 1);
  REQUIRE(first.hear("leading", 5s));
  auto& second = addNode(segment, 2);
  REQUIRE(second.hear("following", 5s));
  kill(first.pid(), SIGUSR1);
  CHECK(second.hear("", 1500ms) == "leading");  // the next that it tells
  CHECK(holdsLeaderAddress(second));
}

TEST_CASE("election: a leader that hangs loses the address, and follows when it goes on") {
  if (cannotRun()) return;
  Segment segment;
  auto& first = addNode(segment, 1);
  REQUIRE(first.hear("leading", 5s));
  auto& second = addNode(segment, 2);
  REQUIRE(second.hear("following", 5s));
  kill(first.pid(), SIGSTOP);
  REQUIRE(second.hear("leading", 7s));
  CHECK_FALSE(holdsLeaderAddress(first));
  kill(first.pid(), SIGCONT);
  CHECK(first.hear("following pi-2", 5s));
  CHECK_FALSE(second.hasTold("joining pi-1"));
  CHECK(holdsLeaderAddress(second));
}

TEST_CASE("election: a stranger on the address is told, and left alone") {
  if (cannotRun()) return;
  Segment segment;
  auto& stranger = segment.add([](const auto&, int, int) {
    pause();
    return 0;
  });
  REQUIRE(stranger.run("ip address add 192.168.200.1/24 dev eth0") == 0);
  auto& node = addNode(segment, 2);
  CHECK(node.hear("problem stranger", 5s));
  CHECK_FALSE(holdsLeaderAddress(node));
  REQUIRE(stranger.run("ip address del 192.168.200.1/24 dev eth0") == 0);
  CHECK(node.hear("leading", 8s));
}

TEST_CASE("address check: an address is free until somebody has it") {
  if (cannotRun()) return;
  Segment segment;
  auto& early = segment.add([](const auto&, int, int events) { return checkingNode(events); });
  CHECK(early.hear("free", 5s));
  auto& leader = addNode(segment, 2);
  REQUIRE(leader.hear("leading", 5s));
  auto& late = segment.add([](const auto&, int, int events) { return checkingNode(events); });
  CHECK(late.hear("taken 02:00:00:00:00:02", 5s));
}
