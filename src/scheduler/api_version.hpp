#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::scheduler {

/// Of Docker's Engine API: what we serve. 1.41 is what Debian 12's engine speaks.
inline constexpr std::string_view kApiVersion = "1.41";
inline constexpr std::string_view kMinApiVersion = "1.24";

/// Takes "/v1.NN" off a path; without it the path is as it was. InvalidArgument: too old or too new
/// a version, in Docker's words.
[[nodiscard]] Result<std::string_view> withoutApiVersion(std::string_view path);

}  // namespace cluster_lab::scheduler
