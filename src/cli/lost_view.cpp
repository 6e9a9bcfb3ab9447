#include "cli/lost_view.hpp"

#include <nlohmann/json.hpp>

#include "cli/json_reading.hpp"
#include "cli/registry_client.hpp"
#include "cli/wording.hpp"

namespace cluster_lab::cli {
namespace {

using registry::LostKey;
using registry::LostWrites;

constexpr std::size_t kShownBytes = 60;

std::string timeText(std::int64_t time, std::string (*localTime)(std::int64_t)) {
  return time == 0 ? "clock not set" : localTime(time);
}

/// The beginning of a value, on one line.
std::string shown(const LostKey::Content& content) {
  if (content.value.size() <= kShownBytes) return printable(content.value);
  return printable(content.value.substr(0, kShownBytes)) + "... (" +
         std::to_string(content.value.size()) + " bytes)";
}

constexpr const char* kSilent = "not acknowledged";

std::string winnerText(const LostKey& key) {
  auto text = key.winner ? shown(*key.winner) : std::string("no such key");
  return key.contested ? text + " (changed there, too)" : text;
}

ReplayStep stepFor(const LostKey& key, bool force) {
  ReplayStep step{.what = (key.written ? "put " : "delete ") + printable(key.key),
                  .method = key.written ? "PUT" : "DELETE",
                  .target = keyTarget(key.key),
                  .body = {},
                  .contested = key.contested};
  if (key.written) {
    step.body = key.written->value;
    step.target += "?flags=" + std::to_string(key.written->flags);
  }
  if (!force) {
    step.target += key.written ? "&cas=" : "?cas=";
    step.target += std::to_string(key.winnerIndex);
  }
  return step;
}

}  // namespace

Result<std::vector<LostFileView>> parseLostFiles(std::string_view json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_array()) {
    return fail(ErrorCode::Corrupt, "the daemon's list of lost writes is no list");
  }
  std::vector<LostFileView> files;
  for (const auto& one : parsed) {
    files.push_back({.name = textOf(one, "name"),
                     .node = textOf(one, "node"),
                     .time = numberOf<std::int64_t>(one, "time"),
                     .keys = numberOf<std::uint64_t>(one, "keys"),
                     .registrations = numberOf<std::uint64_t>(one, "registrations"),
                     .problem = textOf(one, "problem")});
  }
  return files;
}

std::string renderLostFiles(const std::vector<LostFileView>& files, const Style& style,
                            std::string (*localTime)(std::int64_t)) {
  if (files.empty()) return "This node keeps no lost writes.\n";
  std::vector<Row> rows = {{{"FILE", Tone::Quiet},
                            {"WHEN", Tone::Quiet},
                            {"KEYS", Tone::Quiet},
                            {"REGISTRATIONS", Tone::Quiet}}};
  for (const auto& file : files) {
    if (!file.problem.empty()) {
      rows.push_back({{file.name, Tone::Strong}, {file.problem, Tone::Bad}});
      continue;
    }
    rows.push_back({{file.name, Tone::Strong},
                    {timeText(file.time, localTime)},
                    {std::to_string(file.keys)},
                    {std::to_string(file.registrations)}});
  }
  return renderTable(rows, style);
}

std::string renderLost(const LostWrites& lost, const Style& style,
                       std::string (*localTime)(std::int64_t)) {
  auto text = "Written by " + printable(lost.nodeName) + " under term " +
              std::to_string(lost.last.term) + ", given up: " + timeText(lost.time, localTime) +
              "\n";
  text += lost.parted.index == 0
              ? std::string("The two sides have no known common past.\n")
              : "The sides parted after index " + std::to_string(lost.parted.index) + ".\n";
  std::vector<Row> rows;
  rows.reserve(lost.keys.size() + lost.registrations.size());
  for (const auto& key : lost.keys) {
    rows.push_back({{key.written ? "put" : "delete", key.contested ? Tone::Warning : Tone::Good},
                    {printable(key.key), Tone::Strong},
                    {key.written ? shown(*key.written) : ""},
                    {"winner: " + winnerText(key), Tone::Quiet},
                    {key.acknowledged ? "" : kSilent, Tone::Quiet}});
  }
  for (const auto& one : lost.registrations) {
    rows.push_back({{"register", one.contested ? Tone::Warning : Tone::Good},
                    {printable(one.what), Tone::Strong},
                    {},
                    {},
                    {one.acknowledged ? "" : kSilent, Tone::Quiet}});
  }
  return text + renderTable(rows, style);
}

std::vector<ReplayStep> planReplay(const LostWrites& lost, bool force) {
  std::vector<ReplayStep> steps;
  steps.reserve(lost.keys.size() + lost.registrations.size());
  for (const auto& key : lost.keys) steps.push_back(stepFor(key, force));
  for (const auto& one : lost.registrations) {
    steps.push_back({.what = "register " + printable(one.what),
                     .method = "PUT",
                     .target = "/v1/catalog/register",
                     .body = one.body,
                     .contested = one.contested});
  }
  return steps;
}

}  // namespace cluster_lab::cli
