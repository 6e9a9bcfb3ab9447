#include "agent/definitions.hpp"

namespace cluster_lab::agent {

std::string_view toString(CheckKind kind) {
  switch (kind) {
    case CheckKind::Ttl:
      return "ttl";
    case CheckKind::Http:
      return "http";
    case CheckKind::Tcp:
      return "tcp";
    case CheckKind::Script:
      return "script";
    case CheckKind::Alias:
      return "alias";
    case CheckKind::Maintenance:
      return "maintenance";
  }
  return "";
}

/// In the order in which Consul looks (structs.CheckType.Type).
CheckKind CheckDefinition::kind() const {
  if (maintenance) return CheckKind::Maintenance;
  if (!http.empty()) return CheckKind::Http;
  if (ttl.count() > 0) return CheckKind::Ttl;
  if (!tcp.empty()) return CheckKind::Tcp;
  if (!aliasNode.empty() || !aliasService.empty()) return CheckKind::Alias;
  return args.empty() ? CheckKind::Ttl : CheckKind::Script;
}

std::string serviceMaintenance(std::string_view serviceId) {
  return "_service_maintenance:" + std::string(serviceId);
}

}  // namespace cluster_lab::agent
