#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"

namespace cluster_lab::registry {

/// Hears of a problem by its code (docs/registry.md) when it begins or changes, and with nullopt
/// when it is over. Called on any thread.
using TellProblem =
    std::function<void(const std::string& code, const std::optional<Error>& problem)>;

}  // namespace cluster_lab::registry
