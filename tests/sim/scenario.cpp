#include "sim/scenario.hpp"

#include <algorithm>
#include <vector>

#include "sim/referee.hpp"
#include "sim/world.hpp"

namespace cluster_lab::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 100ms;
/// After the last trouble: time to settle, and a while to see that it stays so.
constexpr auto kSettle = 12s;
/// Where one node fails at a time, the next trouble waits until the copies are in step again.
constexpr auto kInStepWithin = 20s;
/// Of 1000 frames; who loses many takes a leader for dead that lives.
constexpr unsigned kFewLost = 20;
constexpr auto kSettleAfterStranger = 38s;

/// One run: either wild, with any troubles at once, or with one node failing at a time, and then no
/// acknowledged write may be lost.
class Scenario {
 public:
  Scenario(std::uint64_t seed, const std::function<void(const std::string&)>& trace)
      : chance_(seed),
        isWild_(chance_.percent(60)),
        hasStranger_(isWild_ && chance_.percent(15)),
        world_(chance_, wires(), observer(trace)) {}

  std::optional<std::string> run() {
    referee_.look(world_);
    makeNodes();
    startNodes(chance_.percent(30) ? 20ms : chance_.between(100ms, 4s));
    const int troubles = chance_.between(0, 6);
    for (int i = 0; i < troubles && !referee_.verdict(); ++i) {
      if (isWild_) {
        pass(chance_.percent(50) ? chance_.between(50ms, 3s) : chance_.between(5s, 8s));
        trouble();
      } else {
        settle();
        failureOfOne();
      }
    }
    if (!isWild_) settle();
    world_.clearOneWays();
    pass(world_.strangerLastThere() == TimePoint::min() ? Duration(kSettle)
                                                        : Duration(kSettleAfterStranger));
    return referee_.verdict();
  }

 private:
  /// A lost probe may hide a stranger: RFC 5227 cannot help that, so wires are good where one
  /// comes.
  Wires wires() {
    Wires wires;
    const auto mostLoss = isWild_ ? 150U : kFewLost;
    if (!hasStranger_ && chance_.percent(60)) wires.lossPerMille = chance_.below(mostLoss);
    if (chance_.percent(50)) wires.duplicatePerMille = chance_.below(50);
    if (chance_.percent(30)) wires.mostDelay = chance_.between(2ms, 60ms);
    return wires;
  }

  Observer observer(const std::function<void(const std::string&)>& trace) {
    auto observer = referee_.observer();
    observer.trace = trace;
    return observer;
  }

  void makeNodes() {
    const unsigned dice = chance_.below(100);
    const int count = dice < 60   ? chance_.between(1, 4)
                      : dice < 94 ? chance_.between(5, 10)
                                  : chance_.between(11, 30);
    const bool twoClusters = isWild_ && chance_.percent(10);
    for (int i = 0; i < count; ++i) world_.addNode(twoClusters && chance_.percent(30) ? 1 : 0);
  }

