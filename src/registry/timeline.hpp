#pragma once

#include <cstdint>
#include <string>

#include "registry/change_set.hpp"
#include "registry/decide.hpp"
#include "registry/state.hpp"

/// The cluster's time line: what happened, when, and why.
namespace cluster_lab::registry {

/// The changes, and the occurrences that they are: a member joined, left, fell silent, returned,
/// gave the lead up, or got another name than it wanted. `time`: Unix seconds, 0 where the clock is
/// not set.
[[nodiscard]] ChangeSet withOccurrences(const State& state, ChangeSet changes, std::int64_t time);

namespace decide {

/// The node of that name begins to lead; `why` is half a sentence.
[[nodiscard]] Decision<bool> tellLeader(const State& state, const std::string& node,
                                        const std::string& why, std::int64_t time);
/// The node of that name wrote what the registry does not have; `news` is a sentence.
[[nodiscard]] Decision<bool> tellLost(const State& state, const std::string& node,
                                      const std::string& news, std::int64_t time);

}  // namespace decide
}  // namespace cluster_lab::registry
