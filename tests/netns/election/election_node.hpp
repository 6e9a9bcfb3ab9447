#pragma once

#include <filesystem>

namespace cluster_lab::test {

/// A node that runs election::ElectionService on eth0 (link.kind=none) for 192.168.200.1 and joins
/// whoever leads. SIGTERM: leaves properly; SIGUSR1: the same, to be succeeded by `number` + 1.
/// Events: the name of each state that it enters, "following NAME", "problem CODE".
int electionNode(int number, const std::filesystem::path& folder, int events);

/// Checks with election::AddressCheck whether 192.168.200.1 is free on eth0, once it is up.
/// Events: "free" or "taken MAC".
int checkingNode(int events);

}  // namespace cluster_lab::test
