#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "registry/change_set.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

/// How long ago each node was first seen.
using Ages = std::map<NodeId, std::chrono::seconds>;

/// What a leader answers to a follower's long poll (docs/registry.md): the change sets since, or a
/// whole snapshot where those do not lead there.
struct StreamAnswer {
  std::optional<Snapshot> snapshot;
  std::vector<Entry> entries;
  Ages ages;

  bool operator==(const StreamAnswer&) const = default;
};

[[nodiscard]] std::string toJson(const StreamAnswer& answer);
/// InvalidArgument names what is missing or wrong.
[[nodiscard]] Result<StreamAnswer> streamAnswerFromJson(std::string_view text);

[[nodiscard]] std::string toJson(const Snapshot& snapshot);
[[nodiscard]] Result<Snapshot> snapshotFromJson(std::string_view text);

[[nodiscard]] std::string toJson(const StateHeader& header);
[[nodiscard]] Result<StateHeader> stateHeaderFromJson(std::string_view text);

}  // namespace cluster_lab::registry
