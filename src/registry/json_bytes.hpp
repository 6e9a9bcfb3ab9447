#pragma once

#include <string>

#include "registry/fields.hpp"
#include "registry/json_writer.hpp"

namespace cluster_lab::registry {

// Keys and values are any bytes, JSON text is not: what is not plain ASCII is the member NAME64, in
// base64, in the place of NAME.
void writeBytes(JsonWriter& json, const std::string& name, const std::string& bytes);
/// Keeps what is missing or wrong as the error of the fields.
[[nodiscard]] std::string readBytes(Fields& fields, const std::string& name);

}  // namespace cluster_lab::registry
