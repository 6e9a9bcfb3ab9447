#include "cli/command_line.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "cli/command_table.hpp"

namespace cluster_lab::cli {
namespace {

namespace po = boost::program_options;

po::options_description describedOptions() {
  po::options_description description;
  for (const auto& option : options()) {
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

/// The action that `words` (the command and what follows it) name.
Result<const ActionInfo*> findAction(const std::vector<std::string>& words) {
  const auto find = [&](std::string_view name) -> const ActionInfo* {
    const auto found = std::ranges::find_if(actions(), [&](const ActionInfo& action) {
      return action.command == words.front() && action.name == name;
    });
    return found == actions().end() ? nullptr : &*found;
  };
  const auto* named = words.size() > 1 && !words[1].empty() ? find(words[1]) : nullptr;
  const auto* own = find("");
  if (named != nullptr || own != nullptr) return named != nullptr ? named : own;
  return fail(ErrorCode::InvalidArgument,
              words.front() + " expects one of " + actionNames(words.front()) + ", found " +
                  (words.size() > 1 ? "'" + words[1] + "'" : "nothing"),
              "see: cluster-lab " + words.front() + " --help");
}

std::string expectedOperands(const ActionInfo& action) {
  return action.operands.empty() ? "nothing more" : std::string(action.operands);
}

Result<void> readAction(const std::vector<std::string>& words, Invocation& invocation) {
  const auto action = findAction(words);
  if (!action) return fail(action.error());
  const auto& info = **action;
  invocation.action = info.name;
  const auto skipped = info.name.empty() ? 1 : 2;
  invocation.operands.assign(words.begin() + skipped, words.end());
  const auto count = invocation.operands.size();
  if (count >= info.least && count <= info.most) return {};
  const auto name = words.front() + (info.name.empty() ? "" : " " + std::string(info.name));
  return fail(ErrorCode::InvalidArgument,
              name + " expects " + expectedOperands(info) + ", found " +
                  (count == 0 ? "nothing" : "'" + invocation.operands.back() + "'"),
              "see: cluster-lab " + words.front() + " --help");
}

Result<void> readCommand(const std::vector<std::string>& words, Invocation& invocation) {
  const auto& name = words.front();
  if (commandHelp(name).empty()) {
    return fail(ErrorCode::InvalidArgument, "there is no command '" + name + "'",
                "see: cluster-lab --help");
  }
  invocation.command = name;
  const auto hasActions = std::ranges::find(actions(), name, &ActionInfo::command);
  if (hasActions != actions().end()) {
    return invocation.help ? Result<void>() : readAction(words, invocation);
  }
  if (words.size() == 1) return {};
  return fail(ErrorCode::InvalidArgument,
              "the command " + name + " takes no argument, found '" + words[1] + "'",
              "see: cluster-lab " + name + " --help");
}

/// An option that is given is one that the action takes.
Result<void> checkOptions(const po::variables_map& values, const Invocation& invocation) {
  if (invocation.command.empty() || invocation.help) return {};
  for (const auto& option : options()) {
    if (!values.contains(std::string(option.name))) continue;
    if (takes(option, invocation.command, invocation.action)) continue;
    return fail(ErrorCode::InvalidArgument,
                "--" + std::string(option.name) + " is for: " + std::string(option.takers),
                "see: cluster-lab " + invocation.command + " --help");
  }
  return {};
}

Result<std::optional<std::uint64_t>> readNumber(const po::variables_map& values, const char* name) {
  if (!values.contains(name)) return std::nullopt;
  const auto& text = values[name].as<std::string>();
  std::uint64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stopped == end && !text.empty()) return number;
  return fail(ErrorCode::InvalidArgument,
              "--" + std::string(name) +
                  " expects a number from 0 to 18446744073709551615, found '" + text + "'",
              "kv get KEY --json shows those that a key has");
}

/// The options that hold more than yes.
Result<void> readValues(const po::variables_map& values, Invocation& invocation) {
  if (values.contains("config")) invocation.configuration = values["config"].as<std::string>();
  const auto cas = readNumber(values, "cas");
  if (!cas) return fail(cas.error());
  invocation.cas = *cas;
  const auto flags = readNumber(values, "flags");
  if (!flags) return fail(flags.error());
  invocation.flags = flags->value_or(0);
  if (!values.contains("address")) return {};
  return readAddress(values["address"].as<std::string>(), invocation);
}

}  // namespace

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
  invocation.recurse = values->contains("recurse");
  invocation.watch = values->contains("watch");
  invocation.history = values->contains("history");
  invocation.force = values->contains("force");
  invocation.dryRun = values->contains("dry-run");
  invocation.yes = values->contains("yes");
  auto read = readValues(*values, invocation);
  if (read && values->contains("command")) {
    read = readCommand((*values)["command"].as<std::vector<std::string>>(), invocation);
  } else if (read && !invocation.help && !invocation.version) {
    read = fail(ErrorCode::InvalidArgument, "a command is expected, found none",
                "see: cluster-lab --help");
  }
  if (read) read = checkOptions(*values, invocation);
  if (!read) return fail(read.error());
  return invocation;
}

}  // namespace cluster_lab::cli
