#include "config/values.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::config {

using namespace std::chrono_literals;

TEST_CASE("values: a duration may have a unit, and has its key's without one") {
  auto into = 0ms;
  CHECK(readDuration("500", 0ms, 10s, into));
  CHECK(into == 500ms);
  CHECK(readDuration("2 s", 0ms, 10s, into));
  CHECK(into == 2000ms);
  auto whole = 0s;
  CHECK(readDuration("90", 0s, 48h, whole));
  CHECK(whole == 90s);
  CHECK(readDuration("5min", 0s, 48h, whole));
  CHECK(whole == 300s);
  CHECK(readDuration("2h", 0s, 48h, whole));
  CHECK(whole == 7200s);
}

TEST_CASE("values: a duration out of its range, with a wrong unit or broken seconds is refused") {
  auto into = 7ms;
  for (const auto* text : {"", "ms", "-1", "1.5s", "11s", "5 m", "99999999999999999999"}) {
    INFO(text);
    const auto read = readDuration(text, 0ms, 10s, into);
    REQUIRE_FALSE(read);
    CHECK(read.error().message == "expected 0 ms to 10000 ms");
    CHECK(into == 7ms);
  }
  auto whole = 1s;
  CHECK_FALSE(readDuration("1500ms", 1s, 10s, whole));
}

TEST_CASE("values: a switch knows the usual words") {
  bool into = false;
  CHECK(readSwitch("on", into));
  CHECK(into);
  CHECK(readSwitch("no", into));
  CHECK_FALSE(into);
  CHECK(readSwitch("maybe", into).error().message == "expected yes or no");
  CHECK_FALSE(readSwitch("", into));
}

TEST_CASE(
    "values: the registry is kept on the card or in etcd, which has an odd number of members") {
  bool inEtcd = false;
  CHECK(readStore("etcd", inEtcd));
  CHECK(inEtcd);
  CHECK(readStore("embedded", inEtcd));
  CHECK_FALSE(inEtcd);
  CHECK(readStore("consul", inEtcd).error().message == "expected embedded or etcd");
  unsigned members = 0;
  CHECK(readMembers("5", members));
  CHECK(members == 5);
  for (const auto* wrong : {"0", "2", "7", "", "33"}) CHECK_FALSE(readMembers(wrong, members));
}

TEST_CASE("values: labels add up, and a later one of the same name wins") {
  std::map<std::string, std::string> into;
  CHECK(readLabel("size=big", into));
  CHECK(readLabel("rack = 2", into));
  CHECK(readLabel("size=a=b", into));
  CHECK(into == std::map<std::string, std::string>{{"rack", "2"}, {"size", "a=b"}});
  CHECK_FALSE(readLabel("size", into));
  CHECK_FALSE(readLabel("=big", into));
  CHECK_FALSE(readLabel("a b=c", into));
}

TEST_CASE("values: an interface name is what the kernel takes") {
  std::string into;
  CHECK(readInterface("enxb827eb123456", into));
  for (const auto* text : {"", ".", "..", "a/b", "eth 0", "eth0:1", "sixteen-letters-"}) {
    INFO(text);
    CHECK_FALSE(readInterface(text, into));
  }
}

TEST_CASE("values: a link id is auto or a number that fits a VXLAN") {
  std::uint32_t id = 5;
  bool isAuto = false;
  CHECK(readLinkId("auto", id, isAuto));
  CHECK(isAuto);
  CHECK(id == 5);
  CHECK(readLinkId("16777215", id, isAuto));
  CHECK_FALSE(isAuto);
  CHECK(id == 16777215);
  CHECK_FALSE(readLinkId("0", id, isAuto));
  CHECK_FALSE(readLinkId("16777216", id, isAuto));
}

TEST_CASE("values: names of clusters, nodes and datacenters are checked") {
  std::string into = "kept";
  CHECK_FALSE(readHostLabel("", into));
  CHECK_FALSE(readHostLabel("-a", into));
  CHECK_FALSE(readHostLabel("a_b", into));
  CHECK_FALSE(readDatacenter("a.b", into));
  CHECK(into == "kept");
  CHECK(readDatacenter("dc_1", into));
  CHECK(readOptionalHostLabel("", into));
  CHECK(into.empty());
}

TEST_CASE("values: ports, counts and paths say what they expect") {
  std::uint16_t port = 0;
  unsigned count = 0;
  std::filesystem::path path;
  CHECK(readPort("0", port).error().message == "expected a port number from 1 to 65535");
  CHECK(readCount("11", 1, 10, count).error().message == "expected a whole number from 1 to 10");
  CHECK(readPath("var", path).error().message == "expected a path that begins with /");
}

TEST_CASE("values: DNS servers are addresses, their port 53 unless given") {
  std::vector<std::string> into;
  CHECK(readServers("192.0.2.1, 192.0.2.2:5353", into));
  CHECK(into == std::vector<std::string>{"192.0.2.1:53", "192.0.2.2:5353"});
  for (const auto* text : {"dns.example.org", "192.0.2.1:0", "192.0.2.1,", ":53"}) {
    INFO(text);
    CHECK_FALSE(readServers(text, into));
    CHECK(into.size() == 2);
  }
  CHECK(readServers(" ", into));
  CHECK(into.empty());
}

TEST_CASE("values: host names are kept in lower case") {
  std::vector<std::string> into;
  CHECK(readHostNames("Pi.Example.org,board", into));
  CHECK(into == std::vector<std::string>{"pi.example.org", "board"});
  CHECK_FALSE(readHostNames("a b", into));
  CHECK_FALSE(readHostNames("a..b", into));
}

}  // namespace cluster_lab::config
