// What is expected here is what Consul 1.8.7 answered about the same nodes and services, but where
// a case says otherwise.
#include "dns/answer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "example.hpp"

namespace cluster_lab::dns {

using test::ask;
using test::Lines;
using test::show;
using wire::DnsRcode;
using wire::DnsType;

namespace {

constexpr auto kMx = static_cast<DnsType>(15);

Lines answers(std::string_view name, DnsType type = DnsType::A) {
  const auto reply = ask(name, type);
  CHECK(reply.message.rcode == DnsRcode::NoError);
  CHECK(reply.message.authoritative);
  for (const auto& record : reply.message.answers) CHECK(record.ttl == 0);
  return show(reply.message.answers);
}

Lines additionals(std::string_view name, DnsType type) {
  return show(ask(name, type).message.additionals);
}

const Lines kAuthority = {"consul. SOA ns.consul. hostmaster.consul. 1"};

bool isUnknown(std::string_view name, DnsType type = DnsType::A) {
  const auto message = ask(name, type).message;
  return message.rcode == DnsRcode::NxDomain && message.authoritative && message.answers.empty() &&
         show(message.authorities) == kAuthority;
}

/// The name exists, without records of that type. Only of services Consul says so with a SOA.
bool isEmpty(std::string_view name, DnsType type) {
  const auto message = ask(name, type).message;
  const bool isService = name.find("service") != std::string_view::npos;
  return message.rcode == DnsRcode::NoError && message.authoritative && message.answers.empty() &&
         show(message.authorities) == (isService ? kAuthority : Lines{});
}

Lines metaOf(const std::string& name, const std::string& size) {
  Lines lines = {name + " TXT \"cluster-lab-mac=00:00:00:00:00:00\"",
                 name + " TXT \"cluster-lab-role=follower\"",
                 name + " TXT \"cluster-lab-version=1\""};
  if (!size.empty()) lines.push_back(name + " TXT \"size=" + size + "\"");
  return lines;
}

}  // namespace

TEST_CASE("dns: a node's name gives its address, with its meta data beside it") {
  CHECK(answers("pi-2.node.consul") == Lines{"pi-2.node.consul. A 192.168.200.102"});
  CHECK(additionals("pi-2.node.consul", DnsType::A) == metaOf("pi-2.node.consul.", "small"));
  CHECK(answers("pi-2.node.dc1.consul") == Lines{"pi-2.node.dc1.consul. A 192.168.200.102"});
  CHECK(answers("dotted.name.node.consul") == Lines{"dotted.name.node.consul. A 192.168.200.113"});
}

TEST_CASE("dns: names are found in any case, and repeated as they were asked for") {
  CHECK(answers("PI-8.Node.CONSUL") == Lines{"PI-8.Node.CONSUL. A 192.168.200.108"});
  CHECK(answers("BLUE.WEB.service.consul") == Lines{"BLUE.WEB.service.consul. A 192.168.200.102"});
  CHECK(answers("master.db.service.DC1.consul") ==
        Lines{"master.db.service.DC1.consul. A 10.0.0.5"});
}

TEST_CASE("dns: unknown nodes, services, tags, kinds and other datacenters do not exist") {
  for (const auto* name : {"nope.node.consul",
                           "pi-2.node.dc9.consul",
                           "x.pi-2.node.consul",
                           "nope.service.consul",
                           "nope.web.service.consul",
                           "web.service.dc1.dc1.consul",
                           "web.service.dc9.consul",
                           "consul",
                           "node.consul",
                           "service.consul",
                           "node.dc1.consul",
                           "dc1.consul",
                           "foo.consul",
                           "a.b.c.d.consul",
                           "ns.consul",
                           "foo.query.consul",
                           "web.connect.consul",
                           "addr.consul",
                           "_web.service.consul",
                           "_web._tcp.node.consul",
                           "_web._tcp.consul"}) {
    INFO(name);
    CHECK(isUnknown(name));
  }
  CHECK(isUnknown("_nope._tcp.service.consul", DnsType::Srv));
  CHECK(isUnknown("a._web._tcp.service.consul", DnsType::Srv));
  CHECK(isUnknown("consul", DnsType::Any));
}

TEST_CASE("dns: a node has addresses and text, and nothing of other types") {
  CHECK(isEmpty("pi-2.node.consul", DnsType::Aaaa));
  CHECK(isEmpty("pi-2.node.consul", DnsType::Srv));
  CHECK(isEmpty("pi-2.node.consul", kMx));
  CHECK(isEmpty("pi-6.node.consul", DnsType::A));
  CHECK(answers("pi-6.node.consul", DnsType::Aaaa) ==
        Lines{"pi-6.node.consul. AAAA fe800000000000000000000000000006"});
  auto everything = metaOf("pi-2.node.consul.", "small");
  CHECK(answers("pi-2.node.consul", DnsType::Txt) == everything);
  everything.insert(everything.begin(), "pi-2.node.consul. A 192.168.200.102");
  CHECK(answers("pi-2.node.consul", DnsType::Any) == everything);
}

TEST_CASE("dns: meta data are attributes, those called rfc1035-... plain text") {
  const auto lines = answers("pi-1.node.consul", DnsType::Txt);
  const std::set<std::string> found(lines.begin(), lines.end());
  CHECK(found.contains("pi-1.node.consul. TXT \"color=red=1\""));
  CHECK(found.contains("pi-1.node.consul. TXT \"raw value\""));
}

TEST_CASE("dns: a node that is known by a name is an alias of it") {
  for (const auto type : {DnsType::A, DnsType::Aaaa}) {
    const auto reply = ask("pi-7.node.consul", type);
    CHECK(show(reply.message.answers) == Lines{"pi-7.node.consul. CNAME host7.example.org."});
    CHECK(show(reply.outsideAnswers) == Lines{"host7.example.org."});
  }
  CHECK(isEmpty("pi-7.node.consul", DnsType::Cname));
}

TEST_CASE("dns: a service's name gives the addresses of its instances that are not critical") {
  CHECK(answers("web.service.consul") ==
        Lines{"web.service.consul. A 192.168.200.102", "web.service.consul. A 192.168.200.103"});
  CHECK(answers("v1.web.service.dc1.consul").size() == 2);
  CHECK(answers("blue.web.service.consul") == Lines{"blue.web.service.consul. A 192.168.200.102"});
  CHECK(answers("web.service.consul", DnsType::Any).size() == 2);
  CHECK(answers("web.service.consul", DnsType::Txt).size() == 2);
  CHECK(isUnknown("sick.service.consul"));
}

TEST_CASE("dns: instances come in any order") {
  const auto state = test::exampleState();
  std::set<Lines> orders;
  for (const std::uint32_t each : {0U, 1U}) {
    const Chance chance = [each](std::uint32_t bound) { return std::min(each, bound - 1); };
    orders.insert(show(
        answer(state, test::exampleZone(), test::query("web.service.consul", DnsType::A), chance)
            .message.answers));
  }
  CHECK(orders.size() == 2);
}

TEST_CASE("dns: SRV records name nodes, with their addresses and meta data beside them") {
  CHECK(answers("blue.web.service.consul", DnsType::Srv) ==
        Lines{"blue.web.service.consul. SRV 1 1 80 pi-2.node.dc1.consul."});
  auto beside = metaOf("pi-2.node.dc1.consul.", "small");
  beside.insert(beside.begin(), "pi-2.node.dc1.consul. A 192.168.200.102");
  CHECK(additionals("blue.web.service.consul", DnsType::Srv) == beside);
  CHECK(answers("web.service.consul", DnsType::Srv) ==
        Lines{"web.service.consul. SRV 1 1 80 pi-2.node.dc1.consul.",
              "web.service.consul. SRV 1 1 81 pi-3.node.dc1.consul."});
}

TEST_CASE("dns: the weight of an SRV record is that of the instance's health") {
  CHECK(answers("weighted.service.consul", DnsType::Srv) ==
        Lines{"weighted.service.consul. SRV 1 7 9 pi-2.node.dc1.consul.",
              "weighted.service.consul. SRV 1 3 9 pi-3.node.dc1.consul."});
}

TEST_CASE("dns: names after RFC 2782 ask for a service and a tag, of which tcp means any") {
  for (const auto* name :
       {"_web._tcp.service.consul", "_web._v1.service.dc1.consul", "_WEB._TCP.Service.Consul",
        "_web._tcp.consul", "_web._tcp.dc1.consul"}) {
    INFO(name);
    CHECK(answers(name, DnsType::Srv).size() == 2);
  }
  CHECK(answers("_web._blue.service.consul", DnsType::Srv).size() == 1);
  CHECK(answers("_web._tcp.service.consul").size() == 2);
  CHECK(isUnknown("_web._udp.service.consul", DnsType::Srv));
}

TEST_CASE("dns: a service with an address of its own has a name made of it") {
  CHECK(answers("db.service.consul") == Lines{"db.service.consul. A 10.0.0.5"});
  CHECK(answers("db.service.consul", DnsType::Srv) ==
        Lines{"db.service.consul. SRV 1 1 5432 0a000005.addr.dc1.consul."});
  CHECK(additionals("db.service.consul", DnsType::Srv)[0] ==
        "0a000005.addr.dc1.consul. A 10.0.0.5");
  CHECK(isEmpty("db.service.consul", DnsType::Aaaa));
  CHECK(isEmpty("six.service.consul", DnsType::A));
  CHECK(answers("six.service.consul", DnsType::Aaaa) ==
        Lines{"six.service.consul. AAAA fd000000000000000000000000000006"});
  CHECK(answers("six.service.consul", DnsType::Srv) ==
        Lines{"six.service.consul. SRV 1 1 6 fd000000000000000000000000000006.addr.dc1.consul."});
  CHECK(answers("web.service.consul", DnsType::Cname).empty());
}

TEST_CASE("dns: a service with a name for an address is an alias of it") {
  const auto alias = ask("named.service.consul");
  CHECK(show(alias.message.answers) == Lines{"named.service.consul. CNAME www.example.net."});
  CHECK(show(alias.outsideAnswers) == Lines{"www.example.net."});
  const auto target = ask("named.service.consul", DnsType::Srv);
  CHECK(show(target.message.answers) == Lines{"named.service.consul. SRV 1 1 7 www.example.net."});
  CHECK(show(target.outsideAdditionals) == Lines{"www.example.net."});
  CHECK(answers("named2.service.consul") ==
        Lines{"named2.service.consul. CNAME host7.example.org."});
}

TEST_CASE("dns: a name of the registry in place of an address is followed") {
  CHECK(answers("chain.service.consul") == Lines{"chain.service.consul. CNAME pi-2.node.consul.",
                                                 "pi-2.node.consul. A 192.168.200.102"});
  CHECK(answers("chain2.service.consul").size() == 3);
  CHECK(additionals("chain.service.consul", DnsType::Srv)[0] ==
        "pi-2.node.consul. A 192.168.200.102");
  CHECK(answers("chain3.service.consul") ==
        Lines{"chain3.service.consul. CNAME named.service.consul.",
              "named.service.consul. CNAME www.example.net."});
  CHECK(show(ask("chain3.service.consul").outsideAnswers) == Lines{"www.example.net."});
}

TEST_CASE("dns: names that lead in circles are followed three times") {
  CHECK(answers("loop.service.consul").size() == 4);
  CHECK(answers("self.service.consul") == Lines{"self.service.consul. A 192.168.200.108"});
}

TEST_CASE("dns: names of addresses; of the other kind the address is told beside the answer") {
  CHECK(answers("c0a8c866.addr.consul") == Lines{"c0a8c866.addr.consul. A 192.168.200.102"});
  CHECK(answers("C0A8C866.ADDR.dc9.CONSUL") ==
        Lines{"C0A8C866.ADDR.dc9.CONSUL. A 192.168.200.102"});
  CHECK(answers("fd000000000000000000000000000006.addr.dc1.consul", DnsType::Any) ==
        Lines{"fd000000000000000000000000000006.addr.dc1.consul. AAAA "
              "fd000000000000000000000000000006"});
  // As Consul 1.13; 1.8 had the A record for an answer.
  CHECK(isEmpty("c0a8c866.addr.consul", DnsType::Aaaa));
  CHECK(additionals("c0a8c866.addr.consul", DnsType::Aaaa) ==
        Lines{"c0a8c866.addr.consul. A 192.168.200.102"});
  for (const auto* name : {"zz.addr.consul", "c0a8c8.addr.consul"}) {
    CHECK(isEmpty(name, DnsType::A));
  }
  for (const auto* name :
       {"nonsense.addr.consul", "-0a8c866.addr.consul", "a.c0a8c866.addr.consul"}) {
    CHECK(isUnknown(name));
  }
}

TEST_CASE("dns: SOA and NS of any name are those of the zone") {
  for (const auto* name : {"consul", "foo.consul", "pi-1.node.consul"}) {
    const auto soa = ask(name, DnsType::Soa).message;
    CHECK(show(soa.answers) == kAuthority);
    CHECK(soa.authorities.size() == 3);
    const auto servers = ask(name, DnsType::Ns).message;
    CHECK(show(servers.answers) == Lines{"consul. NS pi-1.node.dc1.consul.",
                                         "consul. NS pi-2.node.dc1.consul.",
                                         "consul. NS pi-3.node.dc1.consul."});
    CHECK(show(servers.additionals)[0] == "pi-1.node.dc1.consul. A 192.168.200.101");
  }
}

TEST_CASE("dns: reverse names give nodes, else services") {
  CHECK(answers("102.200.168.192.in-addr.arpa", DnsType::Ptr) ==
        Lines{"102.200.168.192.in-addr.arpa. PTR pi-2.node.dc1.consul."});
  CHECK(answers("108.200.168.192.IN-ADDR.ARPA", DnsType::Any) ==
        Lines{"108.200.168.192.IN-ADDR.ARPA. PTR Pi-8.node.dc1.consul."});
  CHECK(answers("5.0.0.10.in-addr.arpa", DnsType::Ptr) ==
        Lines{"5.0.0.10.in-addr.arpa. PTR db.service.dc1.consul."});
  std::string nibbles = "6.";
  for (int i = 0; i < 28; ++i) nibbles += "0.";
  CHECK(show(ask(nibbles + "0.d.f.ip6.arpa", DnsType::Ptr).message.answers)[0].ends_with(
      "PTR six.service.dc1.consul."));
  CHECK(show(ask(nibbles + "8.e.f.ip6.arpa", DnsType::Ptr).message.answers)[0].ends_with(
      "PTR pi-6.node.dc1.consul."));
}

TEST_CASE("dns: unlike Consul's, a reverse name of the cluster's subnet that nobody has is none") {
  const auto message = ask("250.200.168.192.in-addr.arpa", DnsType::Ptr).message;
  CHECK(message.rcode == DnsRcode::NxDomain);
  CHECK(show(message.authorities) ==
        Lines{"200.168.192.in-addr.arpa. SOA ns.consul. hostmaster.consul. 1"});
  const auto apex = ask("200.168.192.in-addr.arpa", DnsType::Ns).message;
  CHECK(apex.rcode == DnsRcode::NoError);
  CHECK(apex.authorities.size() == 1);
}

TEST_CASE("dns: other names are refused") {
  for (const auto* name : {"example.org", "", "notconsul", "arpa"}) {
    INFO(name);
    const auto reply = ask(name);
    CHECK(reply.message.rcode == DnsRcode::Refused);
    CHECK_FALSE(reply.message.authoritative);
    CHECK_FALSE(reply.isForwarded);
  }
}

TEST_CASE("dns: of other reverse names nothing can be told, which Consul calls a failure") {
  for (const auto* name : {"8.8.8.8.in-addr.arpa", "1.2.3.4.5.in-addr.arpa", "x.2.3.4.in-addr.arpa",
                           "168.192.in-addr.arpa", "ip6.arpa"}) {
    INFO(name);
    CHECK(ask(name, DnsType::Ptr).message.rcode == DnsRcode::ServFail);
  }
}

TEST_CASE("dns: other names are forwarded where there is somebody to ask") {
  auto zone = test::exampleZone();
  zone.recursion = true;
  const auto state = test::exampleState();
  const auto askThere = [&](std::string_view name) {
    return answer(state, zone, test::query(name, DnsType::A), test::noChance);
  };
  CHECK(askThere("example.org").isForwarded);
  CHECK(askThere("example.org").message.rcode == DnsRcode::ServFail);
  CHECK(askThere("8.8.8.8.in-addr.arpa").isForwarded);
  CHECK_FALSE(askThere("250.200.168.192.in-addr.arpa").isForwarded);
  CHECK_FALSE(askThere("nope.consul").isForwarded);
  CHECK(askThere("web.service.consul").message.recursionAvailable);
}

TEST_CASE("dns: an answer repeats id, question and the wish for recursion") {
  const auto message = ask("pi-2.node.consul").message;
  CHECK(message.id == 7);
  CHECK(message.isResponse);
  CHECK(message.recursionDesired);
  CHECK_FALSE(message.recursionAvailable);
  CHECK_FALSE(message.edns);
  REQUIRE(message.questions.size() == 1);
  auto query = test::query("pi-2.node.consul", DnsType::A);
  query.edns = wire::DnsEdns{.udpSize = 4096};
  const auto state = test::exampleState();
  CHECK(answer(state, test::exampleZone(), query, test::noChance).message.edns);
}

TEST_CASE("dns: queries that cannot be answered are told so") {
  const auto state = test::exampleState();
  const auto rcodeOf = [&](const wire::DnsMessage& query) {
    return answer(state, test::exampleZone(), query, test::noChance).message.rcode;
  };
  auto status = test::query("pi-2.node.consul", DnsType::A);
  status.opcode = 2;
  CHECK(rcodeOf(status) == DnsRcode::NotImp);
  for (const auto wholeZone : {251, 252}) {
    CHECK(rcodeOf(test::query("consul", static_cast<DnsType>(wholeZone))) == DnsRcode::NotImp);
  }
  auto chaos = test::query("pi-2.node.consul", DnsType::A);
  chaos.questions[0].classCode = 3;
  CHECK(rcodeOf(chaos) == DnsRcode::Refused);
  auto two = test::query("pi-2.node.consul", DnsType::A);
  two.questions.push_back(two.questions[0]);
  CHECK(rcodeOf(two) == DnsRcode::FormErr);
  two.questions.clear();
  CHECK(rcodeOf(two) == DnsRcode::FormErr);
  auto later = test::query("pi-2.node.consul", DnsType::A);
  later.edns = wire::DnsEdns{.udpSize = 4096, .version = 1};
  CHECK(rcodeOf(later) == DnsRcode::BadVers);
}

TEST_CASE("dns: an empty registry has its zone and nothing in it") {
  const registry::State state;
  const auto soa =
      answer(state, test::exampleZone(), test::query("consul", DnsType::Soa), test::noChance)
          .message;
  CHECK(soa.answers.size() == 1);
  CHECK(soa.authorities.empty());
  CHECK(answer(state, test::exampleZone(), test::query("web.service.consul", DnsType::A),
               test::noChance)
            .message.rcode == DnsRcode::NxDomain);
}

}  // namespace cluster_lab::dns
