#pragma once

#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::os {

/// The kind of failure that an errno value is.
[[nodiscard]] ErrorCode errorCodeOf(int number);
/// "<doing>: No such file or directory".
[[nodiscard]] Error systemError(std::string_view doing, int number);
/// The same for the errno of the call just made.
[[nodiscard]] std::unexpected<Error> failErrno(std::string_view doing);

}  // namespace cluster_lab::os
