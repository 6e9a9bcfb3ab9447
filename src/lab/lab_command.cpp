#include "lab/lab_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <lab_usage.hpp>
#include <map>

#include "lab/lab.hpp"
#include "lab/machine_spec.hpp"
#include "lab/node_init.hpp"
#include "lab/request.hpp"

namespace cluster_lab::lab {
namespace {

using Action = Result<void> (Lab::*)(const Request&);

const std::map<std::string, Action>& actions() {
  static const std::map<std::string, Action> all = {
      {"up", &Lab::up},     {"add", &Lab::add},     {"ls", &Lab::list},       {"exec", &Lab::exec},
      {"kill", &Lab::kill}, {"start", &Lab::start}, {"unplug", &Lab::unplug}, {"plug", &Lab::plug},
      {"logs", &Lab::logs}, {"down", &Lab::down},
  };
  return all;
}

int complain(const Error& error, int exitCode) {
  fmt::print(stderr, "lab: {}\n", error.text());
  return exitCode;
}

/// What a node's first process runs; not for users.
int beNode(const std::vector<std::string>& arguments) {
  const auto spec = parseMachineSpec({arguments.begin() + 1, arguments.end()});
  if (!spec) return complain(spec.error(), 2);
  return runNodeInit(*spec);
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments.front() == "lab-init") return beNode(arguments);
  const auto* const standardLab = std::getenv("CLUSTER_LAB_LAB");
  const auto request = parseRequest(arguments, standardLab == nullptr ? "" : standardLab);
  if (!request) return complain(request.error(), 2);
  if (request->verb == "help") {
    fmt::print("{}", kUsage);
    return 0;
  }
  if (geteuid() != 0)
    return complain({ErrorCode::PermissionDenied, "a lab wants root", "use sudo"}, 1);
  Lab lab(request->lab);
  const auto done = (lab.*actions().at(request->verb))(*request);
  return done ? 0 : complain(done.error(), 1);
}

}  // namespace cluster_lab::lab
