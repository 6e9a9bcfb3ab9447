#include "cli/json_reading.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "cli/wording.hpp"

namespace cluster_lab::cli {

using Json = nlohmann::json;

const Json& member(const Json& json, const char* key) {
  static const Json kNothing;
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found == json.end() ? kNothing : *found;
}

std::string textOf(const Json& json, const char* key) {
  const auto& value = member(json, key);
  return value.is_string() ? printable(value.get_ref<const std::string&>()) : "";
}

template <typename Number>
Number numberOf(const Json& json, const char* key) {
  const auto& value = member(json, key);
  return value.is_number() ? value.get<Number>() : Number{};
}

template std::int64_t numberOf(const Json& json, const char* key);
template std::uint64_t numberOf(const Json& json, const char* key);
template std::uint32_t numberOf(const Json& json, const char* key);
template std::uint16_t numberOf(const Json& json, const char* key);
template double numberOf(const Json& json, const char* key);

const Json& listOf(const Json& json, const char* key) {
  static const auto kEmpty = Json::array();
  const auto& value = member(json, key);
  return value.is_array() ? value : kEmpty;
}

std::vector<std::string> textsOf(const Json& json, const char* key) {
  std::vector<std::string> texts;
  for (const auto& value : listOf(json, key)) {
    if (value.is_string()) texts.push_back(printable(value.get_ref<const std::string&>()));
  }
  return texts;
}

}  // namespace cluster_lab::cli
