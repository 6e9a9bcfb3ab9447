#include "dns/server.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "dns/frames.hpp"
#include "example.hpp"
#include "network.hpp"

namespace cluster_lab::dns {

using namespace std::chrono_literals;
using test::Client;
using test::NameServer;
using wire::DnsMessage;
using wire::DnsRcode;
using wire::DnsType;

namespace {

constexpr auto kUdp = Client::Kind::Udp;
constexpr auto kTcp = Client::Kind::Tcp;

std::unique_ptr<Server> serve(const registry::State& state,
                              std::vector<std::uint16_t> recursors = {}, std::uint16_t port = 0) {
  ServerOptions options{.port = port,
                        .zone = test::exampleZone(),
                        .recursors = {},
                        .idleTimeout = 1s,
                        .recursorTimeout = 500ms};
  for (const auto each : recursors) options.recursors.push_back({Ipv4(0x7F000001), each});
  auto server = Server::start(std::move(options), [&state](const auto& use) { use(state); });
  REQUIRE_MESSAGE(server.has_value(), (server ? "" : server.error().text()));
  return std::move(*server);
}

DnsMessage withEdns(DnsMessage query, std::uint16_t size) {
  query.edns = wire::DnsEdns{.udpSize = size};
  return query;
}

DnsMessage foreign() {
  return test::query("www.example.org", DnsType::A);
}

/// Answers every name with an address.
std::optional<DnsMessage> addressOf(const DnsMessage& query) {
  auto message = emptyAnswer(query, DnsRcode::NoError);
  message.recursionAvailable = true;
  message.answers = {locationRecord(query.questions[0].name, Ipv4(0x0A000001))};
  message.answers[0].ttl = 300;
  return message;
}

std::optional<DnsMessage> failure(const DnsMessage& query) {
  return emptyAnswer(query, DnsRcode::ServFail);
}

std::optional<DnsMessage> silence(const DnsMessage&) {
  return std::nullopt;
}

}  // namespace

TEST_CASE("dns server: answers by UDP and by TCP") {
  const auto state = test::exampleState();
  const auto server = serve(state);
  for (const auto kind : {kUdp, kTcp}) {
    const auto answer = ask(kind, server->port(), test::query("pi-2.node.consul", DnsType::A));
    REQUIRE(answer);
    CHECK(answer->id == 7);
    CHECK(test::show(answer->answers) == test::Lines{"pi-2.node.consul. A 192.168.200.102"});
  }
}

TEST_CASE("dns server: long answers are cut by UDP as far as the client takes them, not by TCP") {
  const auto state = test::crowdedState(300);
  const auto server = serve(state);
  const auto query = test::query("many.service.consul", DnsType::Srv);
  for (const auto& [asked, limit] :
       {std::pair{query, 512}, {withEdns(query, 1232), 1232}, {withEdns(query, 4096), 4096}}) {
    Client client(kUdp, server->port());
    client.send(encode(asked));
    const auto bytes = client.receive();
    REQUIRE(bytes);
    CHECK(bytes->size() <= static_cast<std::size_t>(limit));
    CHECK(wire::decodeDns(*bytes).value().truncated);
  }
  const auto whole = ask(kTcp, server->port(), query);
  REQUIRE(whole);
  CHECK_FALSE(whole->truncated);
  CHECK(whole->answers.size() == 300);
}

TEST_CASE("dns server: what cannot be read is told so, what is no query has no answer") {
  const auto state = test::exampleState();
  const auto server = serve(state);
  Client client(kUdp, server->port());
  client.send({1, 2, 3});
  auto response = encode(test::query("pi-2.node.consul", DnsType::A));
  response[2] |= 0x80;
  client.send(response);
  auto broken = encode(test::query("pi-2.node.consul", DnsType::A));
  broken.resize(broken.size() - 3);
  client.send(broken);
  const auto answer = client.receive();
  REQUIRE(answer);
  CHECK(wire::decodeDns(*answer).value().rcode == DnsRcode::FormErr);
}

TEST_CASE("dns server: several questions on one connection are answered in order") {
  const auto state = test::exampleState();
  const auto server = serve(state);
  Client client(kTcp, server->port());
  wire::Bytes all;
  for (std::uint16_t id = 1; id <= 5; ++id) {
    auto query = test::query("pi-2.node.consul", DnsType::A);
    query.id = id;
    const auto bytes = framed(encode(query));
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  // In pieces, as TCP may bring them.
  const auto middle = all.begin() + 50;
  client.send({all.begin(), middle});
  client.send({middle, all.end()});
  for (std::uint16_t id = 1; id <= 5; ++id) {
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(wire::decodeDns(*answer).value().id == id);
  }
}

TEST_CASE("dns server: a client has 16 connections at most, and one that says too much none") {
  const auto state = test::exampleState();
  const auto server = serve(state);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 16; ++i) clients.push_back(std::make_unique<Client>(kTcp, server->port()));
  CHECK(Client(kTcp, server->port()).isClosed());
  const auto query = framed(encode(test::query("pi-2.node.consul", DnsType::A)));
  clients[0]->send(query);
  CHECK(clients[0]->receive());
  clients[1]->send({0x10, 0x01, 0});
  CHECK(clients[1]->isClosed());
}

TEST_CASE("dns server: a connection that asks only a part of a question ends in time") {
  const auto state = test::exampleState();
  const auto server = serve(state);
  Client client(kTcp, server->port());
  client.send({0, 30, 1});
  CHECK(client.isClosed());
}

TEST_CASE("dns server: a port that is taken is told, with its holder's process") {
  const auto state = test::exampleState();
  const auto first = serve(state);
  const auto second = Server::start({.port = first->port(), .zone = {}, .recursors = {}},
                                    [&state](const auto& use) { use(state); });
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::Conflict);
  CHECK_FALSE(second.error().remedy.empty());
}

