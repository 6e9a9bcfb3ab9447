#include "etcd/seating.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::etcd {
namespace {

NodeId idOf(std::uint8_t number) {
  NodeId id;
  id.bytes.back() = number;
  return id;
}

Ipv4 addressOfNode(std::uint8_t number) {
  return Ipv4(0xC0A8C864U + number);
}

Member memberOf(std::uint8_t number) {
  return {.id = number,
          .name = idOf(number).toString(),
          .peerUrls = {urlOf(addressOfNode(number), 2380)},
          .clientUrls = {},
          .learner = false};
}

Candidate nodeOf(std::uint8_t number) {
  return {.id = idOf(number), .name = "pi", .address = addressOfNode(number), .away = {}};
}

}  // namespace

TEST_CASE("seating: the nodes agree on etcd's members in an order of their own") {
  const std::vector<Member> members{memberOf(3), memberOf(1)};
  const std::vector<Candidate> nodes{nodeOf(1), nodeOf(3)};
  const auto storage = storageOf(members, nodes);
  CHECK(storage.kind == "etcd");
  CHECK(storage.members == std::vector<registry::Storage::Member>{{idOf(1), addressOfNode(1)},
                                                                  {idOf(3), addressOfNode(3)}});
  CHECK(peersOf(storage) ==
        std::vector<Peer>{{idOf(1), addressOfNode(1)}, {idOf(3), addressOfNode(3)}});
}

TEST_CASE("seating: a member that has not started is the node that has its address") {
  auto added = memberOf(2);
  added.name.clear();
  const std::vector<Member> members{memberOf(1), added};
  const std::vector<Candidate> nodes{nodeOf(1), nodeOf(2)};
  const auto storage = storageOf(members, nodes);
  REQUIRE(storage.members.size() == 2);
  CHECK(storage.members[1].node == idOf(2));
  CHECK(storageOf(members, std::vector{nodeOf(1)}).members.size() == 1);
}

TEST_CASE("seating: a server runs where the node is a member and has an address") {
  Seating seating{.unknown = false,
                  .listed = true,
                  .refused = false,
                  .addressed = true,
                  .hasData = false,
                  .removed = false};
  CHECK(dutyOf(seating) == Duty::Serve);
  seating.addressed = false;
  CHECK(dutyOf(seating) == Duty::Rest);
}

TEST_CASE("seating: data goes when the leader's agreement has no place for it, not before") {
  Seating seating{.unknown = false,
                  .listed = false,
                  .refused = false,
                  .addressed = true,
                  .hasData = true,
                  .removed = false};
  CHECK(dutyOf(seating) == Duty::Rest);
  seating.refused = true;
  CHECK(dutyOf(seating) == Duty::Forget);
  seating.hasData = false;
  CHECK(dutyOf(seating) == Duty::Rest);
}

TEST_CASE("seating: who has data and knows of no agreement serves, for the others' majority") {
  Seating seating{.unknown = true,
                  .listed = false,
                  .refused = false,
                  .addressed = true,
                  .hasData = true,
                  .removed = false};
  CHECK(dutyOf(seating) == Duty::Serve);
  seating.hasData = false;
  CHECK(dutyOf(seating) == Duty::Rest);
}

TEST_CASE("seating: what etcd has removed does not run again, whatever the agreement says") {
  CHECK(dutyOf({.unknown = false,
                .listed = true,
                .refused = false,
                .addressed = true,
                .hasData = true,
                .removed = true}) == Duty::Forget);
}

}  // namespace cluster_lab::etcd
