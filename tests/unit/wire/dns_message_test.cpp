// The bytes of the questions and answers below were seen between dig 9.18 and Consul 1.8.7.
#include "wire/dns_message.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "dns_bytes.hpp"

namespace cluster_lab::wire {
namespace {

DnsName name(std::string_view text) {
  return DnsName::parse(text).value();
}

constexpr std::string_view kDigQuestion =
    "30fd0120000100000000000103776562077365727669636506636f6e73756c000021000100002904d000000000000c"
    "000a0008d31badff8dd66bb3";
constexpr std::string_view kSrvAnswer =
    "12348500000100010000000204626c756503776562077365727669636506636f6e73756c0000210001c00c00210001"
    "00000000001c0001000100500470692d32046e6f64650364633106636f6e73756c00c03b00010001000000000004c0"
    "a8c866c03b0010000100000000000b0a73697a653d736d616c6c";
constexpr std::string_view kNoSuchName =
    "123485030001000000010001046e6f7065046e6f646506636f6e73756c0000010001c0160006000100000000002602"
    "6e73c0160a686f73746d6173746572c0166b01585e00000e1000000258000151800000000000002904d00000000000"
    "00";
constexpr std::string_view kAlias =
    "123485000001000100000000056e616d6564077365727669636506636f6e73756c0000010001c00c00050001000000"
    "00001103777777076578616d706c65036e657400";
constexpr std::string_view kIpv6Answer =
    "12348500000100010000000003736978077365727669636506636f6e73756c00001c0001c00c001c00010000000000"
    "10fd000000000000000000000000000006";

}  // namespace

TEST_CASE("dns message: a question of dig is read, its cookie passed over") {
  const auto message = decodeDns(fromHex(kDigQuestion)).value();
  CHECK(message.id == 0x30fd);
  CHECK_FALSE(message.isResponse);
  CHECK(message.recursionDesired);
  REQUIRE(message.questions.size() == 1);
  CHECK(message.questions[0] == DnsQuestion{name("web.service.consul"), DnsType::Srv, 1});
  CHECK(message.edns == DnsEdns{1232, 0, false});
  CHECK(message.additionals.empty());
}

TEST_CASE("dns message: Consul's SRV answer with its additional records is read") {
  const auto message = decodeDns(fromHex(kSrvAnswer)).value();
  CHECK(message.isResponse);
  CHECK(message.authoritative);
  REQUIRE(message.answers.size() == 1);
  CHECK(message.answers[0] == DnsRecord{name("blue.web.service.consul"), DnsType::Srv, 0,
                                        DnsSrv{1, 1, 80, name("pi-2.node.dc1.consul")}, 1});
  REQUIRE(message.additionals.size() == 2);
  CHECK(message.additionals[0].data == DnsData{Ipv4(0xC0A8C866)});
  CHECK(message.additionals[1].data == DnsData{DnsTxt{{"size=small"}}});
}

TEST_CASE("dns message: Consul's answer for an unknown name is read, with SOA and OPT") {
  const auto message = decodeDns(fromHex(kNoSuchName)).value();
  CHECK(message.rcode == DnsRcode::NxDomain);
  REQUIRE(message.authorities.size() == 1);
  CHECK(message.authorities[0].name == name("consul"));
  CHECK(message.authorities[0].data == DnsData{DnsSoa{name("ns.consul"), name("hostmaster.consul"),
                                                      0x6b01585e, 3600, 600, 86400, 0}});
  CHECK(message.edns == DnsEdns{1232, 0, false});
}

TEST_CASE("dns message: CNAME and AAAA are read") {
  CHECK(decodeDns(fromHex(kAlias)).value().answers[0].data == DnsData{name("www.example.net")});
  CHECK(decodeDns(fromHex(kIpv6Answer)).value().answers[0].data ==
        DnsData{Ipv6::parse("fd00::6").value()});
}

TEST_CASE("dns message: Consul's answers are written as Consul writes them") {
  for (const auto bytes : {kNoSuchName, kAlias, kIpv6Answer}) {
    CHECK(encode(decodeDns(fromHex(bytes)).value()) == fromHex(bytes));
  }
}

TEST_CASE("dns message: the target of an SRV record is not compressed") {
  const auto message = decodeDns(fromHex(kSrvAnswer)).value();
  const auto written = encode(message);
  const auto target = fromHex("0470692d32046e6f64650364633106636f6e73756c00");
  CHECK(std::ranges::search(written, target).begin() != written.end());
  CHECK(decodeDns(written).value() == message);
}

TEST_CASE("dns message: every kind of record comes back as it was") {
  DnsMessage message;
  message.id = 7;
  message.isResponse = message.truncated = message.recursionAvailable = true;
  message.opcode = 5;
  message.rcode = DnsRcode::BadVers;
  message.edns = DnsEdns{4096, 1, true};
  message.questions = {{name("x.consul"), DnsType::Any, 255}};
  message.answers = {
      {name("x.consul"), DnsType::A, 1, Ipv4(0xC0A8C801), 1},
      {name("x.consul"), DnsType::Ns, 0, name("a.x.consul"), 1},
      {name("."), DnsType::Ptr, 0, name("consul"), 1},
      {name("t.x.consul"), DnsType::Txt, 0, DnsTxt{{"", std::string(255, 't'), "a"}}, 1},
      {name("t.x.consul"), static_cast<DnsType>(65), 9, Bytes{1, 2, 3}, 3},
      {name("X.Consul"), DnsType::Srv, 0, DnsSrv{1, 2, 3, name("a.x.consul")}, 1}};
  CHECK(decodeDns(encode(message)).value() == message);
}

TEST_CASE("dns message: a name that stands beyond the reach of pointers is not pointed at") {
  DnsMessage message;
  for (int i = 0; i < 90; ++i) {
    message.answers.push_back(
        {name("consul"), DnsType::Txt, 0, DnsTxt{{std::string(200, 'x')}}, 1});
  }
  message.answers.push_back({name("far.example"), DnsType::Txt, 0, DnsTxt{{""}}, 1});
  message.answers.push_back({name("far.example"), DnsType::Txt, 0, DnsTxt{{""}}, 1});
  CHECK(encode(message).size() > 0x4000);
  CHECK(decodeDns(encode(message)).value() == message);
}

TEST_CASE("dns message: every shortened one is refused") {
  for (const auto text : {kDigQuestion, kSrvAnswer, kNoSuchName, kAlias}) {
    const auto bytes = fromHex(text);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CHECK_FALSE(decodeDns(ByteView(bytes).first(size)).has_value());
    }
  }
}

