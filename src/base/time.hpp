#pragma once

#include <chrono>

namespace cluster_lab {

/// A moment on the monotonic clock. Pure code takes it as an argument; only src/os reads a clock.
/// The wall clock is never used to decide: a Pi boots in 1970.
using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

}  // namespace cluster_lab
