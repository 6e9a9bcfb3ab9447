#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "election/election.hpp"
#include "sim/chance.hpp"
#include "sim/registries.hpp"

namespace cluster_lab::sim {

using election::Medium;

/// Shorter than by default, so that a world needs not to live so long.
inline constexpr auto kColdStartWait = std::chrono::seconds(3);

/// How bad the wires are.
struct Wires {
  unsigned lossPerMille = 0;
  unsigned duplicatePerMille = 0;
  Duration leastDelay = std::chrono::microseconds(100);
  Duration mostDelay = std::chrono::milliseconds(2);
};

/// What a referee wants to know as it happens.
struct Observer {
  std::function<void(int node, const election::StateChanged&)> stateChanged;
  std::function<void(int node, std::uint64_t term)> termStored;
  std::function<void(int node, const wire::Beacon&)> beaconHeard;
  std::function<void(const std::string& line)> trace;  ///< empty: no trace
};

/// A small world in virtual time: machines with a kernel and the election in a daemon, a parent
/// network and a cluster link that lose, delay, duplicate and split, and a device that is no node.
class World {
 public:
  struct Node {
    std::string name;
    NodeId id;
    MacAddress mac;
    int cluster = 0;
    bool powered = false;
    bool plugged = true;
    bool paused = false;                              ///< SIGSTOP
    std::unique_ptr<election::Election> daemon;       ///< null: not running
    std::optional<TimePoint> holdsLeaderAddressTill;  ///< in its kernel
    std::uint64_t storedTerm = 0;                     ///< on its card
    std::array<int, 2> segment{};                     ///< by Medium; equal ones hear each other
    unsigned life = 0;                                ///< counts starts and ends of the daemon
    unsigned round = 0;                               ///< counts its changes of state
    TimePoint wakesAt = TimePoint::max();
    TimePoint joinUntil;
    std::deque<std::shared_ptr<const election::Event>> unread;  ///< while paused
  };

  World(Chance& chance, Wires wires, Observer observer);

  int addNode(int cluster);
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const Node& node(int index) const { return nodes_.at(size(index)); }
  [[nodiscard]] TimePoint now() const { return now_; }
  [[nodiscard]] TimePoint lastChange() const { return lastChange_; }

  // --- changes of the world
  void start(int index);
  void stop(int index);
  void killDaemon(int index);
  void powerOff(int index);
  void pause(int index);
  void resume(int index);
  void unplug(int index);
  void plug(int index);
  void move(Medium medium, int index, int segment);
  void blockOneWay(Medium medium, int from, int to);
  void clearOneWays();
  void strangerComes(int segment);
  void strangerGoes();
  void setSlowCard(int index, bool isSlow);
  /// The card of `to`, which is off, becomes a copy of the one of `from`.
  void copyCard(int from, int to);

  void runUntil(TimePoint end);
  void later(Duration delay, std::function<void()> what);
  /// A node's connection to its leader ends by a reset.
  void resetLeader(int index);

  [[nodiscard]] bool isAlive(int index) const;
  [[nodiscard]] bool leads(int index) const;
  [[nodiscard]] bool reaches(Medium medium, int from, int to) const;
  [[nodiscard]] bool hearEachOther(int one, int other) const;
  [[nodiscard]] bool reachBothWays(int one, int other) const;  ///< on the cluster link
  [[nodiscard]] bool hasNoDaemon(int index) const { return node(index).daemon == nullptr; }
  [[nodiscard]] const Registries& registries() const { return registries_; }
  /// When a daemon was last started or plugged in: it may wait for others.
  [[nodiscard]] TimePoint lastStart() const { return lastStart_; }
  [[nodiscard]] bool hasOneWays() const { return !oneWays_.empty(); }
  /// A stranger has the leader address on this node's cluster link.
  [[nodiscard]] bool strangerOnLinkOf(int index) const;
  /// When a stranger was last there; TimePoint::min(): never.
  [[nodiscard]] TimePoint strangerLastThere() const;
  void trace(int index, const std::string& text) const;

 private:
  struct Happening {
    enum class Kind { Frame, Wake, AddressExpires, TryJoin, Call };
    TimePoint when;
    std::uint64_t order;
    Kind kind;
    int node;
    unsigned life;                                 ///< Wake: of the daemon; TryJoin: round
    std::shared_ptr<const election::Event> event;  ///< Frame
    std::function<void()> call;                    ///< Call
    bool operator>(const Happening& other) const {
      return std::tie(when, order) > std::tie(other.when, other.order);
    }
  };

  static std::size_t size(int index) { return static_cast<std::size_t>(index); }
  Node& at(int index) { return nodes_.at(size(index)); }
  void changed(int index, const std::string& what);
  void push(TimePoint when, Happening::Kind kind, int node, unsigned life,
            std::shared_ptr<const election::Event> event = {});
  void happen(const Happening& happening);
  void endDaemon(int index);
  void tell(int index, const std::shared_ptr<const election::Event>& event);
  void feed(int index, const election::Event& event);
  void planWake(int index);
  void transmit(Medium medium, int from, MacAddress destination, election::Event event);
  void deliver(int to, const std::shared_ptr<const election::Event>& event);
  void strangerAnswers(int asker, const wire::Arp& request);
  void kernelSees(int index, const wire::Arp& packet);
  void addressExpires(int index);
  void tryJoin(int index, unsigned round);
  [[nodiscard]] std::vector<election::Member> membersKnownTo(int index) const;
  int indexOf(MacAddress mac) const;

  void perform(int index, const election::SendArp& action);
  void perform(int index, const election::SendHeartbeat& action);
  void perform(int index, const election::SendBeacon& action);
  void perform(int index, const election::HoldLeaderAddress& action);
  void perform(int index, const election::DropLeaderAddress& action);
  void perform(int index, const election::StoreTerm& action);
  void perform(int index, const election::StateChanged& action);
  void perform(int index, const election::ReasonChanged& action);
  void perform(int index, const election::ProblemRaised& action);
  void perform(int index, const election::ProblemGone& action);
  void perform(int index, const election::IdentityTaken& action);

  Chance& chance_;
  Wires wires_;
  Observer observer_;
  TimePoint now_;
  TimePoint lastChange_;
  std::uint64_t order_ = 0;
  std::vector<Node> nodes_;
  std::priority_queue<Happening, std::vector<Happening>, std::greater<>> queue_;
  std::set<std::tuple<Medium, int, int>> oneWays_;
  std::optional<int> strangerSegment_;
  TimePoint strangerLeft_ = TimePoint::min();
  TimePoint lastStart_ = TimePoint::min();
  Registries registries_;
};

}  // namespace cluster_lab::sim
