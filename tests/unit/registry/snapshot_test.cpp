// A snapshot as a file, and what restoring it makes of a state.
#include <doctest/doctest.h>

#include "os/sha256.hpp"
#include "registry/decide_restore.hpp"
#include "registry/decide_services.hpp"
#include "registry/row_json.hpp"
#include "registry/snapshot_file.hpp"
#include "wire/tar.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;
using test::World;

namespace {

NodeRegistration externalOf(std::uint8_t number, const std::string& name) {
  auto node = nodeOf(number);
  node.name = name;
  node.external.emplace().address = "10.9.9.9";
  return node;
}

void add(World& world, const NodeRegistration& node) {
  world.carryOut(decide::Decision<bool>{.changes = {{Table::Nodes, nodeKey(node.id), toJson(node)}},
                                        .answer = true});
}

/// Member 1 with a service, node "ext" that is none with another, two keys of which one is locked.
World pastWorld() {
  World world;
  world.add(nodeOf(1));
  world.carryOut(decide::putService(world.state, test::serviceOf(1)));
  add(world, externalOf(9, "ext"));
  world.carryOut(decide::putService(world.state, test::serviceOf(9, "db")));
  world.put("a", "past");
  Session session;
  session.id = "s";
  session.node = idOf(1);
  session.behavior = SessionBehavior::Delete;
  const KvPair lock{.value = "v", .flags = 0, .lockIndex = 1, .session = "s"};
  world.carryOut(decide::Decision<bool>{
      .changes = {{Table::Sessions, "s", toJson(session)}, {Table::Kv, "lock", toJson(lock)}},
      .answer = true});
  return world;
}

void restore(World& world, const Snapshot& snapshot) {
  world.carryOut(decide::restore(world.state, snapshot, 0));
}

/// The archive with another state.bin, its checksum right.
std::string archiveWith(const std::string& content) {
  auto files = wire::decodeTar(encodeSnapshot(pastWorld().state.snapshot())).value();
  std::string sums;
  for (auto& file : files) {
    if (file.name == "state.bin") file.content = content;
    if (file.name == "SHA256SUMS") file.content = sums;
    sums += os::sha256(file.content) + "  " + file.name + "\n";
  }
  return wire::encodeTar(files);
}

}  // namespace

TEST_CASE("snapshot file: what was written is read") {
  const auto snapshot = pastWorld().state.snapshot();
  CHECK(decodeSnapshot(encodeSnapshot(snapshot)).value() == snapshot);
}

TEST_CASE("snapshot file: damaged, cut off, of Consul or too new is refused with a reason") {
  const auto archive = encodeSnapshot(pastWorld().state.snapshot());
  auto damaged = archive;
  damaged[archive.find("past") == std::string::npos ? 2000 : archive.find("past")] ^= 1;
  CHECK_FALSE(decodeSnapshot(damaged));
  for (std::size_t size = 0; size + 1024 < archive.size(); size += 97) {
    CHECK_FALSE(decodeSnapshot(std::string_view(archive).substr(0, size)));
  }
  const auto reasonOf = [](const std::string& content) {
    return decodeSnapshot(archiveWith(content)).error().message;
  };
  CHECK(reasonOf("raft").find("was not written by Cluster Lab") != std::string::npos);
  CHECK(reasonOf("cluster-lab registry snapshot 2\n{}").find("newer Cluster Lab") !=
        std::string::npos);
  CHECK(reasonOf("cluster-lab registry snapshot x\n") == "it does not tell its version");
  CHECK(reasonOf("cluster-lab registry snapshot 1\n{}").starts_with("snapshot: "));
}

TEST_CASE("restore: keys are what they were, those since are gone, none is locked") {
  auto world = pastWorld();
  const auto snapshot = world.state.snapshot();
  world.put("a", "changed");
  world.put("new", "x");
  world.erase("lock");
  restore(world, snapshot);
  CHECK(world.state.kv().size() == 2);
  CHECK(world.state.kv().find("a")->second.row.value == "past");
  CHECK(world.state.kv().find("lock")->second.row.session.empty());
  CHECK(world.state.sessions().empty());
  CHECK(world.state.timeline().rbegin()->second.row.kind == "restored");
}

TEST_CASE("restore: a key that a session would take along stays when it is of the past") {
  auto world = pastWorld();
  restore(world, world.state.snapshot());
  CHECK(world.state.kv().contains("lock"));
}

TEST_CASE("restore: nodes that are no members come back with their services, members stay") {
  auto world = pastWorld();
  const auto snapshot = world.state.snapshot();
  world.carryOut(decide::removeNode(world.state, idOf(9)));
  add(world, externalOf(8, "later"));
  world.carryOut(decide::removeService(world.state, idOf(1), "web-1"));
  world.add(nodeOf(2));
  restore(world, snapshot);
  CHECK(world.state.findNode("ext") != nullptr);
  CHECK(world.state.findService(idOf(9), "db-9") != nullptr);
  CHECK(world.state.findNode("later") == nullptr);
  CHECK(world.state.findNode("pi-2") != nullptr);
  CHECK(world.state.findService(idOf(1), "web-1") == nullptr);  // the member's own affair
}

TEST_CASE("restore: a node whose name a member has by now stays away") {
  auto world = pastWorld();
  const auto snapshot = world.state.snapshot();
  world.carryOut(decide::removeNode(world.state, idOf(9)));
  auto member = nodeOf(2);
  member.name = "ext";
  world.add(member);
  restore(world, snapshot);
  CHECK(world.state.findNode("ext")->row.id == idOf(2));
  CHECK(world.state.findNode(idOf(9)) == nullptr);
}

TEST_CASE("restore: a row that cannot be read changes nothing") {
  auto world = pastWorld();
  auto snapshot = world.state.snapshot();
  snapshot.rows.push_back({Table::Kv, "bad", "{", 1, 1});
  CHECK_FALSE(decide::restore(world.state, snapshot, 0));
}

}  // namespace cluster_lab::registry
