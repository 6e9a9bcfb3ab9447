#include "registry/lost_files.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <optional>

#include "fixture.hpp"
#include "registry/lost_keeper.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::TemporaryFolder;

namespace {

LostWrites lostAt(std::uint64_t index) {
  LostWrites lost;
  lost.node = idOf(1);
  lost.nodeName = "pi-1";
  lost.last = {.term = 1, .writer = idOf(1), .index = index};
  lost.keys.push_back(
      {.key = "a", .written = LostKey::Content{.value = "x", .flags = 0}, .winner = std::nullopt});
  return lost;
}

}  // namespace

TEST_CASE("lost files: what was kept is listed, read and deleted by its name") {
  const TemporaryFolder folder;
  LostFiles files(folder.path());
  CHECK(files.names().empty());
  const auto name = files.keep(lostAt(1)).value();
  CHECK(name.starts_with("000001-"));
  CHECK(files.names() == std::vector{name});
  CHECK(lostWritesFromJson(files.read(name).value()).value() == lostAt(1));
  CHECK(files.remove(name));
  CHECK(files.names().empty());
  CHECK(files.remove(name).error().code == ErrorCode::NotFound);
}

TEST_CASE("lost files: the same writes are kept once, the newest twenty files stay") {
  const TemporaryFolder folder;
  LostFiles files(folder.path());
  const auto first = files.keep(lostAt(1)).value();
  CHECK(files.keep(lostAt(1)).value() == first);
  for (std::uint64_t i = 2; i <= 22; ++i) REQUIRE(files.keep(lostAt(i)));
  const auto names = files.names();
  CHECK(names.size() == 20);
  CHECK(names.front().starts_with("000003-"));
  CHECK(names.back().starts_with("000022-"));
}

TEST_CASE("lost files: only files of lost writes can be named") {
  const TemporaryFolder folder;
  LostFiles files(folder.path());
  files.keep(lostAt(1)).value();
  std::ofstream(folder.path() / "node-id") << "secret";
  CHECK(files.read("../node-id").error().code == ErrorCode::NotFound);
  CHECK(files.read("").error().code == ErrorCode::NotFound);
}

TEST_CASE("lost files: the problem lasts as long as there are files") {
  const TemporaryFolder folder;
  LostFiles files(folder.path());
  std::optional<Error> problem;
  LostKeeper keeper(files, {.id = idOf(1), .name = "pi-1"},
                    [&](const std::string& code, const std::optional<Error>& told) {
                      CHECK(code == "lost_writes");
                      problem = told;
                    });
  files.keep(lostAt(1)).value();
  keeper.tell();
  REQUIRE(problem);
  CHECK(problem->message ==
        "this node keeps a file of writes that the leader's registry does not have");
  files.keep(lostAt(2)).value();
  keeper.tell();
  CHECK(problem->message ==
        "this node keeps 2 files of writes that the leader's registry does not have");
  for (const auto& each : files.names()) files.remove(each).value();
  keeper.tell();
  CHECK_FALSE(problem);
}

TEST_CASE("lost files: the news is passed on until the leader has it, once") {
  const TemporaryFolder folder;
  LostFiles files(folder.path());
  LostKeeper keeper(files, {.id = idOf(1), .name = "pi-1"}, {});
  test::World own;
  test::World winner;
  winner.leader = 2;
  own.put("a", "1");
  winner.put("b", "1");
  CHECK_FALSE(keeper.hasNews());
  keeper.keep(own.state, winner.state, 0);
  std::vector<std::string> heard;
  const auto hear = [&](bool heeded) {
    return [&heard, heeded](const std::string& news) {
      heard.push_back(news);
      return heeded;
    };
  };
  keeper.pass(hear(false));
  CHECK(keeper.hasNews());
  keeper.pass(hear(true));
  keeper.pass(hear(true));
  REQUIRE(heard.size() == 2);
  CHECK(heard[0] == heard[1]);
  CHECK(heard[1] ==
        "pi-1 wrote 1 key and 0 registrations that the leader's registry does not have, and "
        "acknowledged none of them; it keeps them: cluster-lab lost show " +
            files.names().at(0));
}

}  // namespace cluster_lab::registry
