#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/command_line.hpp"
#include "cli/command_table.hpp"
#include "cli/commands.hpp"
#include "config/version.hpp"
#include "lab/lab_command.hpp"

namespace {

using namespace cluster_lab;

/// Colour only for a person's eyes (https://no-color.org).
bool wantsColour() {
  const char* no = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no == nullptr || *no == '\0');
}

int run(const std::vector<std::string>& arguments) {
  const auto invocation = cli::parseCommandLine(arguments);
  if (!invocation) {
    std::cerr << "cluster-lab: " << invocation.error().text() << "\n";
    return static_cast<int>(cli::Exit::Usage);
  }
  if (invocation->command == "lab") return lab::run(invocation->rest);
  if (invocation->version) {
    std::cout << "cluster-lab " << config::productVersion() << "\n";
    return 0;
  }
  if (invocation->help) {
    const auto& command = invocation->command;
    std::cout << (command.empty() ? cli::overallHelp() : cli::commandHelp(command));
    return 0;
  }
  return static_cast<int>(cli::runCommand(*invocation, cli::Style(wantsColour())));
}

}  // namespace

int main(int argc, char** argv) {
  return run({argv + 1, argv + argc});
}
