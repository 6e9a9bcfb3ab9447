#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "election/election.hpp"

namespace cluster_lab::election::test {

using namespace std::chrono_literals;

inline const Ipv4 kLeaderAddress(0xC0A8C801);  // 192.168.200.1
inline constexpr MacAddress kSelfMac{{2, 0, 0, 0, 0, 0x50}};
inline constexpr MacAddress kLowerMac{{2, 0, 0, 0, 0, 0x10}};
inline constexpr MacAddress kHigherMac{{2, 0, 0, 0, 0, 0x90}};

inline NodeId nodeId(std::uint8_t number) {
  NodeId id;
  id.bytes.back() = number;
  return id;
}

inline Identity selfIdentity() {
  return {nodeId(50), "pi-self", "lab", LinkKind::Vlan, 200, kLeaderAddress};
}

/// Another node of the cluster "lab", number and last MAC byte alike.
inline wire::Beacon otherNode(std::uint8_t number, Role role, std::uint64_t term) {
  wire::Beacon beacon;
  beacon.clusterId = "lab";
  beacon.nodeId = nodeId(number);
  beacon.name = "pi-" + std::to_string(number);
  beacon.role = role;
  beacon.term = term;
  beacon.linkKind = LinkKind::Vlan;
  beacon.linkId = 200;
  beacon.linkMac = {{2, 0, 0, 0, 0, number}};
  beacon.leaderAddress = kLeaderAddress;
  return beacon;
}

/// The same with a copy of the registry.
inline wire::Beacon otherNode(std::uint8_t number, Role role, std::uint64_t term,
                              const Freshness& copy) {
  auto beacon = otherNode(number, role, term);
  beacon.registryTerm = copy.term;
  beacon.registryIndex = copy.index;
  return beacon;
}

/// One node under test, alone with a clock. Keeps every action with the moment it came at.
class LoneNode {
 public:
  explicit LoneNode(std::uint64_t storedTerm = 0, Identity self = selfIdentity())
      : LoneNode(Election::Memory{storedTerm, {}}, std::move(self)) {}
  explicit LoneNode(Election::Memory memory, Identity self = selfIdentity())
      : election(
            std::move(self), Timing{}, std::move(memory),
            {[](std::uint32_t /*bound*/) { return std::uint32_t{0}; }, [this] { return copy; }}) {}
  // The election looks at `copy` here.
  LoneNode(const LoneNode&) = delete;
  LoneNode& operator=(const LoneNode&) = delete;

  void feed(const Event& event) {
    for (auto& action : election.step(now, event)) done.emplace_back(now, std::move(action));
  }
  /// Lets time pass and calls at each deadline.
  void pass(Duration time) {
    const auto end = now + time;
    while (const auto deadline = election.nextDeadline()) {
      if (*deadline > end) break;
      now = std::max(now, *deadline);
      feed(DeadlinePassed{});
    }
    now = end;
  }
  /// The same while the process is stopped: nothing is called.
  void sleep(Duration time) { now += time; }
  /// The same while `beacon` is heard on the cluster link every 500 ms.
  void passHearing(const wire::Beacon& beacon, Duration time) {
    for (const auto end = now + time; now < end; pass(500ms)) hear(beacon);
  }
  void hear(const wire::Beacon& beacon) { feed(HeartbeatReceived{beacon, beacon.linkMac}); }
  void hearOnParent(const wire::Beacon& beacon) { feed(BeaconReceived{beacon}); }
  /// Somebody answers that it has the leader address.
  void arpAnswer(MacAddress holder) {
    feed(ArpReceived{{wire::Arp::Operation::Reply, holder, kLeaderAddress, kSelfMac, Ipv4{}}});
  }
  void arpProbe(MacAddress other) { feed(ArpReceived{wire::Arp::probe(other, kLeaderAddress)}); }

  void plugIn() { feed(LinkUp{kSelfMac}); }
  void lead() {
    plugIn();
    pass(1s);
  }
  void follow(const wire::Beacon& leader) {
    plugIn();
    hear(leader);
    feed(Joined{});
    done.clear();
  }

  template <typename Wanted>
  [[nodiscard]] std::vector<std::pair<TimePoint, Wanted>> all() const {
    std::vector<std::pair<TimePoint, Wanted>> found;
    for (const auto& [when, action] : done) {
      if (const auto* wanted = std::get_if<Wanted>(&action)) found.emplace_back(when, *wanted);
    }
    return found;
  }
  template <typename Wanted>
  [[nodiscard]] std::size_t count() const {
    return all<Wanted>().size();
  }
  [[nodiscard]] bool hasProblem(std::string_view code) const {
    return election.problem() && election.problem()->code == code;
  }
  [[nodiscard]] std::size_t probes() const {
    std::size_t number = 0;
    for (const auto& [when, sent] : all<SendArp>()) number += sent.packet.isProbe() ? 1U : 0U;
    return number;
  }
  [[nodiscard]] std::size_t announcements() const { return count<SendArp>() - probes(); }
  [[nodiscard]] bool is(State state) const { return election.state() == state; }

  TimePoint now{std::chrono::hours(1)};
  Freshness copy{1, 1};  ///< of the registry
  Election election;
  std::vector<std::pair<TimePoint, Action>> done;
};

}  // namespace cluster_lab::election::test
