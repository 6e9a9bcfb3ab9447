#pragma once

#include <cstddef>
#include <string_view>

namespace cluster_lab::http {

/// Measures a request's line and headers while they come, since what reads them has no limits of
/// its own for them all.
class HeadMeter {
 public:
  static constexpr std::size_t kMaxBytes = 32768;
  static constexpr std::size_t kMaxLine = 8192;  ///< cpp-httplib takes no longer one
  static constexpr std::size_t kMaxLines = 128;

  /// false: that was too much.
  [[nodiscard]] bool take(std::string_view bytes);

 private:
  std::size_t bytes_ = 0;
  std::size_t line_ = 0;  ///< length of the one that comes
  std::size_t lines_ = 0;
};

}  // namespace cluster_lab::http
