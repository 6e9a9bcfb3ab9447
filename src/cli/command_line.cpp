#include "cli/command_line.hpp"

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <utility>

#include "base/text.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {
namespace {

namespace po = boost::program_options;

constexpr std::array kCommands = {
    CommandInfo{"status", "", "this node and its cluster on one screen",
                "Shows the state of the cluster in one sentence, this node's role, link and\n"
                "addresses, its problems with what to do, and its neighbours.\n"
                "Exit code 1 when something is wrong.\n"},
    CommandInfo{"nodes", "", "the table of all nodes",
                "Shows name, role, health, address, age and labels of every node.\n"
                "Exit code 1 when a node is not healthy.\n"},
    CommandInfo{"start", "", "start the cluster on this node",
                "Starts the service cluster-start, and returns when this node leads or follows.\n"
                "Needs root.\n"},
    CommandInfo{"stop", "", "stop the cluster on this node",
                "Starts the service cluster-stop: this node leaves the cluster, and its network\n"
                "is put back as it was. Needs root.\n"},
    CommandInfo{"dependencies", "", "the programs and kernel modules that are needed",
                "Shows what is found in which version, and the package of what is missing.\n"
                "Exit code 1 when a required one is missing.\n"},
    CommandInfo{"health", "", "check this node, link by link of the chain",
                "Prints a PASS, WARN, FAIL or SKIP line per check, from the configuration to the\n"
                "scheduler endpoint, and what to do about each that failed.\n"
                "Exit code 1 when a check failed.\n"},
    CommandInfo{"doctor", "", "what is wrong, why, and what to do",
                "Explains what keeps this node or its cluster from working, from what the daemon\n"
                "hears and from this machine itself. Changes nothing; works without the daemon.\n"
                "Exit code 1 when something is wrong.\n"},
    CommandInfo{"lab", "COMMAND ...", "a virtual cluster on this machine",
                "Runs nodes in network namespaces. See: cluster-lab lab --help\n"},
};

constexpr std::array kOptions = {
    OptionInfo{"json", "", "print JSON, for programs"},
    OptionInfo{"address", "HOST:PORT", "the daemon to ask (default: 127.0.0.1, registry.port)"},
    OptionInfo{"config", "FILE", "read this configuration file instead of the system's"},
    OptionInfo{"help", "", "print help, with a command: about the command"},
    OptionInfo{"version", "", "print the version"},
};

po::options_description describedOptions() {
  po::options_description description;
  for (const auto& option : kOptions) {
    const std::string name(option.name);
    const std::string summary(option.summary);
    if (option.argument.empty()) {
      description.add_options()(name.c_str(), summary.c_str());
    } else {
      description.add_options()(name.c_str(), po::value<std::string>(), summary.c_str());
    }
  }
  description.add_options()("command", po::value<std::vector<std::string>>(), "");
  return description;
}

Result<po::variables_map> parse(const std::vector<std::string>& arguments) {
  using po::command_line_style::allow_guessing;
  using po::command_line_style::unix_style;
  const auto description = describedOptions();
  po::positional_options_description positional;
  positional.add("command", -1);
  try {
    po::variables_map values;
    po::store(po::command_line_parser(arguments)
                  .options(description)
                  .positional(positional)
                  .style(unix_style & ~allow_guessing)
                  .run(),
              values);
    return values;
  } catch (const po::error& error) {
    return fail(ErrorCode::InvalidArgument, error.what(), "see: cluster-lab --help");
  }
}

/// "HOST:PORT", "HOST" or ":PORT".
Result<void> readAddress(const std::string& text, Invocation& invocation) {
  const auto colon = text.rfind(':');
  const auto host = text.substr(0, colon);
  if (!host.empty()) invocation.host = host;
  if (colon == std::string::npos) return {};
  const auto port = parseInteger(text.substr(colon + 1), 1, 65535);
  if (!port) {
    return fail(ErrorCode::InvalidArgument, "--address expects HOST:PORT, found '" + text + "'",
                "e.g. --address 10.0.0.5:8500");
  }
  invocation.port = static_cast<std::uint16_t>(*port);
  return {};
}

Result<void> readCommand(const std::vector<std::string>& words, Invocation& invocation) {
  const auto& name = words.front();
  if (commandHelp(name).empty()) {
    return fail(ErrorCode::InvalidArgument, "there is no command '" + name + "'",
                "see: cluster-lab --help");
  }
  if (words.size() > 1) {
    return fail(ErrorCode::InvalidArgument,
                "the command " + name + " takes no argument, found '" + words[1] + "'",
                "see: cluster-lab " + name + " --help");
  }
  invocation.command = name;
  return {};
}

std::string optionsHelp() {
  std::vector<Row> rows;
  for (const auto& option : kOptions) {
    auto name = "--" + std::string(option.name);
    if (!option.argument.empty()) name += " " + std::string(option.argument);
    rows.push_back({{name}, {std::string(option.summary)}});
  }
  return "\nOptions:\n" + renderTable(rows, Style(false), 2);
}

}  // namespace

std::span<const CommandInfo> commands() {
  return kCommands;
}

std::span<const OptionInfo> options() {
  return kOptions;
}

Result<Invocation> parseCommandLine(const std::vector<std::string>& arguments) {
  Invocation invocation;
  if (!arguments.empty() && arguments.front() == "lab") {
    invocation.command = "lab";
    invocation.rest.assign(arguments.begin() + 1, arguments.end());
    return invocation;
  }
  const auto values = parse(arguments);
  if (!values) return fail(values.error());
  invocation.json = values->contains("json");
  invocation.help = values->contains("help");
  invocation.version = values->contains("version");
  if (values->contains("config")) invocation.configuration = (*values)["config"].as<std::string>();
  if (values->contains("address")) {
    const auto read = readAddress((*values)["address"].as<std::string>(), invocation);
    if (!read) return fail(read.error());
  }
  if (values->contains("command")) {
    const auto read = readCommand((*values)["command"].as<std::vector<std::string>>(), invocation);
    if (!read) return fail(read.error());
  } else if (!invocation.help && !invocation.version) {
    return fail(ErrorCode::InvalidArgument, "a command is expected, found none",
                "see: cluster-lab --help");
  }
  return invocation;
}

std::string overallHelp() {
  std::vector<Row> rows;
  for (const auto& command : kCommands) {
    auto name = std::string(command.name);
    if (!command.arguments.empty()) name += " " + std::string(command.arguments);
    rows.push_back({{name}, {std::string(command.summary)}});
  }
  return "Usage: cluster-lab COMMAND [OPTION]...\n"
         "Looks at the cluster that this node is part of, starts and stops it here.\n"
         "\nCommands:\n" +
         renderTable(rows, Style(false), 2) + optionsHelp() +
         "\nExit codes: 0 all is well, 1 something is wrong, 2 the command line was not\n"
         "understood, 69 the daemon does not answer.\n";
}

std::string commandHelp(std::string_view command) {
  const auto found = std::ranges::find(kCommands, command, &CommandInfo::name);
  if (found == kCommands.end()) return "";
  auto usage = "Usage: cluster-lab " + std::string(found->name) + " ";
  usage += found->arguments.empty() ? "[OPTION]..." : std::string(found->arguments);
  return usage + "\n" + std::string(found->help) + optionsHelp();
}

}  // namespace cluster_lab::cli
