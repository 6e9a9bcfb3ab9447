#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/mac_address.hpp"
#include "base/role.hpp"
#include "base/time.hpp"
#include "election/actions.hpp"
#include "wire/beacon.hpp"

namespace cluster_lab::election {

/// Another node with this node's id: one's card is a copy of the other's. The one that came later
/// takes a new identity; the other one tells of it until it has.
class TwinWatch {
 public:
  /// Does this node, of role `own`, give way? Who searches came later than who leads or follows; of
  /// two alike the higher MAC gives way. Two leaders first settle who leads.
  [[nodiscard]] static bool givesWay(Role own, const MacAddress& ownMac, const wire::Beacon& twin);

  /// The twin, which shall give way, told about itself. true: it is answered now, lest it goes on
  /// unaware.
  [[nodiscard]] bool heard(TimePoint now, const wire::Beacon& twin, std::vector<Action>& actions);
  void due(TimePoint now, std::vector<Action>& actions);
  [[nodiscard]] TimePoint nextDeadline() const;

 private:
  std::optional<TimePoint> forgetAt_;
  TimePoint nextAnswer_;
};

}  // namespace cluster_lab::election
