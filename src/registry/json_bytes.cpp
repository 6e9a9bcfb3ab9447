#include "registry/json_bytes.hpp"

#include <algorithm>

#include "registry/base64.hpp"

namespace cluster_lab::registry {
namespace {

bool isPlainAscii(const std::string& text) {
  return std::ranges::all_of(text, [](char letter) { return letter >= 0x20 && letter < 0x7F; });
}

}  // namespace

void writeBytes(JsonWriter& json, const std::string& name, const std::string& bytes) {
  if (isPlainAscii(bytes)) {
    json.member(name, bytes);
  } else {
    json.member(name + "64", toBase64(bytes));
  }
}

std::string readBytes(Fields& fields, const std::string& name) {
  const auto coded = name + "64";
  if (!fields.has(coded)) return fields.text(name);
  return fields.valueOr(coded, fromBase64(fields.text(coded)));
}

}  // namespace cluster_lab::registry