TEST_CASE("dns message: pointers in circles, forward, or out of it are refused") {
  const std::string_view header = "123401000001000000000000";
  for (const std::string_view question : {
           "c00c00010001",              // to itself
           "c00e00010001",              // forward
           "c0ff00010001",              // out of the message
           "0161c00c00010001",          // to its own beginning
           "0161c00e0162c00c00010001",  // to and fro
           "4161000001000100",          // reserved label type
           "c0",
       }) {
    INFO(question);
    CHECK_FALSE(decodeDns(fromHex(std::string(header) + std::string(question))).has_value());
  }
}

TEST_CASE("dns message: a name longer than 255 bytes is refused, also by pointers") {
  std::string text = "123401000001000000000000";
  const std::string label = "3f" + std::string(126, '6');
  for (int i = 0; i < 4; ++i) text += label;
  CHECK_FALSE(decodeDns(fromHex(text + "0000010001")).has_value());
  const auto two = "123401000002000000000000" + label + label + label + "0000010001";
  CHECK(decodeDns(fromHex(two + "3d" + std::string(122, '6') + "0000010001")).has_value());
  CHECK_FALSE(decodeDns(fromHex(two + label + "c00c00010001")).has_value());
}

TEST_CASE(
    "dns message: data of another size than told, and OPT records out of place, are refused") {
  const std::string answer = "123481000000000100000000";
  CHECK(decodeDns(fromHex(answer + "00000100010000000000047f000001")).has_value());
  CHECK_FALSE(decodeDns(fromHex(answer + "00000100010000000000037f000001")).has_value());
  CHECK_FALSE(decodeDns(fromHex(answer + "00000100010000000000057f00000100")).has_value());
  CHECK_FALSE(decodeDns(fromHex(answer + "00001000010000000000020561")).has_value());
  const std::string opt = "00002904d0000000000000";
  CHECK_FALSE(decodeDns(fromHex(answer + opt)).has_value());
  CHECK_FALSE(decodeDns(fromHex("123401000000000000000002" + opt + opt)).has_value());
  CHECK_FALSE(decodeDns(fromHex("123401000000000000000001016100002904d0000000000000")).has_value());
}

TEST_CASE("dns message: a header is read also where the rest is broken") {
  const auto header = decodeDnsHeader(fromHex("123401000001000000000000c00c")).value();
  CHECK(header.id == 0x1234);
  CHECK(header.recursionDesired);
  CHECK_FALSE(decodeDnsHeader(fromHex("1234010000010000000000")).has_value());
}

TEST_CASE("dns name: limits, case and zones") {
  CHECK(name("pi-2.node.consul.").toString() == "pi-2.node.consul.");
  CHECK(name("").toString() == ".");
  CHECK(DnsName::parse(std::string(63, 'a')).has_value());
  for (const auto& text : {std::string(64, 'a'), std::string("a..b"), std::string(".a")}) {
    CHECK_FALSE(DnsName::parse(text).has_value());
  }
  std::string longest = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                        std::string(63, 'c') + "." + std::string(61, 'd');
  CHECK(DnsName::parse(longest).value().wireSize() == 255);
  CHECK_FALSE(DnsName::parse(longest + "d").has_value());
  CHECK(name("PI.Node.CONSUL").sameAs(name("pi.node.consul")));
  CHECK_FALSE(name("pi.node.consul").sameAs(name("node.consul")));
  CHECK(name("pi.node.CONSUL").isWithin(name("consul")));
  CHECK(name("consul").isWithin(name("consul")));
  CHECK_FALSE(name("notconsul").isWithin(name("consul")));
  CHECK_FALSE(name("consul").isWithin(name("node.consul")));
}

}  // namespace cluster_lab::wire
