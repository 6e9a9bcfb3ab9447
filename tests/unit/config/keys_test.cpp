#include "config/keys.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "base/text.hpp"

namespace cluster_lab::config {
namespace {

std::string installedFile() {
  std::ifstream file(CLUSTER_LAB_SOURCE_DIR "/config/cluster-lab.conf");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What the installed file says about a key.
std::string documentation(const Key& key) {
  const auto standard = key.standardValue.empty() ? "nothing" : key.standardValue;
  const auto line = fmt::format("#{} = {}", key.name, key.standardValue);
  return fmt::format("\n# {}\n# Value: {}. Default: {}.\n{}\n", key.why, key.unit, standard,
                     trim(line));
}

}  // namespace

TEST_CASE("keys: cluster-lab.conf has every key, in order, with its default, unit and why") {
  const auto text = installedFile();
  std::size_t at = 0;
  for (const auto& key : keys()) {
    INFO("expected in config/cluster-lab.conf:" << documentation(key));
    const auto found = text.find(documentation(key), at);
    REQUIRE(found != std::string::npos);
    at = found;
  }
}

TEST_CASE("keys: cluster-lab.conf has no key that does not exist") {
  const auto text = installedFile();
  for (const auto line : split(text, '\n')) {
    if (line.empty() || line.starts_with("# ") || line.starts_with("## ") || line == "#") continue;
    INFO(std::string(line));
    REQUIRE(line.starts_with('#'));
    CHECK(findKey(trim(line.substr(1, line.find('=') - 1))) != nullptr);
  }
}

TEST_CASE("keys: the defaults of the table are those of the settings") {
  Settings read;
  for (const auto& key : keys()) {
    INFO(std::string(key.name));
    CHECK(key.read(key.standardValue, read));
    CHECK(read == Settings{});
  }
}

TEST_CASE("keys: each is there once, has a unit and one line of why that fits a page") {
  std::set<std::string_view> names;
  for (const auto& key : keys()) {
    INFO(std::string(key.name));
    CHECK(names.insert(key.name).second);
    CHECK_FALSE(key.unit.empty());
    CHECK(key.why.ends_with('.'));
    CHECK(key.why.size() <= 98);
    CHECK(key.why.find('\n') == std::string_view::npos);
  }
}

TEST_CASE("keys: the nearest key is the one that was meant") {
  CHECK(nearestKey("link.kin").name == "link.kind");
  CHECK(nearestKey("link_id").name == "link.id");
  CHECK(nearestKey("election.probe_count").name == "election.probe-count");
  CHECK(nearestKey("Registry.Port").name == "registry.port");
  CHECK(findKey("link.kin") == nullptr);
}

}  // namespace cluster_lab::config
