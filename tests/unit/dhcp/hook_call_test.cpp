#include "dhcp/hook_call.hpp"

#include <doctest/doctest.h>

using namespace cluster_lab;
using namespace cluster_lab::dhcp;

namespace {

using Server = ServerEvent::Kind;
using Client = ClientEvent::Kind;

const Lease kLease{{{0xb8, 0x27, 0xeb, 0, 0, 1}}, Ipv4(0xC0A8C865), "pi-1"};

/// As dnsmasq calls its script when a lease goes.
HookCall gone(const std::string& expires, const std::string& now) {
  return {{"del", "b8:27:eb:00:00:01", "192.168.200.101", "pi-1"},
          {{"DNSMASQ_LEASE_EXPIRES", expires}, {kNowVariable, now}}};
}

/// As udhcpc calls its script when it has a lease.
HookCall bound() {
  return {{"bound"},
          {{"ip", "192.168.200.101"},
           {"mask", "24"},
           {"serverid", "192.168.200.1"},
           {"lease", "3600"}}};
}

}  // namespace

TEST_CASE("hook: a call comes over whole") {
  const HookCall call{{"add", "b8:27:eb:00:00:01", "192.168.200.101", "two words"},
                      {{"ip", ""}, {"lease", "a=b"}}};
  CHECK(decodeHookCall(encode(call)).value() == call);
  CHECK(decodeHookCall(encode(HookCall{})).value() == HookCall{});
}

TEST_CASE("hook: a line end in a value cannot make a line of its own") {
  const auto call =
      decodeHookCall(encode(HookCall{{"add\nargument x"}, {{"ip", "1\nvariable a=b"}}}));
  CHECK(call.value() == HookCall{{"add argument x"}, {{"ip", "1 variable a=b"}}});
}

TEST_CASE("hook: a message that is no call is an error that shows the line") {
  for (const auto* message : {"hello", "variable nothing", "argument a\nx=y"}) {
    const auto call = decodeHookCall(message);
    REQUIRE_FALSE(call);
    CHECK(call.error().code == ErrorCode::InvalidArgument);
  }
}

TEST_CASE("hook: an answer comes over whole") {
  for (const auto& answer :
       {HookAnswer{true, "0 a b * *\n"}, HookAnswer{false, "why\nso"}, HookAnswer{}}) {
    CHECK(decodeHookAnswer(encode(answer)).value() == answer);
  }
  CHECK_FALSE(decodeHookAnswer("okay"));
  CHECK_FALSE(decodeHookAnswer(""));
}

TEST_CASE("hook: dnsmasq's add and old are leases that stand") {
  for (const auto* action : {"add", "old"}) {
    const HookCall call{{action, "b8:27:eb:00:00:01", "192.168.200.101", "pi-1"}, {}};
    CHECK(readServerEvent(call).value() == ServerEvent{Server::Given, kLease});
  }
}

TEST_CASE("hook: the name that the client said goes before the one that dnsmasq made of it") {
  const HookCall cloned{{"old", "b8:27:eb:00:00:01", "192.168.200.101"},
                        {{"DNSMASQ_SUPPLIED_HOSTNAME", "pi-1"}}};
  CHECK(readServerEvent(cloned).value() == ServerEvent{Server::Given, kLease});
  const HookCall odd{{"add", "b8:27:eb:00:00:01", "192.168.200.101", "no name!"}, {}};
  CHECK(readServerEvent(odd)->lease.hostName.empty());
}

TEST_CASE("hook: a lease that the clock ended is told apart from one that was given back") {
  CHECK(readServerEvent(gone("1000", "1000")).value() == ServerEvent{Server::Expired, kLease});
  CHECK(readServerEvent(gone("3600", "1795238152")).value().kind == Server::Expired);
  CHECK(readServerEvent(gone("1001", "1000")).value() == ServerEvent{Server::Freed, kLease});
  CHECK(readServerEvent(gone("0", "1000")).value().kind == Server::Freed);
  CHECK(readServerEvent(gone("", "1000")).value().kind == Server::Expired);
}

TEST_CASE("hook: init asks for the leases, and what is not ours is let pass") {
  CHECK(readServerEvent({{"init"}, {}})->kind == Server::Init);
  CHECK(readServerEvent({{"tftp", "1", "2", "3"}, {}})->kind == Server::Other);
  CHECK(readServerEvent({})->kind == Server::Other);
}

TEST_CASE("hook: a lease event without MAC or address is an error") {
  CHECK_FALSE(readServerEvent({{"add", "b8:27:eb:00:00:01"}, {}}));
  CHECK_FALSE(readServerEvent({{"add", "06-01:23:45:67:89:ab", "192.168.200.101"}, {}}));
  CHECK_FALSE(readServerEvent({{"add", "b8:27:eb:00:00:01", "fe80::1"}, {}}));
}

TEST_CASE("hook: udhcpc's bound and renew carry the lease") {
  auto call = bound();
  const ClientEvent event{Client::Bound, Ipv4(0xC0A8C865), 24, Ipv4(0xC0A8C801),
                          std::chrono::seconds(3600)};
  CHECK(readClientEvent(call).value() == event);
  call.arguments = {"renew"};
  CHECK(readClientEvent(call)->kind == Client::Renew);
}

TEST_CASE("hook: a server that does not say who it is, is nobody") {
  auto call = bound();
  call.environment.erase("serverid");
  CHECK(readClientEvent(call)->server.isNone());
}

TEST_CASE("hook: a lease without address or mask is an error") {
  auto without_address = bound();
  without_address.environment.erase("ip");
  CHECK_FALSE(readClientEvent(without_address));
  auto odd_mask = bound();
  odd_mask.environment["mask"] = "255.255.255.0";
  CHECK_FALSE(readClientEvent(odd_mask));
}

TEST_CASE("hook: udhcpc's other words") {
  CHECK(readClientEvent({{"deconfig"}, {}})->kind == Client::Deconfig);
  CHECK(readClientEvent({{"nak"}, {}})->kind == Client::Nak);
  CHECK(readClientEvent({{"leasefail"}, {}})->kind == Client::NoAnswer);
  CHECK(readClientEvent({})->kind == Client::Other);
}
