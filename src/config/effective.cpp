#include "config/effective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "config/check.hpp"
#include "config/keys.hpp"

namespace cluster_lab::config {
namespace {

constexpr const char* kDefault = "default";

/// Everything that was given for a key, in the order of the sources; the default where nothing was.
std::vector<Entry> entriesOf(const Key& key, const std::vector<Source>& sources) {
  std::vector<Entry> given;
  for (const auto& source : sources) {
    std::ranges::copy_if(source.entries, std::back_inserter(given),
                         [&](const Entry& entry) { return entry.key == key.name; });
  }
  if (given.empty()) given = {{std::string(key.name), std::string(key.standardValue), kDefault}};
  return given;
}

/// Where the first of the keys that somebody has set was set.
std::string originOf(const Contradiction& contradiction, const std::vector<Entry>& entries) {
  for (const auto key : contradiction.keys) {
    const auto entry = std::ranges::find(entries, key, &Entry::key);
    if (entry != entries.end() && entry->origin != kDefault) return entry->origin;
  }
  return kDefault;
}

}  // namespace

Effective combine(const std::vector<Source>& sources) {
  Effective effective;
  auto& errors = effective.errors;
  for (const auto& source : sources) {
    errors.insert(errors.end(), source.errors.begin(), source.errors.end());
  }
  for (const auto& key : keys()) {
    auto given = entriesOf(key, sources);
    for (const auto& [name, text, origin] : given) {
      const auto read = key.read(text, effective.settings);
      if (read) continue;
      errors.push_back(fmt::format("{}: {} = {}: {}", origin, name, text, read.error().message));
    }
    if (!key.repeatable) given.erase(given.begin(), given.end() - 1);
    std::ranges::move(given, std::back_inserter(effective.entries));
  }
  auto& link = effective.settings.link;
  if (link.idIsAuto) link.id = autoLinkId(effective.settings.cluster.id);
  for (const auto& contradiction : check(effective.settings)) {
    errors.push_back(originOf(contradiction, effective.entries) + ": " + contradiction.message);
  }
  return effective;
}

std::string printed(const Effective& effective) {
  std::string text;
  for (const auto& entry : effective.entries) {
    text += fmt::format("{} = {}  # {}\n", entry.key, entry.text, entry.origin);
  }
  text += fmt::format("# the cluster link: {}\n", effective.settings.link.name());
  return text;
}

}  // namespace cluster_lab::config
