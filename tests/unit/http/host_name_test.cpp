#include "http/host_name.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::http {
namespace {

const HostNames kNames({"pi-1.example.org", "Registry.Example.com"});

std::optional<Response> refusalOf(const std::string& method, const std::string& host,
                                  const std::string& origin = "") {
  Request request;
  request.method = method;
  request.headers = {{"Host", host}};
  if (!origin.empty()) request.headers.emplace_back("Origin", origin);
  return kNames.refusal(request);
}

}  // namespace

TEST_CASE("host name: addresses and names that nobody on the Internet has are accepted") {
  for (const auto* host : {"", "192.168.200.1", "127.0.0.1:8500", "[::1]", "[fe80::1%25eth0]:8500",
                           "localhost:8500", "pi-1", "PI-1:8500", "pi-1.local", "pi-1.local.:8500",
                           "pi-1.lan", "nas.home", "pi-1.home.arpa", "host.docker.internal",
                           "pi-1.node.consul", "consul.service.dc1.consul"}) {
    INFO(host);
    CHECK(kNames.accepts(host));
  }
}

TEST_CASE("host name: our own and configured names are accepted in any case") {
  CHECK(kNames.accepts("pi-1.example.org:8500"));
  CHECK(kNames.accepts("registry.EXAMPLE.com."));
}

TEST_CASE("host name: other names are refused, and the text says what to configure") {
  for (const auto* host : {"evil.example.net", "evil.example.net:8500", "pi-2.example.org",
                           "127.0.0.1.nip.io", "x.local.example.net", "1.2.3", "notlocal.com"}) {
    INFO(host);
    CHECK_FALSE(kNames.accepts(host));
  }
  const auto refusal = refusalOf("GET", "evil.example.net:8500");
  REQUIRE(refusal);
  CHECK(refusal->status == 403);
  CHECK(refusal->body.find("registry.host-names") != std::string::npos);
}

TEST_CASE("host name: a page from another host may read and not change") {
  CHECK_FALSE(refusalOf("PUT", "pi-1:8500"));
  CHECK_FALSE(refusalOf("PUT", "pi-1:8500", "http://PI-1:8500"));
  CHECK_FALSE(refusalOf("GET", "pi-1:8500", "http://evil.example.net"));
  for (const auto* origin :
       {"http://evil.example.net", "http://pi-1", "http://pi-1:8080", "null"}) {
    INFO(origin);
    CHECK(refusalOf("PUT", "pi-1:8500", origin)->status == 403);
    CHECK(refusalOf("DELETE", "pi-1:8500", origin)->status == 403);
  }
}

}  // namespace cluster_lab::http