TEST_CASE("dns server: without recursors other names are refused") {
  const auto state = test::exampleState();
  const auto server = serve(state);
  CHECK(ask(kUdp, server->port(), foreign()).value().rcode == DnsRcode::Refused);
}

TEST_CASE("dns server: other names are forwarded, by the client's own transport") {
  const auto state = test::exampleState();
  const NameServer recursor(addressOf);
  const auto server = serve(state, {recursor.port()});
  for (const auto kind : {kUdp, kTcp}) {
    const auto answer = ask(kind, server->port(), foreign());
    REQUIRE(answer);
    CHECK(answer->id == 7);
    CHECK(answer->recursionAvailable);
    REQUIRE(answer->answers.size() == 1);
    CHECK(answer->answers[0].ttl == 300);
  }
  CHECK(recursor.asked() == 1);
  CHECK(recursor.askedByTcp() == 1);
  CHECK(ask(kUdp, server->port(), test::query("nope.node.consul", DnsType::A)).value().rcode ==
        DnsRcode::NxDomain);
  CHECK(recursor.asked() == 1);
}

TEST_CASE("dns server: recursors are asked in order until one has an answer") {
  const auto state = test::exampleState();
  const NameServer mute(silence), failing(failure), good(addressOf);
  std::uint16_t nobody = 0;
  {
    const NameServer gone(silence);
    nobody = gone.port();
  }
  const auto server = serve(state, {nobody, failing.port(), mute.port(), good.port()});
  const auto answer = ask(kUdp, server->port(), foreign());
  REQUIRE(answer);
  CHECK(answer->rcode == DnsRcode::NoError);
  CHECK(failing.asked() == 1);
  CHECK(mute.asked() == 1);
}

TEST_CASE("dns server: when no recursor has an answer, that is a server failure") {
  const auto state = test::exampleState();
  const NameServer failing(failure);
  const auto server = serve(state, {failing.port(), failing.port()});
  for (const auto kind : {kUdp, kTcp}) {
    const auto answer = ask(kind, server->port(), foreign());
    REQUIRE(answer);
    CHECK(answer->rcode == DnsRcode::ServFail);
    CHECK(answer->recursionAvailable);
  }
}

TEST_CASE("dns server: answers to other questions and under other ids are not believed") {
  const auto state = test::exampleState();
  const NameServer liar([](const DnsMessage& query) {
    auto message = *addressOf(query);
    query.questions[0].type == DnsType::A ? ++message.id : message.id;
    message.questions[0].name = wire::DnsName::parse("other.example.org").value();
    return std::optional(message);
  });
  const auto server = serve(state, {liar.port()});
  CHECK(ask(kUdp, server->port(), foreign()).value().rcode == DnsRcode::ServFail);
  CHECK(ask(kUdp, server->port(), test::query("www.example.org", DnsType::Aaaa)).value().rcode ==
        DnsRcode::ServFail);
}

TEST_CASE("dns server: a name server that asks back gets no second question") {
  const auto state = test::exampleState();
  std::uint16_t here = 0;
  int rounds = 0;
  const NameServer mirror([&](const DnsMessage& query) {
    ++rounds;
    return ask(kUdp, here, query);
  });
  const auto server = serve(state, {mirror.port()});
  here = server->port();
  CHECK(ask(kUdp, server->port(), foreign()).value().rcode == DnsRcode::ServFail);
  CHECK(rounds == 1);
}

TEST_CASE("dns server: an answer that is longer than the client takes is cut") {
  const auto state = test::exampleState();
  const NameServer talkative([](const DnsMessage& query) {
    auto message = *addressOf(query);
    for (unsigned i = 0; i < 100; ++i) {
      message.answers.push_back(locationRecord(query.questions[0].name, Ipv4(i)));
    }
    return std::optional(message);
  });
  const auto server = serve(state, {talkative.port()});
  const auto answer = ask(kUdp, server->port(), foreign());
  REQUIRE(answer);
  CHECK(answer->truncated);
  CHECK(answer->answers.empty());
}

TEST_CASE("dns server: the addresses of names outside are told with the alias") {
  const auto state = test::exampleState();
  const NameServer recursor(addressOf);
  const auto server = serve(state, {recursor.port()});
  const auto alias = ask(kUdp, server->port(), test::query("named.service.consul", DnsType::A));
  REQUIRE(alias);
  CHECK(test::show(alias->answers) ==
        test::Lines{"named.service.consul. CNAME www.example.net.", "www.example.net. A 10.0.0.1"});
  CHECK(alias->answers[1].ttl == 0);
  const auto target = ask(kTcp, server->port(), test::query("named.service.consul", DnsType::Srv));
  REQUIRE(target);
  CHECK(test::show(target->additionals).back() == "www.example.net. A 10.0.0.1");
}

TEST_CASE("dns server: an alias is told also when nobody knows its addresses") {
  const auto state = test::exampleState();
  const NameServer failing(failure);
  const auto server = serve(state, {failing.port()});
  const auto alias = ask(kUdp, server->port(), test::query("named.service.consul", DnsType::A));
  REQUIRE(alias);
  CHECK(alias->answers.size() == 1);
}

}  // namespace cluster_lab::dns
