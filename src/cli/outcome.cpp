#include "cli/outcome.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

namespace cluster_lab::cli {

Exit complain(const Error& error) {
  std::cerr << "cluster-lab: " << error.message << "\n";
  if (!error.remedy.empty()) std::cerr << "What to do: " << error.remedy << "\n";
  const bool unreachable =
      error.code == ErrorCode::Unavailable || error.code == ErrorCode::TimedOut;
  return unreachable ? Exit::Unreachable : Exit::Wrong;
}

Exit exitFor(bool well) {
  return well ? Exit::Ok : Exit::Wrong;
}

std::string pretty(const std::string& json) {
  using Json = nlohmann::ordered_json;
  return Json::parse(json, nullptr, false).dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace cluster_lab::cli
