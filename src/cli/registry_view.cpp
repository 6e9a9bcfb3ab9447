#include "cli/registry_view.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/json_reading.hpp"
#include "cli/wording.hpp"
#include "registry/base64.hpp"

namespace cluster_lab::cli {
namespace {

using Json = nlohmann::json;

std::string worstOf(bool critical, bool warning) {
  if (critical) return "critical";
  return warning ? "warning" : "passing";
}

/// Every element of the list that `text` is, read by `read`. `kind`: what was expected.
template <typename View>
Result<std::vector<View>> readList(std::string_view text, const char* kind,
                                   View (*read)(const Json&)) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_array()) {
    return fail(ErrorCode::Corrupt, std::string("the answer is not a list of ") + kind);
  }
  std::vector<View> views;
  std::ranges::transform(json, std::back_inserter(views), read);
  return views;
}

/// Bytes that stand in the JSON as base64; empty where they do not.
std::string bytesOf(const Json& json, const char* key) {
  return registry::fromBase64(textOf(json, key)).value_or("");
}

ServiceView readService(const Json& json) {
  return {.name = textOf(json, "Name"),
          .tags = textsOf(json, "Tags"),
          .instances = numberOf<std::uint64_t>(json, "InstanceCount"),
          .passing = numberOf<std::uint64_t>(json, "ChecksPassing"),
          .warning = numberOf<std::uint64_t>(json, "ChecksWarning"),
          .critical = numberOf<std::uint64_t>(json, "ChecksCritical")};
}

InstanceView readInstance(const Json& json) {
  const auto& service = member(json, "Service");
  const auto& node = member(json, "Node");
  InstanceView view{.node = textOf(node, "Node"),
                    .id = textOf(service, "ID"),
                    .address = textOf(service, "Address"),
                    .port = numberOf<std::uint16_t>(service, "Port"),
                    .tags = textsOf(service, "Tags"),
                    .checks = {}};
  if (view.address.empty()) view.address = textOf(node, "Address");
  for (const auto& check : listOf(json, "Checks")) {
    view.checks.push_back(
        {textOf(check, "Name"), textOf(check, "Status"), textOf(check, "Output")});
  }
  return view;
}

MemberView readMember(const Json& json) {
  // serf.MemberStatus
  static constexpr std::array kStates = {"none", "alive", "leaving", "left", "failed"};
  const auto status = numberOf<std::uint64_t>(json, "Status");
  return {.name = textOf(json, "Name"),
          .address = textOf(json, "Addr"),
          .status = status < kStates.size() ? kStates.at(static_cast<std::size_t>(status)) : "none",
          .build = textOf(member(json, "Tags"), "build")};
}

EventView readEvent(const Json& json) {
  return {textOf(json, "Name"), bytesOf(json, "Payload"), textOf(json, "ID")};
}

MomentView readMoment(const Json& json) {
  return {numberOf<std::int64_t>(json, "time"), textOf(json, "kind"), textOf(json, "text")};
}

KeyView readKey(const Json& json) {
  return {textOf(json, "Key"), bytesOf(json, "Value")};
}

std::string readName(const Json& json) {
  return json.is_string() ? printable(json.get_ref<const std::string&>()) : "";
}

Result<ImportedKey> readImported(const Json& json) {
  const auto& key = member(json, "key");
  const auto& value = member(json, "value");
  if (!key.is_string() || key.get_ref<const std::string&>().empty()) {
    return fail(ErrorCode::InvalidArgument, "expected a key of one letter or more");
  }
  const auto name = key.get<std::string>();
  const auto bytes = value.is_string()
                         ? registry::fromBase64(value.get_ref<const std::string&>())
                         : fail(ErrorCode::InvalidArgument, "expected its value in base64");
  if (!bytes) return fail(bytes.error().during("key '" + name + "'"));
  return ImportedKey{name, numberOf<std::uint64_t>(json, "flags"), *bytes};
}

}  // namespace

std::string ServiceView::health() const {
  return worstOf(critical > 0, warning > 0);
}

std::string InstanceView::health() const {
  const auto any = [this](std::string_view status) {
    return std::ranges::find(checks, status, &Check::status) != checks.end();
  };
  return worstOf(any("critical"), any("warning"));
}

Result<std::vector<ServiceView>> parseServices(std::string_view json) {
  return readList(json, "services", readService);
}

Result<std::vector<InstanceView>> parseInstances(std::string_view json) {
  return readList(json, "service instances", readInstance);
}

Result<std::vector<MemberView>> parseMembers(std::string_view json) {
  return readList(json, "members", readMember);
}

Result<std::vector<EventView>> parseEvents(std::string_view json) {
  return readList(json, "events", readEvent);
}

Result<std::vector<MomentView>> parseTimeline(std::string_view json) {
  return readList(json, "moments of the cluster's history", readMoment);
}

Result<std::vector<KeyView>> parseKeys(std::string_view json) {
  return readList(json, "keys", readKey);
}

Result<std::vector<std::string>> parseKeyNames(std::string_view json) {
  return readList(json, "names of keys", readName);
}

Result<std::string> exportOf(std::string_view kvAnswer) {
  const auto json = Json::parse(kvAnswer, nullptr, false);
  if (!json.is_array()) return fail(ErrorCode::Corrupt, "the answer is not a list of keys");
  auto keys = nlohmann::ordered_json::array();
  for (const auto& entry : json) {
    const auto& key = member(entry, "Key");
    if (!key.is_string()) continue;
    keys.push_back({{"key", key.get<std::string>()},
                    {"flags", numberOf<std::uint64_t>(entry, "Flags")},
                    {"value", textOf(entry, "Value")}});
  }
  return keys.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<std::vector<ImportedKey>> parseExport(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_array()) {
    return fail(ErrorCode::InvalidArgument,
                "expected a JSON list of objects with key, flags and value (base64)",
                "such as kv export prints");
  }
  std::vector<ImportedKey> keys;
  for (const auto& entry : json) {
    auto read = readImported(entry);
    if (!read) return fail(read.error());
    keys.push_back(std::move(*read));
  }
  return keys;
}

}  // namespace cluster_lab::cli
