#include "registry/timeline.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "registry/numbered_rows.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::registry {
namespace {

/// Watches changes go by and notes what they are.
class Observer {
 public:
  Observer(const State& state, std::int64_t time) : state_(state), time_(time) {}

  void see(const Change& change) {
    if (change.table == Table::Nodes) seeNode(change);
    if (change.table == Table::Checks && change.value) seeCheck(*change.value);
  }
  [[nodiscard]] const std::vector<Occurrence>& occurrences() const { return occurrences_; }

 private:
  void seeNode(const Change& change) {
    const auto stored = state_.nodes().find(change.key);
    const auto* known = stored == state_.nodes().end() ? nullptr : &stored->second.row;
    if (!change.value) {
      if (known != nullptr && !known->external) seeGone(*known);
      return;
    }
    const auto node = fromJson<NodeRegistration>(*change.value);
    if (!node || node->external) return;
    if (known == nullptr) {
      note("joined", node->name, " joined at " + node->address.toString());
    } else if (known->role == Role::Leading && node->role == Role::Following) {
      note("follows", node->name, " does not lead any more");
    }
    const bool isNewName = known == nullptr || known->name != node->name;
    if (const auto wanted = isNewName ? nameWanted(*node) : std::nullopt) {
      note("renamed", node->name,
           " wanted to be called " + *wanted +
               ", as another node is: give one of them another name");
    }
  }

  void seeGone(const NodeRegistration& node) {
    const auto* check = state_.serfHealthOf(node.id);
    if (check != nullptr && check->row.status == Health::Critical) {
      note("forgotten", node.name, " was silent, and is awaited no more");
    } else {
      note("left", node.name, " left");
    }
  }

  /// Where the registry put something behind the name because another node has it.
  [[nodiscard]] std::optional<std::string> nameWanted(const NodeRegistration& node) const {
    const auto dash = node.name.rfind('-');
    if (dash == std::string::npos) return std::nullopt;
    const auto& mac = node.mac.bytes;
    const auto suffix = node.name.substr(dash + 1);
    const bool ours = suffix == hex(mac[3]) + hex(mac[4]) + hex(mac[5]) ||
                      suffix == node.id.toString().substr(0, suffix.size());
    auto wanted = node.name.substr(0, dash);
    const auto* twin = ours ? state_.findNode(wanted) : nullptr;
    if (twin == nullptr || twin->row.id == node.id) return std::nullopt;
    return wanted;
  }

  void seeCheck(const std::string& value) {
    const auto check = fromJson<Check>(value);
    if (!check || check->id != kSerfHealth) return;
    const auto* node = state_.findNode(check->node);
    const auto* before = state_.serfHealthOf(check->node);
    if (node == nullptr || node->row.external || before == nullptr) return;
    const bool was = before->row.status == Health::Critical;
    const bool is = check->status == Health::Critical;
    if (is && !was) note("silent", node->row.name, " fell silent: " + check->output);
    if (was && !is) note("returned", node->row.name, " is back");
  }

  void note(const char* kind, const std::string& node, const std::string& what) {
    occurrences_.push_back({.time = time_, .kind = kind, .node = node, .text = node + what});
  }

  const State& state_;
  std::int64_t time_;
  std::vector<Occurrence> occurrences_;
};

}  // namespace

ChangeSet withOccurrences(const State& state, ChangeSet changes, std::int64_t time) {
  Observer observer(state, time);
  for (const auto& change : changes) observer.see(change);
  addNumbered(state.timeline(), Table::Timeline, observer.occurrences(), changes);
  return changes;
}

namespace decide {
namespace {

Decision<bool> note(const State& state, Occurrence occurrence) {
  Decision<bool> decision{.changes = {}, .answer = true};
  addNumbered(state.timeline(), Table::Timeline, std::vector{std::move(occurrence)},
              decision.changes);
  return decision;
}

}  // namespace

Decision<bool> tellLeader(const State& state, const std::string& node, const std::string& why,
                          std::int64_t time) {
  return note(state,
              {.time = time, .kind = "leads", .node = node, .text = node + " leads: " + why});
}

Decision<bool> tellLost(const State& state, const std::string& node, const std::string& news,
                        std::int64_t time) {
  return note(state, {.time = time, .kind = "lost", .node = node, .text = news});
}

}  // namespace decide
}  // namespace cluster_lab::registry
