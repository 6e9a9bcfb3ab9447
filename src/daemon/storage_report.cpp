#include "daemon/storage_report.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include "etcd/client.hpp"
#include "etcd/recovery.hpp"
#include "registry/json_writer.hpp"
#include "registry/registry.hpp"
#include "registry/state.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::daemon {
namespace {

constexpr auto kAnswerLimit = 500ms;

/// One member of etcd, asked by itself.
struct Seen {
  registry::Storage::Member member;
  bool answers = false;
  bool inMajority = false;                ///< it knows a leader of etcd's
  std::optional<registry::Position> has;  ///< how far its copy goes
};

Seen see(etcd::Client& client, const registry::Storage::Member& member) {
  Seen seen{.member = member, .has = {}};
  const auto deadline = std::chrono::steady_clock::now() + kAnswerLimit;
  const auto status = client.status(member.address, deadline);
  if (!status) return seen;
  seen.answers = true;
  seen.inMajority = status->leader != 0;
  if (const auto position = etcd::positionAt(client, member.address, deadline)) {
    seen.has = *position;
  }
  return seen;
}

registry::Position furthest(const std::vector<Seen>& members, registry::Position known) {
  for (const auto& seen : members) {
    if (seen.has && seen.has->index > known.index) known = *seen.has;
  }
  return known;
}

/// What recovery on this node would lose; empty: it has no copy to go on from.
std::string lossOn(const NodeId& self, const std::vector<Seen>& members,
                   const registry::Position& copy) {
  const auto own = std::ranges::find_if(
      members, [&](const Seen& seen) { return seen.member.node == self && seen.has; });
  return own == members.end() ? "" : etcd::describeLoss(*own->has, furthest(members, copy));
}

}  // namespace

std::string nameIn(const registry::Registry& registry, const NodeId& node) {
  std::string name = node.toString();
  registry.read([&](const registry::State& state) {
    if (const auto* known = state.findNode(node)) name = known->row.name;
  });
  return name;
}

std::string storageReport(const registry::Registry& registry, const NodeId& self) {
  const auto storage = registry.storage().value_or(registry::Storage{});
  registry::Position copy;
  registry.read([&](const registry::State& state) { copy = state.position(); });
  etcd::Client client{{}};
  std::vector<Seen> members;
  members.reserve(storage.members.size());
  for (const auto& member : storage.members) members.push_back(see(client, member));

  registry::JsonWriter json;
  json.beginObject().member("kind", storage.kind).member("number", storage.number);
  json.member("index", copy.index)
      .key("majority")
      .boolean(std::ranges::any_of(members, [](const Seen& seen) { return seen.inMajority; }));
  json.member("loss", lossOn(self, members, copy)).key("members").beginArray();
  for (const auto& seen : members) {
    json.beginObject()
        .member("name", nameIn(registry, seen.member.node))
        .member("id", seen.member.node.toString())
        .member("address", seen.member.address.toString())
        .key("answers")
        .boolean(seen.answers)
        .member("index", seen.has ? seen.has->index : 0)
        .endObject();
  }
  return json.endArray().endObject().finish();
}

}  // namespace cluster_lab::daemon
