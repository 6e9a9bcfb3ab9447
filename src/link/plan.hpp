#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/link_id.hpp"
#include "base/mac_address.hpp"
#include "config/settings.hpp"

namespace cluster_lab::link {

/// An interface of this machine, as far as it matters here.
struct Interface {
  int index = 0;
  std::string name;
  MacAddress mac;
  bool up = false;       ///< switched on
  bool carrier = false;  ///< something at the other end
  bool ours = false;     ///< made by this daemon, or by one before it that was killed

  bool operator==(const Interface&) const = default;
};

/// What the cluster link has to be.
struct Plan {
  LinkKind kind = LinkKind::Vlan;
  std::string parent;
  std::string name;  ///< the parent's for LinkKind::None
  std::uint32_t id = 0;
  std::uint16_t port = 0;
};

[[nodiscard]] Plan planOf(const config::Settings::Link& settings);

/// Why there is no cluster link, for a program (`state`) and for a person.
struct Problem {
  std::string state;  ///< link_missing, no_carrier, link_differs, no_permission, ...
  Error error;

  [[nodiscard]] bool operator==(const Problem& other) const;
};

/// `present`: the names of the interfaces that there are instead.
[[nodiscard]] Problem missingParent(const Plan& plan, const std::vector<std::string>& present);
[[nodiscard]] Problem noCarrier(const Interface& interface);
/// What a failed call of the kernel means.
[[nodiscard]] Problem failure(const Error& error);

}  // namespace cluster_lab::link
