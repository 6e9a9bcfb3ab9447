#include "link/plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

namespace cluster_lab::link {
namespace {

/// The kernel's word for the kind (IFLA_INFO_KIND).
std::string_view kernelKind(LinkKind kind) {
  return kind == LinkKind::Vxlan ? "vxlan" : "vlan";
}

std::string describe(const Interface& link, const Interface& parent) {
  auto text = link.kind.empty() ? std::string("a hardware interface") : link.kind;
  if (link.id) text += fmt::format(" {}", *link.id);
  if (link.port != 0) text += fmt::format(" at UDP port {}", link.port);
  if (link.parentIndex == parent.index) {
    text += " on " + parent.name;
  } else if (link.parentIndex != 0) {
    text += " on another interface";
  }
  return text;
}

}  // namespace

Plan planOf(const config::Settings::Link& settings) {
  return {settings.kind, settings.parent, settings.name(), settings.id, settings.vxlanPort};
}

std::string describe(const Plan& plan) {
  switch (plan.kind) {
    case LinkKind::Vlan:
      return fmt::format("VLAN {} on {}", plan.id, plan.parent);
    case LinkKind::Vxlan:
      return fmt::format("VXLAN {} at UDP port {} on {}", plan.id, plan.port, plan.parent);
    case LinkKind::None:
      break;
  }
  return plan.parent;
}

bool Problem::operator==(const Problem& other) const {
  return state == other.state && error.code == other.error.code &&
         error.text() == other.error.text();
}

Problem missingParent(const Plan& plan, const std::vector<std::string>& present) {
  const auto others = present.empty()
                          ? std::string("this machine has no other")
                          : fmt::format("this machine has {}", fmt::join(present, ", "));
  return {"link_missing",
          {ErrorCode::NotFound, fmt::format("there is no interface {}; {}", plan.parent, others),
           "plug the network adapter in, or set link.parent in cluster-lab.conf"}};
}

Problem noCarrier(const Interface& interface) {
  return {"no_carrier",
          {ErrorCode::Unavailable,
           fmt::format("{} has no carrier: nothing answers at the other end", interface.name),
           "plug the cable in and power the switch on, or, for Wi-Fi, join a network"}};
}

std::optional<Problem> difference(const Plan& plan, const Interface& parent,
                                  const Interface& link) {
  const bool sameKind = link.kind == kernelKind(plan.kind) && link.id == plan.id;
  const bool sameParent = link.parentIndex == 0 || link.parentIndex == parent.index;
  const bool samePort = plan.kind != LinkKind::Vxlan || link.port == plan.port;
  if (sameKind && sameParent && samePort) return std::nullopt;
  return Problem{"link_differs",
                 {ErrorCode::AlreadyExists,
                  fmt::format("{} exists already and is {}, expected {}", plan.name,
                              describe(link, parent), describe(plan)),
                  fmt::format("remove it (ip link delete {}), or set another link.id", plan.name)}};
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
