#include "board/role_led.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"
#include "board/role_signal.hpp"
#include "os/file.hpp"

namespace cluster_lab::board {
namespace {

namespace fs = std::filesystem;

/// Newer kernels' name and that of older ones.
constexpr std::array<const char*, 2> kNames = {"ACT", "led0"};

Result<Triggers> readTriggers(const fs::path& file) {
  const auto text = os::readFile(file);
  if (!text) return fail(text.error());
  return parseTriggers(*text);
}

}  // namespace

RoleLed::RoleLed(fs::path trigger, fs::path memory)
    : trigger_(std::move(trigger)), memory_(std::move(memory)) {}

Result<RoleLed> RoleLed::open(const fs::path& root, const fs::path& runDirectory) {
  for (const auto* name : kNames) {
    auto trigger = root / "sys/class/leds" / name / "trigger";
    std::error_code ignored;
    if (!fs::exists(trigger, ignored)) continue;
    if (auto allowed = os::checkWritable(trigger); !allowed) return fail(allowed.error());
    return RoleLed(std::move(trigger), runDirectory / "led-trigger");
  }
  return fail(ErrorCode::NotFound, "this board has no LED that programs may set");
}

Result<void> RoleLed::show(Role role) {
  const auto wanted = triggerOf(role);
  if (!wanted) return {};
  const auto triggers = readTriggers(trigger_);
  if (!triggers) return fail(triggers.error());
  if (triggers->current == *wanted) return {};
  if (!triggers->has(*wanted)) {
    return fail(ErrorCode::Unsupported,
                "the kernel has no LED trigger '" + std::string(*wanted) + "'",
                "load the module ledtrig-" + std::string(*wanted));
  }
  if (!triggers->current.empty() && !os::readFile(memory_)) {
    if (auto kept = os::writeFile(memory_, triggers->current + "\n"); !kept) return kept;
  }
  return os::writeAttribute(trigger_, *wanted);
}

Result<void> RoleLed::putBack() {
  const auto before = os::readFile(memory_);
  if (!before) return {};
  if (auto done = os::writeAttribute(trigger_, trim(*before)); !done) return done;
  std::error_code ignored;
  fs::remove(memory_, ignored);
  return {};
}

}  // namespace cluster_lab::board
