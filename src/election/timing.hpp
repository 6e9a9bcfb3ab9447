#pragma once

#include <chrono>

namespace cluster_lab::election {

/// How fast the election goes. The defaults are for a segment that is the cluster's alone; RFC 5227
/// section 1.1 has slower ones.
struct Timing {
  std::chrono::milliseconds probeWait{200};  ///< random wait before the first probe, at most
  unsigned probeCount = 3;
  std::chrono::milliseconds probeInterval{200};
  std::chrono::milliseconds announceWait{200};  ///< silence after the last probe
  std::chrono::milliseconds heartbeat{500};
  unsigned missedHeartbeats = 3;            ///< that many in a row: the leader is looked for
  std::chrono::seconds addressLifetime{3};  ///< the kernel's, of the leader address
  std::chrono::milliseconds beacon{1000};   ///< on the parent; 0: no beacons
};

}  // namespace cluster_lab::election
