#include "config/settings.hpp"

namespace cluster_lab::config {

std::string Settings::Link::name() const {
  switch (kind) {
    case LinkKind::Vlan:
      return parent + "." + std::to_string(id);
    case LinkKind::Vxlan:
      return "cluster" + std::to_string(id);
    case LinkKind::None:
      break;
  }
  return parent;
}

std::uint32_t autoLinkId(std::string_view clusterId) {
  if (clusterId == Settings::Cluster{}.id) return Settings::Link{}.id;
  std::uint32_t hash = 2166136261U;  // FNV-1a, 32 bits
  for (const char c : clusterId) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 16777619U;
  }
  return 201 + hash % 799;
}

}  // namespace cluster_lab::config
