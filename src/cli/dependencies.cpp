#include "cli/dependencies.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

namespace cluster_lab::cli {
namespace {

Dependency module(const char* name, const char* purpose, bool required) {
  return {.name = name,
          .isModule = true,
          .purpose = purpose,
          .need = required ? Need::Required : Need::Optional,
          .package = "the kernel's own package",
          .version = {}};
}

Dependency program(const char* name, const char* purpose, Need need, const char* package,
                   std::vector<std::string> version) {
  return {.name = name,
          .isModule = false,
          .purpose = purpose,
          .need = need,
          .package = package,
          .version = std::move(version)};
}

Cell stateCell(const DependencyState& state) {
  if (state.found) return {state.version.empty() ? "found" : state.version, Tone::Good};
  const bool required = state.dependency.need == Need::Required;
  return {"missing", required ? Tone::Bad : Tone::Quiet};
}

std::string adviceFor(const DependencyState& state) {
  if (state.found) return "";
  const auto& dependency = state.dependency;
  if (dependency.isModule) return "use a kernel with it, e.g. the distribution's";
  return "apt install " + dependency.package;
}

}  // namespace

std::vector<Dependency> dependencies(LinkKind kind) {
  return {
      module("8021q", "cluster link of kind vlan", kind == LinkKind::Vlan),
      module("vxlan", "cluster link of kind vxlan", kind == LinkKind::Vxlan),
      program("dnsmasq", "DHCP server of the leader", Need::Required, "dnsmasq-base",
              {"dnsmasq", "--version"}),
      program("udhcpc", "DHCP client of a follower", Need::Required, "udhcpc",
              {"udhcpc", "--help"}),
      program("dockerd", "containers on this node", Need::Optional, "docker.io",
              {"dockerd", "--version"}),
      program("haproxy", "traffic to services", Need::Optional, "haproxy", {"haproxy", "-v"}),
      program("etcd", "registry store with a majority's word", Need::Optional, "etcd-server",
              {"etcd", "--version"}),
  };
}

std::string versionIn(std::string_view output) {
  static const std::regex kVersion(R"((^|[^\w.])[vV]?(\d+\.\d+[\w.+~-]*))");
  std::match_results<std::string_view::const_iterator> found;
  if (!std::regex_search(output.begin(), output.end(), found, kVersion)) return "";
  auto version = found[2].str();
  while (!version.empty() && (version.back() == '.' || version.back() == '-')) version.pop_back();
  return version;
}

bool allRequiredFound(const std::vector<DependencyState>& states) {
  return std::ranges::all_of(states, [](const DependencyState& state) {
    return state.found || state.dependency.need == Need::Optional;
  });
}

std::string renderDependencies(const std::vector<DependencyState>& states, const Style& style) {
  std::vector<Row> rows = {{{"NAME", Tone::Quiet},
                            {"FOUND", Tone::Quiet},
                            {"NEEDED", Tone::Quiet},
                            {"FOR", Tone::Quiet},
                            {"WHAT TO DO", Tone::Quiet}}};
  for (const auto& state : states) {
    const auto& dependency = state.dependency;
    rows.push_back({{dependency.name, Tone::Strong},
                    stateCell(state),
                    {dependency.need == Need::Required ? "yes" : "optional"},
                    {dependency.purpose},
                    {adviceFor(state)}});
  }
  return renderTable(rows, style);
}

std::string dependenciesJson(const std::vector<DependencyState>& states) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& [dependency, found, version] : states) {
    list.push_back({{"name", dependency.name},
                    {"purpose", dependency.purpose},
                    {"needed", dependency.need == Need::Required ? "required" : "optional"},
                    {"found", found},
                    {"version", version},
                    {"package", dependency.package}});
  }
  return list.dump(2) + "\n";
}

}  // namespace cluster_lab::cli
