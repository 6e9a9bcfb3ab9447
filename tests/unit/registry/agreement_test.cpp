#include "registry/agreement.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"

namespace cluster_lab::registry {

using test::idOf;

namespace {

Storage etcdOn(std::uint8_t members, std::uint64_t number, std::uint8_t founder) {
  Storage storage{.kind = "etcd", .members = {}, .number = number, .founder = idOf(founder)};
  for (std::uint8_t node = 1; node <= members; ++node) {
    storage.members.push_back({.node = idOf(node), .address = {}});
  }
  return storage;
}

Storage movedHome() {
  return {.kind = std::string(kEmbeddedStorage), .members = {}, .number = 2, .founder = idOf(1)};
}

}  // namespace

TEST_CASE("agreement: who knows of none follows everybody") {
  CHECK(mayFollow({}, {}));
  CHECK(mayFollow({}, etcdOn(1, 1, 1)));
}

TEST_CASE("agreement: a higher number counts, whatever it says") {
  CHECK_FALSE(mayFollow(etcdOn(3, 1, 1), {}));
  CHECK(mayFollow(etcdOn(3, 1, 1), movedHome()));
  CHECK_FALSE(mayFollow(movedHome(), etcdOn(3, 1, 1)));
  CHECK(mayFollow(etcdOn(3, 1, 1), etcdOn(1, 2, 3)));
}

TEST_CASE("agreement: members come and go under the same number") {
  CHECK(mayFollow(etcdOn(5, 1, 1), etcdOn(3, 1, 1)));
  CHECK(mayFollow(etcdOn(1, 1, 1), etcdOn(3, 1, 1)));
}

TEST_CASE("agreement: of two foundings the one with more members counts") {
  CHECK_FALSE(mayFollow(etcdOn(3, 1, 1), etcdOn(1, 1, 4)));
  CHECK(mayFollow(etcdOn(1, 1, 4), etcdOn(3, 1, 1)));
  CHECK(mayFollow(etcdOn(1, 1, 4), etcdOn(1, 1, 1)));
}

TEST_CASE("agreement: a move and a recovery have a new number, a change of members has not") {
  const auto founded = nextAgreement({}, etcdOn(1, 0, 9), idOf(1));
  CHECK(founded.number == 1);
  CHECK(founded.founder == idOf(1));
  const auto grown = nextAgreement(founded, etcdOn(3, 0, 9), idOf(2));
  CHECK(grown.number == 1);
  CHECK(grown.founder == idOf(1));
  const auto home = nextAgreement(grown, {}, idOf(2));
  CHECK(home.number == 2);
  CHECK(home.founder == idOf(2));
  const auto recovered = nextAgreement(grown, etcdOn(1, 2, 9), idOf(3));
  CHECK(recovered.number == 2);
  CHECK(recovered.founder == idOf(3));
}

TEST_CASE("agreement: three members keep each write twice, fewer may not, and cards do not") {
  CHECK(keepsTwice(etcdOn(3, 1, 1)));
  CHECK_FALSE(keepsTwice(etcdOn(2, 1, 1)));
  CHECK_FALSE(keepsTwice({}));
}

}  // namespace cluster_lab::registry
