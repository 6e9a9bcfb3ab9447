#pragma once

#include <string>
#include <vector>

#include "base/ipv4.hpp"

namespace cluster_lab::lab {

/// A virtual node as its first process gets to know it.
struct MachineSpec {
  std::string name;       ///< host name
  std::string directory;  ///< on this machine; holds data/, log and daemon (see node_init.hpp)
  Ipv4 address;           ///< on the LAN
  int prefixLength = 24;
  std::vector<std::string> daemon;  ///< program and arguments

  bool operator==(const MachineSpec&) const = default;
};

/// The words behind "lab-init", and back. InvalidArgument: not those words.
[[nodiscard]] std::vector<std::string> toArguments(const MachineSpec& spec);
[[nodiscard]] Result<MachineSpec> parseMachineSpec(const std::vector<std::string>& arguments);

}  // namespace cluster_lab::lab
