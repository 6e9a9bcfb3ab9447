#include "cli/storage_view.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::cli {
namespace {

StorageView storageOf(const char* json) {
  return parseStorage(json).value();
}

constexpr const char* kLostMajority = R"({"kind":"etcd","number":1,"index":9,"majority":false,
  "loss":"the copy has all that is known: change 9 of term 2","members":[
  {"name":"pi1","id":"a","address":"192.168.200.101","answers":true,"index":9},
  {"name":"pi2","id":"b","address":"192.168.200.102","answers":false,"index":0},
  {"name":"pi3","id":"c","address":"192.168.200.103","answers":false,"index":0}]})";

}  // namespace

TEST_CASE("storage view: a registry on the cards is told in a sentence") {
  const auto storage = storageOf(R"({"kind":"embedded","members":[]})");
  CHECK(storage.isWell());
  CHECK(renderStorage(storage, Style(false)) ==
        "The registry is embedded: the leader's card has it, and every other node a copy.\n");
}

TEST_CASE("storage view: etcd's members are a table, and a lost majority is said") {
  const auto storage = storageOf(kLostMajority);
  CHECK_FALSE(storage.isWell());
  CHECK(
      renderStorage(storage, Style(false)) ==
      "The registry is kept in etcd: 1 of 3 members answers, which is no majority: nobody leads.\n"
      "MEMBER  ADDRESS          STATE    CHANGE\n"
      "pi1     192.168.200.101  answers  9\n"
      "pi2     192.168.200.102  silent   -\n"
      "pi3     192.168.200.103  silent   -\n");
}

TEST_CASE("storage view: a majority with a silent member is not all well") {
  auto storage = storageOf(kLostMajority);
  storage.majority = true;
  storage.members[1].answers = true;
  CHECK_FALSE(storage.isWell());
  storage.members[2].answers = true;
  CHECK(storage.isWell());
}

TEST_CASE("storage view: what recovery loses is told before it begins") {
  const auto text = renderRecovery(storageOf(kLostMajority));
  CHECK(text.find("1 of 3 members answers") != std::string::npos);
  CHECK(text.find("is lost: the copy has all that is known: change 9 of term 2.") !=
        std::string::npos);
}

TEST_CASE("storage view: another answer is no storage") {
  CHECK_FALSE(parseStorage("[]"));
  CHECK_FALSE(parseStorage("nothing"));
}

}  // namespace cluster_lab::cli
