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
  std::chrono::seconds addressLifetime{2};  ///< the kernel's, of the leader address
  std::chrono::milliseconds beacon{1000};   ///< on the parent; 0: no beacons
  /// After a power cut: how long a node waits for members that may have a fresher copy; 0: not.
  std::chrono::milliseconds coldStartWait{10000};
};

/// Probing by followers whose leader is lost. Their last ARP request to it was a probe already, and
/// all of them are awake: a random wait of a quarter, one probe, half as much silence.
[[nodiscard]] constexpr Timing afterLoss(Timing timing) {
  timing.probeWait /= 4;
  timing.probeCount = 1;
  timing.probeInterval /= 2;
  timing.announceWait /= 2;
  return timing;
}

}  // namespace cluster_lab::election
