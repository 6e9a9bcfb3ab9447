#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "election/freshness.hpp"
#include "sim/chance.hpp"

namespace cluster_lab::sim {

class World;

/// The registries of a world's nodes, as far as losing writes goes: clients write at every leader
/// all the time; a write is on the leader's card, then it goes to who follows by a long poll, whose
/// next question acknowledges it. A follower's card gets its copy once a minute. Writes that no
/// follower has are not acknowledged here: a leader that is alone promises nothing.
class Registries {
 public:
  /// A message travels as long as a frame of the world does.
  Registries(World& world, Chance& chance, Duration leastDelay, Duration mostDelay)
      : world_(world), chance_(chance), leastDelay_(leastDelay), mostDelay_(mostDelay) {}

  void addNode() { nodes_.emplace_back(); }

  // --- what the world tells
  /// The daemon starts: it knows what is on the card.
  void started(int node);
  void leads(int node, std::uint64_t term);
  /// It gets the whole copy of the leader that it joins.
  void joins(int node, int leader) { at(node).copy = at(leader).copy; }
  void follows(int node, int leader);
  /// It neither leads nor follows, or its daemon has ended.
  void wanders(int node);
  /// Who has all that a leader has, which holds writes from now on.
  [[nodiscard]] std::optional<int> handOver(int node);
  /// A proper stop: what it has goes to its card.
  void stops(int node) { at(node).card = at(node).copy; }
  void copyCard(int from, int to) { at(to).card = at(from).card; }
  void clearCard(int node) { at(node).card.clear(); }
  void setSlow(int node, bool isSlow) { at(node).hasSlowCard = isSlow; }

  [[nodiscard]] election::Freshness freshness(int node) const;
  /// It knows of other members.
  [[nodiscard]] bool hasData(int node) const { return !at(node).copy.empty(); }
  /// All that follow have all but the last changes.
  [[nodiscard]] bool inStep() const;
  /// An acknowledged write that a leader of today does not have.
  [[nodiscard]] std::optional<std::string> lostWrite() const;

 private:
  struct Change {
    std::uint64_t term;
    std::uint64_t write;
  };
  using Log = std::vector<Change>;
  /// A follower asks for what comes after its first `from` changes, which it so acknowledges.
  struct Question {
    int node;
    unsigned duty;  ///< of that node
    std::size_t from;
  };
  struct Node {
    Log card;
    Log copy;
    unsigned duty = 0;  ///< counts changes of what it does: what belongs to an earlier one is void
    std::uint64_t term = 0;         ///< while it leads
    TimePoint settledFrom;          ///< while it leads: it acknowledges nothing before
    std::optional<int> leader;      ///< while it follows
    std::vector<Question> waiting;  ///< while it leads: who asks for what comes next
    std::size_t acknowledged = 0;   ///< while it leads: so many of its changes
    bool hasSlowCard = false;
  };

  Node& at(int node) { return nodes_.at(static_cast<std::size_t>(node)); }
  [[nodiscard]] const Node& at(int node) const { return nodes_.at(static_cast<std::size_t>(node)); }
  [[nodiscard]] bool talks(int node, int other) const;
  [[nodiscard]] Duration travel();
  [[nodiscard]] Duration cardTime(int node);
  void later(Duration delay, int node, std::function<void()> what);

  void write(int node);
  void written(int node, Change change);
  void ask(int node);
  void askAgain(int node) {
    later(std::chrono::milliseconds(200), node, [this, node] { ask(node); });
  }
  void asked(int leader, const Question& question);
  void answer(int leader, const Question& question);
  void acknowledge(int leader, std::size_t upTo);
  void keepCopy(int node);

  World& world_;
  Chance& chance_;
  Duration leastDelay_;
  Duration mostDelay_;
  std::vector<Node> nodes_;
  std::uint64_t writes_ = 0;
  std::map<int, std::set<std::uint64_t>> acknowledged_;  ///< by cluster
};

}  // namespace cluster_lab::sim
