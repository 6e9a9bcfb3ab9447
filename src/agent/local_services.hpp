#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/check_course.hpp"
#include "agent/definitions.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

namespace cluster_lab::agent {

/// A check of this node as it stands.
struct LocalCheck {
  CheckDefinition definition;
  registry::Health status = registry::Health::Critical;
  std::string output;
  std::optional<TimePoint> criticalSince;
  CheckCourse course;
  std::uint64_t incarnation = 0;  ///< a run of an earlier registration does not count
};

/// A check to run now. What it finds out is told to finished().
struct CheckRun {
  CheckDefinition definition;
  std::uint64_t incarnation = 0;
};

/// This node's services and checks: what clients registered, what the checks say, and what time
/// makes of them. The authority on them; the catalog shows a copy. Runs and writes nothing.
class LocalServices {
 public:
  /// A part of the given time by chance, so that checks do not all run at once.
  using Spread = std::function<Duration(Duration)>;
  using Services = std::map<std::string, ServiceDefinition, std::less<>>;
  using Checks = std::map<std::string, LocalCheck, std::less<>>;

  /// How often something of each kind changed.
  struct Revision {
    std::uint64_t registrations = 0;
    std::uint64_t statuses = 0;
    std::uint64_t outputs = 0;
    bool operator==(const Revision&) const = default;
  };

  explicit LocalServices(Spread spread) : spread_(std::move(spread)) {}

  // --- what clients ask for. A check that is registered again keeps its status and output.
  void restore(TimePoint now, const LocalDefinitions& definitions);
  /// `replaceChecks`: the service has no checks but these afterwards.
  void putService(TimePoint now, const ServiceRegistration& registration, bool replaceChecks);
  /// Conflict: there is no such service.
  [[nodiscard]] Result<void> putCheck(TimePoint now, const CheckDefinition& check);
  /// With its checks. Unknown: nothing happens.
  void removeService(std::string_view id);
  void removeCheck(std::string_view id);
  /// NotFound: there is no such service.
  [[nodiscard]] Result<void> setServiceMaintenance(TimePoint now, const std::string& id, bool on,
                                                   const std::string& reason);
  void setNodeMaintenance(TimePoint now, bool on, const std::string& reason);
  /// Conflict: no such check, or not one with a time to live.
  [[nodiscard]] Result<void> report(TimePoint now, const std::string& check, CheckResult result);

  // --- time
  /// What is to run now. Lets times to live run out, and takes services away that were critical for
  /// too long.
  [[nodiscard]] std::vector<CheckRun> step(TimePoint now);
  void finished(TimePoint now, const CheckRun& run, CheckResult result);
  [[nodiscard]] std::optional<TimePoint> nextDeadline() const;

  // --- as it is
  [[nodiscard]] const Services& services() const { return services_; }
  [[nodiscard]] const Checks& checks() const { return checks_; }
  [[nodiscard]] const Revision& revision() const { return revision_; }
  [[nodiscard]] LocalDefinitions definitions() const;
  /// What the catalog is to show of this node.
  [[nodiscard]] registry::NodeServices catalog(const NodeId& node) const;

 private:
  void put(TimePoint now, const CheckDefinition& check);
  void setMaintenance(TimePoint now, bool on, const CheckDefinition& check);
  void say(TimePoint now, LocalCheck& check, CheckResult result);
  void followAliases(TimePoint now);
  [[nodiscard]] CheckResult alias(const CheckDefinition& definition) const;
  void reap(TimePoint now);

  Spread spread_;
  Services services_;
  Checks checks_;
  Revision revision_;
  std::optional<TimePoint> reapDue_;
  std::uint64_t incarnations_ = 0;
};

}  // namespace cluster_lab::agent
