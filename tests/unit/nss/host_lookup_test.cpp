#include "nss/host_lookup.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "unit/dns/network.hpp"

namespace cluster_lab::nss {

using dns::test::NameServer;
using wire::DnsMessage;
using wire::DnsRcode;
using wire::DnsType;

namespace {

const Ipv6 kSix = Ipv6::parse("fd00::6").value();

DnsMessage answerTo(const DnsMessage& query, DnsRcode rcode) {
  DnsMessage answer;
  answer.id = query.id;
  answer.isResponse = true;
  answer.rcode = rcode;
  answer.questions = query.questions;
  return answer;
}

/// "pi.node.consul" has an address of each kind.
std::optional<DnsMessage> bothKinds(const DnsMessage& query) {
  auto answer = answerTo(query, DnsRcode::NoError);
  const auto& question = query.questions.at(0);
  if (question.type == DnsType::A) {
    answer.answers = {{question.name, DnsType::A, 0, Ipv4(0xC0A8C866)}};
  } else {
    answer.answers = {{question.name, DnsType::Aaaa, 0, kSix}};
  }
  return answer;
}

}  // namespace

TEST_CASE("nss: both kinds of addresses are asked for, or the one that is wanted") {
  const NameServer server(bothKinds);
  const auto both = lookUp("pi.node.consul", {}, server.port());
  CHECK(both.outcome == Host::Outcome::Found);
  CHECK(both.ipv4 == std::vector{Ipv4(0xC0A8C866)});
  CHECK(both.ipv6 == std::vector{kSix});
  const auto one = lookUp("Pi.Node.CONSUL.", {.ipv4 = false, .ipv6 = true}, server.port());
  CHECK(one.ipv4.empty());
  CHECK(one.ipv6.size() == 1);
  CHECK(server.asked() == 3);
}

TEST_CASE("nss: names that are not below consul are not asked for") {
  const NameServer server(bothKinds);
  for (const auto* name :
       {"example.org", "localhost", "", "notconsul", "a..consul", "consul.org"}) {
    CHECK(lookUp(name, {}, server.port()).outcome == Host::Outcome::NoSuchHost);
  }
  CHECK(server.asked() == 0);
}

TEST_CASE("nss: that there is no such name, or no address, is told apart") {
  const NameServer none(
      [](const DnsMessage& query) { return std::optional(answerTo(query, DnsRcode::NxDomain)); });
  CHECK(lookUp("pi.node.consul", {}, none.port()).outcome == Host::Outcome::NoSuchHost);
  const NameServer empty(
      [](const DnsMessage& query) { return std::optional(answerTo(query, DnsRcode::NoError)); });
  CHECK(lookUp("pi.node.consul", {}, empty.port()).outcome == Host::Outcome::NoAddress);
  const NameServer failing(
      [](const DnsMessage& query) { return std::optional(answerTo(query, DnsRcode::ServFail)); });
  CHECK(lookUp("pi.node.consul", {}, failing.port()).outcome == Host::Outcome::NobodyAnswers);
}

TEST_CASE("nss: a server that is off is told at once, one that is mute after a second") {
  std::uint16_t port = 0;
  const auto begin = std::chrono::steady_clock::now();
  {
    const NameServer mute([](const DnsMessage&) { return std::nullopt; });
    port = mute.port();
    CHECK(lookUp("pi.node.consul", {}, port).outcome == Host::Outcome::NobodyAnswers);
  }
  const auto middle = std::chrono::steady_clock::now();
  CHECK(middle - begin >= std::chrono::milliseconds(990));
  CHECK(lookUp("pi.node.consul", {}, port).outcome == Host::Outcome::NobodyAnswers);
  CHECK(std::chrono::steady_clock::now() - middle < std::chrono::milliseconds(900));
}

}  // namespace cluster_lab::nss
