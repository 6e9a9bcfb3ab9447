#include "link/plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cluster_lab::link {

Plan planOf(const config::Settings::Link& settings) {
  return {settings.kind, settings.parent, settings.name(), settings.id, settings.vxlanPort};
}

bool Problem::operator==(const Problem& other) const {
  return state == other.state && error.code == other.error.code &&
         error.text() == other.error.text();
}

Problem missingParent(const Plan& plan, const std::vector<std::string>& present) {
  const auto instead =
      present.empty() ? "" : fmt::format("; this machine has {}", fmt::join(present, ", "));
  return {"link_missing",
          {ErrorCode::NotFound, fmt::format("there is no interface {}{}", plan.parent, instead),
           "plug the network adapter in, or set link.parent in cluster-lab.conf"}};
}

Problem noCarrier(const Interface& interface) {
  return {"no_carrier",
          {ErrorCode::Unavailable,
           fmt::format("{} has no carrier: nothing answers at the other end", interface.name),
           "plug the cable in and power the switch on, or, for Wi-Fi, join a network"}};
}

Problem failure(const Error& error) {
  switch (error.code) {
    case ErrorCode::AlreadyExists:
      return {"link_differs", error};
    case ErrorCode::PermissionDenied:
      return {"no_permission", error};
    case ErrorCode::Unsupported:
      return {"unsupported_link", error};
    default:
      return {"link_failed", error};
  }
}

}  // namespace cluster_lab::link
