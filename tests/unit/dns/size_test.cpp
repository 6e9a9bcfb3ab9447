#include <doctest/doctest.h>

#include "dns/answer.hpp"
#include "example.hpp"

namespace cluster_lab::dns {
namespace {

using wire::decodeDns;
using wire::DnsType;

wire::DnsMessage crowd(int count, DnsType type) {
  const auto state = test::crowdedState(count);
  return answer(state, test::exampleZone(), test::query("many.service.consul", type),
                test::noChance)
      .message;
}

}  // namespace

TEST_CASE("dns size: a client takes 512 bytes by UDP, or what it says, or what is allowed") {
  auto query = test::query("pi-2.node.consul", DnsType::A);
  CHECK(udpLimit(query, 65535) == 512);
  for (const auto& [told, limit] : {std::pair<std::uint16_t, std::size_t>{0, 512},
                                    {511, 512},
                                    {1232, 1232},
                                    {4096, 4096},
                                    {65535, 8192}}) {
    query.edns = wire::DnsEdns{.udpSize = told};
    CHECK(udpLimit(query, 8192) == limit);
  }
}

TEST_CASE("dns size: what fits is not touched") {
  const auto message = crowd(20, DnsType::A);
  CHECK(encodeWithin(message, 512) == encode(message));
}

TEST_CASE("dns size: answers are cut to the most that fit, and it says so") {
  for (const auto type : {DnsType::A, DnsType::Srv}) {
    for (const std::size_t limit : {512U, 1232U, 4096U}) {
      const auto whole = crowd(300, type);
      const auto bytes = encodeWithin(whole, limit);
      CHECK(bytes.size() <= limit);
      CHECK(bytes.size() > limit - 100);
      const auto cut = decodeDns(bytes).value();
      CHECK(cut.truncated);
      CHECK(cut.answers.size() > 5);
      CHECK(cut.answers.size() < 300);
    }
  }
}

TEST_CASE("dns size: the address of each target that is left is left") {
  const auto cut = decodeDns(encodeWithin(crowd(40, DnsType::Srv), 1232)).value();
  REQUIRE(cut.additionals.size() == cut.answers.size());
  for (std::size_t i = 0; i < cut.answers.size(); ++i) {
    CHECK(std::get<wire::DnsSrv>(cut.answers[i].data).target == cut.additionals[i].name);
  }
}

TEST_CASE("dns size: TXT records beside the answer go before any answer does") {
  const auto whole = test::ask("web.service.consul", DnsType::Srv).message;
  const auto limit = encode(whole).size() - 1;
  const auto cut = decodeDns(encodeWithin(whole, limit)).value();
  CHECK_FALSE(cut.truncated);
  CHECK(cut.answers.size() == 2);
  CHECK(cut.additionals.size() == 2);
}

TEST_CASE("dns size: by TCP 3000 instances are cut to 65535 bytes") {
  const auto bytes = encodeWithin(crowd(3000, DnsType::Srv), wire::kDnsMaxSize);
  CHECK(bytes.size() <= wire::kDnsMaxSize);
  CHECK(decodeDns(bytes).value().truncated);
}

}  // namespace cluster_lab::dns
