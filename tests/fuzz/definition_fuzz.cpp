// Whatever a client registers is read without harm, and what is kept of it in the file reads the
// same.
// sources: agent/definition*.cpp agent/member_names.cpp agent/url.cpp http/target.cpp
// sources: registry/go_object.cpp registry/go_values.cpp registry/json_writer.cpp
// sources: registry/row_json.cpp registry/row_json_services.cpp registry/fields.cpp
// sources: registry/base64.cpp
#include <cstdlib>

#include "agent/definition_json.hpp"
#include "agent/url.hpp"

using namespace cluster_lab::agent;

namespace {

void keep(const LocalDefinitions& definitions) {
  const auto text = toJson(definitions);
  const auto read = parseDefinitions(text);
  if (!read || toJson(*read) != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto service = parseServiceRegistration(text)) {
    keep({.services = {service->service}, .checks = service->checks});
  }
  if (const auto check = parseCheckRegistration(text)) {
    keep({.services = {}, .checks = {*check}});
    if (const auto url = parseUrl(check->http)) (void)resolve(*url, check->body);
  }
  (void)parseTtlReport(text);
  (void)parseDefinitions(text);
  if (const auto url = parseUrl(text)) (void)resolve(*url, text);
  return 0;
}
