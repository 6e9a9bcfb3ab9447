#include "etcd/server_log.hpp"

#include "registry/fields.hpp"

namespace cluster_lab::etcd {

std::optional<std::string> complaintOf(std::string_view line) {
  registry::Fields fields(line);
  const auto level = fields.textOrEmpty("level");
  if (level != "error" && level != "fatal" && level != "panic" && level != "warn") {
    return std::nullopt;
  }
  auto text = fields.textOrEmpty("msg");
  const auto error = fields.textOrEmpty("error");
  if (!error.empty()) text += (text.empty() ? "" : ": ") + error;
  if (text.empty()) return std::nullopt;
  return text;
}

bool tellsOfRemoval(std::string_view complaint) {
  return complaint.contains("removed from the cluster") ||
         complaint.contains("removed from cluster");
}

}  // namespace cluster_lab::etcd
