#include "cli/dependencies.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace cluster_lab::cli {
namespace {

Need needOf(LinkKind kind, std::string_view name) {
  const auto all = dependencies(kind);
  return std::ranges::find(all, name, &Dependency::name)->need;
}

std::vector<DependencyState> twoOf(bool required, bool optional) {
  Dependency dnsmasq{
      .name = "dnsmasq", .purpose = "DHCP server", .package = "dnsmasq-base", .version = {}};
  Dependency haproxy{.name = "haproxy",
                     .purpose = "traffic",
                     .need = Need::Optional,
                     .package = "haproxy",
                     .version = {}};
  return {{dnsmasq, required, required ? "2.90" : ""}, {haproxy, optional, ""}};
}

}  // namespace

TEST_CASE("dependencies: the module that is required is the one of the link's kind") {
  CHECK(needOf(LinkKind::Vlan, "8021q") == Need::Required);
  CHECK(needOf(LinkKind::Vlan, "vxlan") == Need::Optional);
  CHECK(needOf(LinkKind::Vxlan, "vxlan") == Need::Required);
  CHECK(needOf(LinkKind::None, "8021q") == Need::Optional);
  CHECK(needOf(LinkKind::None, "dnsmasq") == Need::Required);
}

TEST_CASE("dependencies: versions are found in what programs print") {
  CHECK(versionIn("Dnsmasq version 2.90  Copyright (c) 2000-2024 Simon Kelley") == "2.90");
  CHECK(versionIn("BusyBox v1.35.0 (Debian 1:1.35.0-4+b3) multi-call binary.") == "1.35.0");
  CHECK(versionIn("Docker version 20.10.24+dfsg1, build 297e128") == "20.10.24+dfsg1");
  CHECK(versionIn("HAProxy version 2.6.12-1+deb12u1 2023/12/16") == "2.6.12-1+deb12u1");
  CHECK(versionIn("etcd Version: 3.4.23\nGit SHA: Not provided") == "3.4.23");
  CHECK(versionIn("usage: none").empty());
}

TEST_CASE("dependencies: only a required one that is missing is wrong") {
  CHECK(allRequiredFound(twoOf(true, false)));
  CHECK_FALSE(allRequiredFound(twoOf(false, true)));
}

TEST_CASE("dependencies: the table tells what to install") {
  CHECK(renderDependencies(twoOf(true, false), Style(false)) ==
        "NAME     FOUND    NEEDED    FOR          WHAT TO DO\n"
        "dnsmasq  2.90     yes       DHCP server\n"
        "haproxy  missing  optional  traffic      apt install haproxy\n");
}

TEST_CASE("dependencies: as JSON") {
  CHECK(dependenciesJson(twoOf(true, false)).find(R"("found": false,
    "version": "",
    "package": "haproxy")") != std::string::npos);
}

}  // namespace cluster_lab::cli
