#include "agent/check_course.hpp"

#include <algorithm>
#include <utility>

namespace cluster_lab::agent {
namespace {

using namespace std::chrono_literals;

constexpr Duration kShortestInterval = 1s;  // checks.MinInterval
constexpr Duration kAliasInterval = 1s;     // how often an alias of another node's check looks

Duration periodOf(const CheckDefinition& definition) {
  switch (definition.kind()) {
    case CheckKind::Ttl:
      return definition.ttl;
    case CheckKind::Alias:
      return kAliasInterval;
    default:
      return std::max<Duration>(definition.interval, kShortestInterval);
  }
}

/// An alias on the same node follows at once instead (LocalServices).
bool runs(const CheckDefinition& definition) {
  const auto kind = definition.kind();
  if (kind == CheckKind::Alias) return !definition.aliasNode.empty();
  return kind != CheckKind::Ttl && kind != CheckKind::Maintenance;
}

}  // namespace

CheckCourse::CheckCourse(const CheckDefinition& definition, TimePoint now, Duration spread)
    : runs_(runs(definition)),
      expires_(definition.kind() == CheckKind::Ttl),
      period_(periodOf(definition)),
      outputSize_(definition.outputSize),
      successesNeeded_(definition.successBeforePassing),
      failuresForWarning_(definition.failuresBeforeWarning),
      failuresForCritical_(definition.failuresBeforeCritical) {
  if (runs_) due_ = now + spread;
  if (expires_) due_ = now + period_;
}

bool CheckCourse::begin(TimePoint now) {
  if (!runs_ || !due_ || now < *due_) return false;
  due_.reset();
  return true;
}

std::optional<CheckResult> CheckCourse::finished(TimePoint now, CheckResult result) {
  due_ = now + period_;
  return weigh(std::move(result));
}

/// As checks.StatusHandler.
std::optional<CheckResult> CheckCourse::weigh(CheckResult result) {
  if (result.status != registry::Health::Critical) {
    failures_ = 0;
    if (++successes_ >= successesNeeded_) return result;
    return std::nullopt;
  }
  successes_ = 0;
  ++failures_;
  if (failures_ >= failuresForCritical_) return result;
  if (failures_ < failuresForWarning_) return std::nullopt;
  result.status = registry::Health::Warning;
  return result;
}

CheckResult CheckCourse::reported(TimePoint now, CheckResult report) {
  due_ = now + period_;
  report.output = cutReport(std::move(report.output), outputSize_);
  lastReport_ = report.output;
  return report;
}

std::optional<CheckResult> CheckCourse::expire(TimePoint now) {
  if (!expires_ || !due_ || now < *due_) return std::nullopt;
  due_.reset();
  return CheckResult{registry::Health::Critical, expired(lastReport_)};
}

}  // namespace cluster_lab::agent
