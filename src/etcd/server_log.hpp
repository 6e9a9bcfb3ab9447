#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cluster_lab::etcd {

/// What a line of etcd's log complains of, in its own words; nullopt: it is no complaint that could
/// say why etcd ended.
[[nodiscard]] std::optional<std::string> complaintOf(std::string_view line);
/// The complaint says that the other members have removed this one.
[[nodiscard]] bool tellsOfRemoval(std::string_view complaint);

}  // namespace cluster_lab::etcd
