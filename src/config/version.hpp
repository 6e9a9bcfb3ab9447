#pragma once

#include <string_view>

namespace cluster_lab::config {

/// The product's version, as CMakeLists.txt names it: "1.0.0".
[[nodiscard]] std::string_view productVersion();

}  // namespace cluster_lab::config
