#include "config/sources.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

namespace cluster_lab::config {
namespace {

std::string golden(const std::string& name) {
  std::ifstream file(CLUSTER_LAB_SOURCE_DIR "/tests/golden/config/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("sources: a file gives keys with their lines") {
  const auto source = parseFile("# comment\n\nlink.kind = vxlan # why\n  link.parent=wlan0\n", "a");
  CHECK(source.errors.empty());
  REQUIRE(source.entries.size() == 2);
  CHECK(source.entries[0].key == "link.kind");
  CHECK(source.entries[0].text == "vxlan");
  CHECK(source.entries[0].origin == "a:3");
  CHECK(source.entries[1].text == "wlan0");
  CHECK(source.entries[1].origin == "a:4");
}

TEST_CASE("sources: a file written on Windows reads as any other") {
  const auto source = parseFile("\xEF\xBB\xBFlink.kind = vxlan\r\n\r\nnode.name = pi-1\r\n", "a");
  CHECK(source.errors.empty());
  REQUIRE(source.entries.size() == 2);
  CHECK(source.entries[0].text == "vxlan");
  CHECK(source.entries[1].text == "pi-1");
  CHECK(source.entries[1].origin == "a:3");
}

TEST_CASE("sources: an unknown key names its line and the key that was probably meant") {
  const auto source = parseFile("\nlink.knd = vlan\n", "/etc/x.conf");
  REQUIRE(source.errors.size() == 1);
  CHECK(source.errors[0] == "/etc/x.conf:2: unknown key 'link.knd': did you mean 'link.kind'?");
}

TEST_CASE("sources: every bad line is told, not only the first") {
  const auto source =
      parseFile("link.kind\n[link]\nnonsense = 1\n= 5\nlink.kind = vlan\nlink.kind = none\n", "f");
  REQUIRE(source.errors.size() == 5);
  CHECK(source.errors[0] == "f:1: 'link.kind': expected key = value");
  CHECK(source.errors[1] ==
        "f:2: sections are not known here: write the whole key, as in 'link.kind = vlan'");
  CHECK(source.errors[2].starts_with("f:3: unknown key 'nonsense'"));
  CHECK(source.errors[3].starts_with("f:4: "));
  CHECK(source.errors[4] == "f:6: link.kind is given again, it is at f:5 already");
}

TEST_CASE("sources: node.label may be given again") {
  const auto source = parseFile("node.label = a=1\nnode.label = b=2\n", "f");
  CHECK(source.errors.empty());
  REQUIRE(source.entries.size() == 2);
  CHECK(source.entries[1].text == "b=2");
}

TEST_CASE("sources: the command line takes keys with = and with a blank") {
  const auto line =
      parseCommandLine({"--link.kind=vxlan", "--node.name", "pi-1", "--debug", "--node.label=a=1",
                        "--node.label=b=2", "--config", "x.conf", "--config=y.conf"});
  CHECK(line.source.errors.empty());
  CHECK(line.request == Request::Run);
  REQUIRE(line.source.entries.size() == 5);
  CHECK(line.source.entries[0].text == "vxlan");
  CHECK(line.source.entries[0].origin == "command line");
  CHECK(line.source.entries[1].text == "pi-1");
  CHECK(line.source.entries[2].text == "yes");
  CHECK(line.files == std::vector<std::filesystem::path>{"x.conf", "y.conf"});
}

TEST_CASE("sources: a wrong command line names what it does not understand") {
  const auto line = parseCommandLine({"--link.knd=vlan", "stray", "--check-config"});
  REQUIRE(line.source.errors.size() == 2);
  CHECK(line.source.errors[0] ==
        "command line: unknown key '--link.knd': did you mean '--link.kind'?");
  CHECK(line.source.errors[1] == "command line: unexpected 'stray'");
  CHECK(line.request == Request::CheckConfiguration);
  CHECK(parseCommandLine({"--link.kind"}).source.errors.size() == 1);
  CHECK(parseCommandLine({"--link.kin=vlan"}).source.errors.size() == 1);
}

TEST_CASE("sources: --help shows every key") {
  CHECK(helpText() == golden("help.txt"));
}

}  // namespace cluster_lab::config
