#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace cluster_lab {

/// What kind of thing went wrong, as far as a caller may want to act on it.
enum class ErrorCode {
  InvalidArgument,   ///< the input is not what was expected
  NotFound,          ///< what was named does not exist (yet)
  AlreadyExists,     ///< it exists and differs from what was wanted
  PermissionDenied,  ///< the process may not do this
  Unsupported,       ///< this kernel or machine cannot do it
  Unavailable,       ///< nobody answers, or not now; trying again later may help
  TimedOut,          ///< the deadline passed
  Conflict,          ///< somebody else changed or holds it
  Exhausted,         ///< no room, no address, no descriptor left
  Corrupt,           ///< data that was written before cannot be read
  Io,                ///< the operating system failed a call
};

/// A failure of the world (not a bug of ours), for a person to read.
struct Error {
  ErrorCode code;
  std::string message;  ///< what was expected, what was found
  std::string remedy;   ///< what the user can do; may be empty

  /// The same error, its message preceded by what was being done: "set up VLAN 200: <message>".
  [[nodiscard]] Error during(std::string_view doing) const;
  /// Message and remedy in one line.
  [[nodiscard]] std::string text() const;
};

/// A value, or why there is none.
template <typename T>
using Result = std::expected<T, Error>;

/// `return fail(ErrorCode::NotFound, "no interface eth0", "plug in ...");`
[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, std::string message,
                                          std::string remedy = {});

/// Hands an error on: `if (!made) return fail(made.error().during("set up VLAN 200"));`
[[nodiscard]] std::unexpected<Error> fail(Error error);

}  // namespace cluster_lab
