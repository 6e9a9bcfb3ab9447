#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "os/event_loop.hpp"

namespace cluster_lab::os::test {

/// A loop, or the case ends.
[[nodiscard]] std::unique_ptr<EventLoop> makeLoop();

/// Runs the loop until `condition` holds; false: it did not within `limit`.
[[nodiscard]] bool runUntil(EventLoop& loop, const std::function<bool()>& condition,
                            std::chrono::milliseconds limit = std::chrono::seconds(10));

}  // namespace cluster_lab::os::test
