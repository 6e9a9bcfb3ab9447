#include "agent/local_services.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "agent/alias.hpp"

namespace cluster_lab::agent {
namespace {

using namespace std::chrono_literals;
using registry::Health;

// agent.checkDeregisterIntervalMin, CheckReapInterval
constexpr Duration kShortestCritical = 1min;
constexpr Duration kReapInterval = 30s;

/// Aliases that say what another alias says, and so on; a circle of them ends somewhere.
constexpr int kLongestAliasChain = 8;

bool isLocalAlias(const CheckDefinition& check) {
  return check.kind() == CheckKind::Alias && check.aliasNode.empty();
}

Duration criticalLimit(const CheckDefinition& check) {
  return std::max<Duration>(check.deregisterAfter, kShortestCritical);
}

CheckDefinition maintenanceCheck(const std::string& id, const std::string& of,
                                 const std::string& reason) {
  CheckDefinition check;
  check.id = id;
  check.name = (of == "node" ? "Node" : "Service") + std::string(" Maintenance Mode");
  check.notes = reason;
  check.maintenance = true;
  if (reason.empty()) {
    check.notes = "Maintenance mode is enabled for this " + of +
                  ", but no reason was provided. This is a default message.";
  }
  return check;
}

registry::Check rowOf(const NodeId& node, const LocalCheck& check) {
  const auto& definition = check.definition;
  return {.node = node,
          .id = definition.id,
          .name = definition.name,
          .status = check.status,
          .output = check.output,
          .notes = definition.notes,
          .serviceId = definition.serviceId,
          .type = std::string(toString(definition.kind())),
          .definition = {}};
}

}  // namespace

// --- registrations

void LocalServices::restore(TimePoint now, const LocalDefinitions& definitions) {
  for (const auto& service : definitions.services) services_[service.id] = service;
  for (const auto& check : definitions.checks) {
    if (check.serviceId.empty() || services_.contains(check.serviceId)) put(now, check);
  }
  ++revision_.registrations;
  followAliases(now);
}

void LocalServices::putService(TimePoint now, const ServiceRegistration& registration,
                               bool replaceChecks) {
  const auto& id = registration.service.id;
  services_[id] = registration.service;
  std::set<std::string> kept;
  for (const auto& check : registration.checks) {
    put(now, check);
    kept.insert(check.id);
  }
  if (replaceChecks) {
    std::erase_if(checks_, [&](const auto& check) {
      return check.second.definition.serviceId == id && !kept.contains(check.first);
    });
  }
  ++revision_.registrations;
  followAliases(now);
}

Result<void> LocalServices::putCheck(TimePoint now, const CheckDefinition& check) {
  if (!check.serviceId.empty() && !services_.contains(check.serviceId)) {
    return fail(ErrorCode::Conflict, "ServiceID \"" + check.serviceId + "\" does not exist");
  }
  put(now, check);
  ++revision_.registrations;
  followAliases(now);
  return {};
}

void LocalServices::put(TimePoint now, const CheckDefinition& check) {
  LocalCheck made{
      .definition = check,
      .status = check.status.value_or(Health::Critical),
      .output = {},
      .criticalSince = {},
      .course = CheckCourse(check, now, spread_(std::max<Duration>(check.interval, 1s))),
      .incarnation = ++incarnations_};
  if (made.status == Health::Critical) made.criticalSince = now;
  const auto before = checks_.find(check.id);
  if (before != checks_.end()) {
    made.status = before->second.status;
    made.output = before->second.output;
    made.criticalSince = before->second.criticalSince;
  }
  checks_.insert_or_assign(check.id, std::move(made));
}

void LocalServices::removeService(std::string_view id) {
  const auto service = services_.find(id);
  if (service == services_.end()) return;
  std::erase_if(checks_, [&](const auto& check) {
    return check.second.definition.serviceId == service->first;
  });
  services_.erase(service);
  ++revision_.registrations;
}

void LocalServices::removeCheck(std::string_view id) {
  const auto check = checks_.find(id);
  if (check == checks_.end()) return;
  checks_.erase(check);
  ++revision_.registrations;
}

Result<void> LocalServices::setServiceMaintenance(TimePoint now, const std::string& id, bool on,
                                                  const std::string& reason) {
  if (!services_.contains(id)) {
    return fail(ErrorCode::NotFound, "No service registered with ID \"" + id + "\"");
  }
  auto check = maintenanceCheck(serviceMaintenance(id), "service", reason);
  check.serviceId = id;
  setMaintenance(now, on, check);
  return {};
}

void LocalServices::setNodeMaintenance(TimePoint now, bool on, const std::string& reason) {
  setMaintenance(now, on, maintenanceCheck(std::string(kNodeMaintenance), "node", reason));
}

/// On where it is on already: the reason stays.
void LocalServices::setMaintenance(TimePoint now, bool on, const CheckDefinition& check) {
  if (on == checks_.contains(check.id)) return;
  if (!on) return removeCheck(check.id);
  put(now, check);
  ++revision_.registrations;
  followAliases(now);
}

Result<void> LocalServices::report(TimePoint now, const std::string& id, CheckResult result) {
  const auto check = checks_.find(id);
  if (check == checks_.end() || check->second.definition.kind() != CheckKind::Ttl) {
    return fail(ErrorCode::Conflict, "CheckID \"" + id + "\" does not have associated TTL");
  }
  say(now, check->second, check->second.course.reported(now, std::move(result)));
  followAliases(now);
  return {};
}

// --- time

std::vector<CheckRun> LocalServices::step(TimePoint now) {
  std::vector<CheckRun> runs;
  for (auto& [id, check] : checks_) {
    if (auto over = check.course.expire(now)) say(now, check, *std::move(over));
    if (check.course.begin(now)) runs.push_back({check.definition, check.incarnation});
  }
  followAliases(now);
  reap(now);
  return runs;
}

void LocalServices::finished(TimePoint now, const CheckRun& run, CheckResult result) {
  const auto check = checks_.find(run.definition.id);
  if (check == checks_.end() || check->second.incarnation != run.incarnation) return;
  auto said = check->second.course.finished(now, std::move(result));
  if (said) say(now, check->second, *std::move(said));
  followAliases(now);
}

std::optional<TimePoint> LocalServices::nextDeadline() const {
  auto next = reapDue_;
  for (const auto& [id, check] : checks_) {
    const auto due = check.course.nextDeadline();
    if (due) next = next ? std::min(*next, *due) : due;
  }
  return next;
}

void LocalServices::say(TimePoint now, LocalCheck& check, CheckResult result) {
  if (check.status != result.status) {
    ++revision_.statuses;
    check.status = result.status;
    check.criticalSince = result.status == Health::Critical ? std::optional(now) : std::nullopt;
  }
  if (check.output != result.output) {
    ++revision_.outputs;
    check.output = std::move(result.output);
  }
}

void LocalServices::followAliases(TimePoint now) {
  for (int i = 0; i < kLongestAliasChain; ++i) {
    const auto before = revision_;
    for (auto& [id, check] : checks_) {
      if (isLocalAlias(check.definition)) say(now, check, alias(check.definition));
    }
    if (revision_ == before) return;
  }
}

/// An alias of the node's own does not follow itself, nor others of the node: none of them could
/// ever say passing again.
CheckResult LocalServices::alias(const CheckDefinition& definition) const {
  std::vector<AliasedCheck> others;
  for (const auto& [id, check] : checks_) {
    const auto& other = check.definition;
    if (id == definition.id || (other.serviceId.empty() && other.kind() == CheckKind::Alias)) {
      continue;
    }
    others.push_back({other.name, other.serviceId, check.status, check.output});
  }
  return judgeAlias({.node = {},
                     .service = definition.aliasService,
                     .exists = services_.contains(definition.aliasService)},
                    others);
}

void LocalServices::reap(TimePoint now) {
  const bool due = reapDue_ && *reapDue_ <= now;
  std::set<std::string> gone;
  bool watched = false;
  for (const auto& [id, check] : checks_) {
    const auto& definition = check.definition;
    if (definition.deregisterAfter.count() <= 0 || definition.serviceId.empty()) continue;
    watched = true;
    if (due && check.criticalSince && now - *check.criticalSince >= criticalLimit(definition)) {
      gone.insert(definition.serviceId);
    }
  }
  for (const auto& service : gone) removeService(service);
  if (!watched) reapDue_.reset();
  if (watched && (due || !reapDue_)) reapDue_ = now + kReapInterval;
}

// --- as it is

LocalDefinitions LocalServices::definitions() const {
  LocalDefinitions definitions;
  for (const auto& [id, service] : services_) definitions.services.push_back(service);
  for (const auto& [id, check] : checks_) definitions.checks.push_back(check.definition);
  return definitions;
}

registry::NodeServices LocalServices::catalog(const NodeId& node) const {
  registry::NodeServices catalog{.node = node, .services = {}, .checks = {}};
  for (const auto& [id, service] : services_) {
    catalog.services.push_back(service);
    catalog.services.back().node = node;
  }
  for (const auto& [id, check] : checks_) catalog.checks.push_back(rowOf(node, check));
  return catalog;
}

}  // namespace cluster_lab::agent
