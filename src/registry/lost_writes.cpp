#include "registry/lost_writes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "registry/consul_json.hpp"
#include "registry/consul_services.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::registry {
namespace {

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

LostKey::Content contentOf(const KvPair& pair) {
  return {.value = pair.value, .flags = pair.flags};
}

/// Compares the two sides of a split, row by row.
class Comparison {
 public:
  Comparison(const State& own, const State& coming, std::uint64_t told)
      : own_(own),
        coming_(coming),
        told_(told),
        parted_(own.header().lineage.commonWith(coming.header().lineage)) {}

  LostWrites find() && {
    lost_.parted = parted_;
    lost_.last = own_.position();
    for (const auto& [key, pair] : own_.kv()) {
      if (isNew(pair)) addPut(key, pair);
    }
    for (const auto& [key, pair] : coming_.kv()) {
      const bool wasThere = pair.created <= parted_.index;
      if (wasThere && !own_.kv().contains(key)) addDeletion(key, pair);
    }
    addRegistrations();
    return std::move(lost_);
  }

 private:
  template <typename Row>
  [[nodiscard]] bool isNew(const Stored<Row>& row) const {
    return row.modified > parted_.index;
  }

  /// What replaced something that a client was told is done stands for that, too.
  template <typename Row>
  [[nodiscard]] bool mayBeAcknowledged(const Stored<Row>& row) const {
    return row.created <= told_;
  }

  /// Did the winning side change the row too? One that is gone there and was there at the split was
  /// deleted.
  template <typename Row>
  [[nodiscard]] bool isContested(const Stored<Row>& own, const Stored<Row>* winner) const {
    return winner == nullptr ? own.created <= parted_.index : isNew(*winner);
  }

  template <typename Row>
  static const Stored<Row>* find(const Rows<Row>& rows, const std::string& key) {
    const auto found = rows.find(key);
    return found == rows.end() ? nullptr : &found->second;
  }

  void addPut(const std::string& key, const Stored<KvPair>& pair) {
    const auto* winner = find(coming_.kv(), key);
    LostKey lost{.key = key,
                 .written = contentOf(pair.row),
                 .winner = std::nullopt,
                 .contested = isContested(pair, winner),
                 .acknowledged = mayBeAcknowledged(pair)};
    if (winner != nullptr) {
      lost.winner = contentOf(winner->row);
      lost.winnerIndex = winner->modified;
    }
    if (lost.winner != lost.written) lost_.keys.push_back(std::move(lost));
  }

  void addDeletion(const std::string& key, const Stored<KvPair>& winner) {
    lost_.keys.push_back({.key = key,
                          .written = std::nullopt,
                          .winner = contentOf(winner.row),
                          .winnerIndex = winner.modified,
                          .contested = isNew(winner)});
  }

  void addRegistrations() {
    addRowsOf(own_.nodes(), coming_.nodes(), [](const NodeRegistration& row) { return row.id; });
    addRowsOf(own_.services(), coming_.services(), [](const Service& row) { return row.node; });
    addRowsOf(own_.checks(), coming_.checks(), [](const Check& row) { return row.node; });
  }

  template <typename Row, typename NodeOf>
  void addRowsOf(const Rows<Row>& own, const Rows<Row>& coming, NodeOf nodeOf) {
    for (const auto& [key, row] : own) {
      const auto* node = own_.findNode(nodeOf(row.row));
      if (!isNew(row) || node == nullptr || !node->row.external) continue;
      const auto* winner = find(coming, key);
      if (winner != nullptr && toJson(winner->row) == toJson(row.row)) continue;
      auto lost = registrationOf(node->row, row);
      lost.contested = isContested(row, winner);
      lost.acknowledged = mayBeAcknowledged(row);
      lost_.registrations.push_back(std::move(lost));
    }
  }

  /// Body up to the node's own members.
  static JsonWriter bodyFor(const NodeRegistration& node) {
    JsonWriter body;
    body.beginObject().member("Node", node.name).member("Address", node.external->address);
    if (!node.external->id.empty()) body.member("ID", node.external->id);
    body.key("TaggedAddresses");
    consul::write(body, node.external->taggedAddresses);
    body.key("NodeMeta");
    consul::write(body, node.labels);
    return body;
  }

  [[nodiscard]] LostRegistration registrationOf(const NodeRegistration& node,
                                                const Stored<NodeRegistration>&) const {
    return {.what = "node '" + node.name + "'", .body = bodyFor(node).endObject().finish()};
  }

  [[nodiscard]] LostRegistration registrationOf(const NodeRegistration& node,
                                                const Stored<Service>& service) const {
    auto body = bodyFor(node);
    body.key("Service");
    consul::writeService(body, service);
    return {.what = "service '" + service.row.id + "' on '" + node.name + "'",
            .body = body.endObject().finish()};
  }

  [[nodiscard]] LostRegistration registrationOf(const NodeRegistration& node,
                                                const Stored<Check>& check) const {
    auto body = bodyFor(node);
    body.key("Check");
    consul::writeCheck(body, own_, check);
    return {.what = "check '" + check.row.id + "' on '" + node.name + "'",
            .body = body.endObject().finish()};
  }

  const State& own_;
  const State& coming_;
  const std::uint64_t told_;
  const Position parted_;
  LostWrites lost_;
};

}  // namespace

std::string LostWrites::summary() const {
  const auto silent = [](const auto& all) {
    return std::ranges::count_if(all, [](const auto& one) { return !one.acknowledged; });
  };
  const auto all = keys.size() + registrations.size();
  const auto never = static_cast<std::size_t>(silent(keys) + silent(registrations));
  auto text =
      fmt::format("wrote {} and {} that the leader's registry does not have",
                  counted(keys.size(), "key"), counted(registrations.size(), "registration"));
  if (never == 0) return text;
  return text + (never == all ? ", and acknowledged none of them"
                              : fmt::format(", and did not acknowledge {} of them", never));
}

LostWrites lostWrites(const State& own, const State& coming, std::uint64_t told) {
  return Comparison(own, coming, told).find();
}

}  // namespace cluster_lab::registry