  void startNodes(Duration within) {
    std::vector<Duration> moments;
    moments.reserve(world_.nodes().size());
    for (std::size_t i = 0; i < world_.nodes().size(); ++i) {
      moments.push_back(chance_.between(Duration::zero(), within));
    }
    const auto begin = world_.now();
    std::vector<int> order(moments.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    std::ranges::sort(order, {}, [&](int i) { return moments[static_cast<std::size_t>(i)]; });
    for (const int i : order) {
      passTill(begin + moments[static_cast<std::size_t>(i)]);
      world_.start(i);
    }
  }

  void pass(Duration time) { passTill(world_.now() + time); }

  void passTill(TimePoint end) {
    while (world_.now() < end && !referee_.verdict()) {
      world_.runUntil(std::min<TimePoint>(end, world_.now() + kLook));
      referee_.look(world_);
    }
  }

  /// Mostly the leader: troubles of others are dull.
  int victim() {
    const auto count = static_cast<int>(world_.nodes().size());
    for (int i = 0; i < count; ++i) {
      if (world_.leads(i) && chance_.percent(50)) return i;
    }
    return chance_.between(0, count - 1);
  }

  void trouble() {
    const int node = victim();
    switch (chance_.below(hasStranger_ ? 11 : 9)) {
      case 0:
        world_.powerOff(node);
        return comeBack(node);
      case 1:
        world_.killDaemon(node);
        return comeBack(node);
      case 2:
        world_.stop(node);
        return comeBack(node);
      case 3:
        world_.pause(node);
        pass(chance_.between(300ms, 8s));
        return world_.resume(node);
      case 4:
        world_.unplug(node);
        pass(chance_.between(100ms, 8s));
        return world_.plug(node);
      case 5:
        return split({Medium::Link, Medium::Parent});
      case 6:
        return split({Medium::Link});
      case 7:
        return oneWay(node);
      case 8:
        return heal();
      default:
        return stranger();
    }
  }

  // --- one node fails at a time

  /// Until the copies are in step, then no acknowledged write may be missing.
  void settle() {
    pass(chance_.between(3s, 6s));
    const auto end = world_.now() + kInStepWithin;
    while (world_.now() < end && !referee_.verdict() && !isSettled()) pass(kLook);
    referee_.lookForLostWrites(world_);
  }

  [[nodiscard]] bool isSettled() const {
    int leaders = 0;
    int followers = 0;
    for (const auto& node : world_.nodes()) {
      if (!node.daemon) return false;
      leaders += node.daemon->state() == election::State::Leading ? 1 : 0;
      followers += node.daemon->state() == election::State::Following ? 1 : 0;
    }
    const auto count = static_cast<int>(world_.nodes().size());
    return leaders == 1 && followers == count - 1 && world_.registries().inStep();
  }

  /// It is over when this returns.
  void failureOfOne() {
    const int node = victim();
    switch (chance_.below(9)) {
      case 0:
        world_.powerOff(node);
        return startAgain(node);
      case 1:
        world_.killDaemon(node);
        return startAgain(node);
      case 2:
        world_.stop(node);
        return startAgain(node);
      case 3:
        world_.pause(node);
        pass(chance_.between(300ms, 8s));
        return world_.resume(node);
      case 4:
        world_.unplug(node);
        pass(chance_.between(100ms, 8s));
        return world_.plug(node);
      case 5:
        return isolate(node, chance_.percent(50));
      case 6:
        return oneWay(node);
      case 7:
        world_.setSlowCard(node, true);
        pass(chance_.between(1s, 8s));
        return world_.setSlowCard(node, false);
      default:
        return powerCutOfAll();
    }
  }

  void startAgain(int node) {
    pass(chance_.between(50ms, 8s));
    world_.start(node);
  }

  void isolate(int node, bool onTheParentToo) {
    world_.move(Medium::Link, node, 10);
    if (onTheParentToo) world_.move(Medium::Parent, node, 10);
    pass(chance_.between(100ms, 9s));
    heal();
  }

  /// No node fails in the end: all come back within the time that a cold start waits.
  void powerCutOfAll() {
    const auto count = static_cast<int>(world_.nodes().size());
    for (int i = 0; i < count; ++i) world_.powerOff(i);
    pass(chance_.between(100ms, 5s));
    startNodes(kColdStartWait / 2);
  }

  // --- troubles of the wild

  void comeBack(int node) {
    if (chance_.percent(30)) return;  // never
    pass(chance_.between(50ms, 8s));
    world_.start(node);
  }

  /// A switch between two halves fails, or drops VLAN tags only.
  void split(const std::vector<Medium>& media) {
    for (int i = 0; i < static_cast<int>(world_.nodes().size()); ++i) {
      const bool far = chance_.percent(50);
      for (const auto medium : media) world_.move(medium, i, home(medium, i) + (far ? 10 : 0));
    }
    if (chance_.percent(30)) return;  // stays so
    pass(chance_.between(100ms, 9s));
    heal();
  }

  void heal() {
    for (int i = 0; i < static_cast<int>(world_.nodes().size()); ++i) {
      for (const auto medium : {Medium::Link, Medium::Parent}) {
        world_.move(medium, i, home(medium, i));
      }
    }
  }

  /// Where a node is in a whole network: clusters share the parent, each has its own link.
  [[nodiscard]] int home(Medium medium, int node) const {
    return medium == Medium::Parent ? 0 : world_.node(node).cluster;
  }

  /// It is not heard by some, or does not hear them.
  void oneWay(int node) {
    const bool isDeaf = chance_.percent(50);
    for (int i = 0; i < static_cast<int>(world_.nodes().size()); ++i) {
      if (i == node || chance_.percent(30)) continue;
      for (const auto medium : {Medium::Link, Medium::Parent}) {
        if (chance_.percent(70)) world_.blockOneWay(medium, isDeaf ? i : node, isDeaf ? node : i);
      }
    }
    pass(chance_.between(100ms, 8s));
    world_.clearOneWays();
  }

  void stranger() {
    if (world_.strangerLastThere() == world_.now()) return world_.strangerGoes();
    world_.strangerComes(world_.node(0).cluster);
    if (chance_.percent(50)) return;
    pass(chance_.between(1s, 20s));
    world_.strangerGoes();
  }

  Chance chance_;
  bool isWild_;
  bool hasStranger_;
  Referee referee_;
  World world_;
};

}  // namespace

std::optional<std::string> play(std::uint64_t seed,
                                const std::function<void(const std::string&)>& trace) {
  return Scenario(seed, trace).run();
}

}  // namespace cluster_lab::sim
