#pragma once

#include <string>
#include <vector>

#include "cli/registry_view.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

[[nodiscard]] std::string renderServices(const std::vector<ServiceView>& services,
                                         const Style& style);
/// A line an instance, and one below for each check that does not pass.
[[nodiscard]] std::string renderInstances(const std::vector<InstanceView>& instances,
                                          const Style& style);
[[nodiscard]] std::string renderMembers(const std::vector<MemberView>& members, const Style& style);
[[nodiscard]] std::string renderEvents(const std::vector<EventView>& events, const Style& style);
/// `localTime`: a moment's Unix seconds as text; not asked for 0.
[[nodiscard]] std::string renderTimeline(const std::vector<MomentView>& moments, const Style& style,
                                         std::string (*localTime)(std::int64_t));
/// "key: value" a line, for a person: what is not printable is shown as '?'.
[[nodiscard]] std::string renderKeys(const std::vector<KeyView>& keys, const Style& style);

}  // namespace cluster_lab::cli
