#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/node_id.hpp"
#include "base/time.hpp"
#include "wire/beacon.hpp"

namespace cluster_lab::election {

/// Where something was heard.
enum class Medium { Parent, Link };

/// Another node as it told about itself.
struct Neighbour {
  wire::Beacon beacon;                     ///< the latest, from either side
  std::optional<TimePoint> heardOnParent;  ///< last
  std::optional<TimePoint> heardOnLink;    ///< last
  /// When it last said on the link that it follows and misses nothing; nullopt: it has said
  /// otherwise since.
  std::optional<TimePoint> followedOnLink;

  [[nodiscard]] std::optional<TimePoint> heardOn(Medium medium) const {
    return medium == Medium::Parent ? heardOnParent : heardOnLink;
  }
  /// On whichever side was last.
  [[nodiscard]] TimePoint lastHeard() const;
};

/// Every node of any cluster that was heard on the parent or on the cluster link within the last
/// 30 s. At most 1000: more are not taken in.
class Neighbours {
 public:
  void heard(TimePoint now, Medium medium, const wire::Beacon& beacon);
  [[nodiscard]] const Neighbour* find(const NodeId& id) const;
  [[nodiscard]] const Neighbour* findByMac(const MacAddress& linkMac) const;
  /// Those heard within the last 30 s, by node id.
  [[nodiscard]] std::vector<Neighbour> list(TimePoint now) const;
  /// Nothing from it on the cluster link for longer than `limit`; also true of an unknown node.
  [[nodiscard]] bool silentLongerThan(TimePoint now, const NodeId& id, Duration limit) const;
  /// Everything known, some of it perhaps older than 30 s.
  [[nodiscard]] const std::map<NodeId, Neighbour>& all() const { return nodes_; }

 private:
  void forgetSilent(TimePoint now);

  std::map<NodeId, Neighbour> nodes_;
  TimePoint nextSweep_;
};

}  // namespace cluster_lab::election
