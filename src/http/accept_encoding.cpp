#include "http/accept_encoding.hpp"

#include <string>

#include "base/text.hpp"

namespace cluster_lab::http {
namespace {

/// "q=0", "q=0.0", ...: not acceptable (RFC 9110 section 12.4.2).
bool isZeroWeight(std::string_view parameter) {
  parameter = trim(parameter);
  if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return false;
  return parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

bool acceptsGzip(std::string_view header) {
  for (const auto choice : split(header, ',')) {
    const auto semicolon = choice.find(';');
    if (toLower(trim(choice.substr(0, semicolon))) != "gzip") continue;
    return semicolon == std::string_view::npos || !isZeroWeight(choice.substr(semicolon + 1));
  }
  return false;
}

}  // namespace cluster_lab::http
