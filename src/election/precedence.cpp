#include "election/precedence.hpp"

#include <utility>

namespace cluster_lab::election {
namespace {

/// How long fresher nodes that live and do not lead hold this one up, all together.
constexpr auto kGiveWay = std::chrono::milliseconds(1500);
/// Who was heard on the parent this lately lives; its beacons come every second.
constexpr auto kBeaconLife = std::chrono::seconds(3);

/// "1.5 s"
std::string seconds(Duration time) {
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(time).count() / 100;
  const auto fraction = tenths % 10 == 0 ? std::string() : "." + std::to_string(tenths % 10);
  return std::to_string(tenths / 10) + fraction + " s";
}

}  // namespace

Precedence::Precedence(const Timing& timing, std::string clusterId, std::vector<Member> members,
                       bool isNew)
    : timing_(timing),
      clusterId_(std::move(clusterId)),
      members_(std::move(members)),
      isNew_(isNew),
      isColdStart_(timing.coldStartWait > Duration::zero()) {}

void Precedence::linkUp(TimePoint now) {
  coldStartEnds_ = now + timing_.coldStartWait;
}

std::optional<std::string> Precedence::reasonToWait(TimePoint now, const Freshness& own,
                                                    const Neighbours& neighbours) {
  if (auto why = leaderElsewhere(now, neighbours)) return why;
  if (const auto* other = freshest(now, own, neighbours)) {
    // One that came up later than this node may still wait for others.
    const Duration limit = isColdStart_ ? timing_.coldStartWait + kGiveWay : Duration(kGiveWay);
    if (!givesWaySince_) givesWaySince_ = now;
    if (now - *givesWaySince_ >= limit) return std::nullopt;
    return other->beacon.name + " has a fresher copy of the registry: letting it lead first, for " +
           seconds(limit) + " at most";
  }
  return coldStart(now, own, neighbours);
}

/// As told on the link since this node searches: who leads, though it cannot be joined yet, or who
/// follows and does not miss its leader.
std::optional<std::string> Precedence::leaderElsewhere(TimePoint now,
                                                       const Neighbours& neighbours) const {
  const auto isNews = [&](const std::optional<TimePoint>& when) {
    return when && *when > searchesSince_ && now - *when <= linkLife();
  };
  for (const auto& [id, node] : neighbours.all()) {
    if (node.beacon.clusterId != clusterId_) continue;
    const auto& name = node.beacon.name;
    if (isNews(node.followedOnLink)) {
      return name + " follows a leader that this node does not hear: waiting for it";
    }
    if (node.beacon.role == Role::Leading && isNews(node.heardOnLink)) {
      return name + " leads: waiting to join it";
    }
  }
  return std::nullopt;
}

std::optional<std::string> Precedence::coldStart(TimePoint now, const Freshness& own,
                                                 const Neighbours& neighbours) const {
  if (!isColdStart_ || now >= coldStartEnds_) return std::nullopt;
  const auto limit = ", for " + seconds(timing_.coldStartWait) + " at most";
  if (own == Freshness{} && !isNew_) {
    return "this node has no copy of the registry any more: waiting for one that has" + limit;
  }
  const auto names = missing(neighbours);
  if (names.empty()) return std::nullopt;
  return "waiting for " + names + ", whose copy of the registry may be fresher" + limit;
}

/// Of the nodes without a leader, or with one that is perhaps lost.
const Neighbour* Precedence::freshest(TimePoint now, const Freshness& own,
                                      const Neighbours& neighbours) const {
  const Neighbour* found = nullptr;
  auto highest = own;
  for (const auto& [id, node] : neighbours.all()) {
    const auto& beacon = node.beacon;
    if (beacon.clusterId != clusterId_ || freshnessOf(beacon) <= highest) continue;
    if (beacon.role != Role::Searching && beacon.role != Role::Following) continue;
    if (!hasLatelyBeenHeard(now, node)) continue;
    highest = freshnessOf(beacon);
    found = &node;
  }
  return found;
}

bool Precedence::hasLatelyBeenHeard(TimePoint now, const Neighbour& node) const {
  return (node.heardOnLink && now - *node.heardOnLink <= linkLife()) ||
         (node.heardOnParent && now - *node.heardOnParent <= kBeaconLife);
}

/// "pi-2, pi-3": members not heard in this life; empty: none.
std::string Precedence::missing(const Neighbours& neighbours) const {
  std::string names;
  for (const auto& member : members_) {
    if (neighbours.find(member.id) != nullptr) continue;
    names += (names.empty() ? "" : ", ") + member.name;
  }
  return names;
}

}  // namespace cluster_lab::election
