#include "cli/registry_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/wording.hpp"

namespace cluster_lab::cli {
namespace {

Row headRow(const std::vector<std::string>& titles) {
  Row row;
  for (const auto& title : titles) row.push_back({title, Tone::Quiet});
  return row;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) (text += text.empty() ? "" : ", ") += word;
  return text;
}

std::string checksText(const ServiceView& service) {
  std::vector<std::string> parts;
  if (service.passing > 0) parts.push_back(std::to_string(service.passing) + " passing");
  if (service.warning > 0) parts.push_back(std::to_string(service.warning) + " warning");
  if (service.critical > 0) parts.push_back(std::to_string(service.critical) + " critical");
  return joined(parts);
}

std::string placeOf(const InstanceView& instance) {
  return instance.address + (instance.port == 0 ? "" : ":" + std::to_string(instance.port));
}

std::string complaintsOf(const InstanceView& instance, const Style& style) {
  std::string text;
  for (const auto& check : instance.checks) {
    if (check.status == "passing") continue;
    text += "  " + instance.id + " on " + instance.node + ": " +
            style.paint(toneOf(check.status), check.name + " is " + check.status);
    const auto output = trim(check.output);
    text += (output.empty() ? "" : ": " + std::string(output)) + "\n";
  }
  return text;
}

}  // namespace

std::string renderServices(const std::vector<ServiceView>& services, const Style& style) {
  if (services.empty()) return "No service is registered.\n";
  std::vector<Row> rows = {headRow({"NAME", "HEALTH", "INSTANCES", "CHECKS", "TAGS"})};
  for (const auto& service : services) {
    rows.push_back({{service.name, Tone::Strong},
                    {service.health(), toneOf(service.health())},
                    {std::to_string(service.instances)},
                    {checksText(service)},
                    {joined(service.tags)}});
  }
  return renderTable(rows, style);
}

std::string renderInstances(const std::vector<InstanceView>& instances, const Style& style) {
  std::vector<Row> rows = {headRow({"NODE", "ID", "ADDRESS", "HEALTH", "TAGS"})};
  std::string complaints;
  for (const auto& instance : instances) {
    rows.push_back({{instance.node, Tone::Strong},
                    {instance.id},
                    {placeOf(instance)},
                    {instance.health(), toneOf(instance.health())},
                    {joined(instance.tags)}});
    complaints += complaintsOf(instance, style);
  }
  return renderTable(rows, style) + (complaints.empty() ? "" : "\n" + complaints);
}

std::string renderMembers(const std::vector<MemberView>& members, const Style& style) {
  std::vector<Row> rows = {headRow({"NAME", "ADDRESS", "STATUS", "BUILD"})};
  for (const auto& member : members) {
    rows.push_back({{member.name, Tone::Strong},
                    {member.address},
                    {member.status, member.status == "alive" ? Tone::Good : Tone::Bad},
                    {member.build}});
  }
  return renderTable(rows, style);
}

std::string renderEvents(const std::vector<EventView>& events, const Style& style) {
  if (events.empty()) return "No event was fired.\n";
  std::vector<Row> rows = {headRow({"ID", "NAME", "PAYLOAD"})};
  for (const auto& event : events) {
    rows.push_back(
        {{event.id, Tone::Quiet}, {event.name, Tone::Strong}, {printable(event.payload)}});
  }
  return renderTable(rows, style);
}

std::string renderTimeline(const std::vector<MomentView>& moments, const Style& style,
                           std::string (*localTime)(std::int64_t)) {
  if (moments.empty()) return "Nothing has happened yet.\n";
  std::vector<Row> rows;
  rows.reserve(moments.size());
  for (const auto& moment : moments) {
    rows.push_back({{moment.time == 0 ? "clock not set" : localTime(moment.time), Tone::Quiet},
                    {moment.kind, Tone::Strong},
                    {moment.text}});
  }
  return renderTable(rows, style);
}

std::string renderKeys(const std::vector<KeyView>& keys, const Style& style) {
  std::string text;
  for (const auto& key : keys) {
    text += style.paint(Tone::Strong, key.key) + ": " + printable(key.value) + "\n";
  }
  return text;
}

}  // namespace cluster_lab::cli
