#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/link_id.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

enum class Need : std::uint8_t { Required, Optional };

/// Something Cluster Lab uses and does not bring along.
struct Dependency {
  std::string name;  ///< program, or kernel module
  bool isModule = false;
  std::string purpose;
  Need need = Need::Required;
  std::string package;               ///< Debian's
  std::vector<std::string> version;  ///< arguments that print a version; empty: it has none
};

struct DependencyState {
  Dependency dependency;
  bool found = false;
  std::string version;  ///< may be empty
};

/// All of them; which kernel module is required depends on the cluster link's kind.
[[nodiscard]] std::vector<Dependency> dependencies(LinkKind kind);
/// The first thing in `output` that looks like a version number: "Dnsmasq version 2.90 ..." gives
/// "2.90". Empty: none.
[[nodiscard]] std::string versionIn(std::string_view output);
/// Is every required one there?
[[nodiscard]] bool allRequiredFound(const std::vector<DependencyState>& states);
[[nodiscard]] std::string renderDependencies(const std::vector<DependencyState>& states,
                                             const Style& style);
/// A list of {name, purpose, needed, found, version, package}.
[[nodiscard]] std::string dependenciesJson(const std::vector<DependencyState>& states);

}  // namespace cluster_lab::cli
