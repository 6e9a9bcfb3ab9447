#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

/// Reads answers that may lack anything: what is missing, or of another type, is empty.
namespace cluster_lab::cli {

/// null where `json` is no object or has no such member.
[[nodiscard]] const nlohmann::json& member(const nlohmann::json& json, const char* key);
/// Printable.
[[nodiscard]] std::string textOf(const nlohmann::json& json, const char* key);
/// For std::int64_t, std::uint64_t, std::uint32_t, std::uint16_t and double.
template <typename Number>
[[nodiscard]] Number numberOf(const nlohmann::json& json, const char* key);
/// The list `key`, or an empty one.
[[nodiscard]] const nlohmann::json& listOf(const nlohmann::json& json, const char* key);
/// The list's texts, printable.
[[nodiscard]] std::vector<std::string> textsOf(const nlohmann::json& json, const char* key);

}  // namespace cluster_lab::cli
