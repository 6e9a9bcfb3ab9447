#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace cluster_lab::cli {

struct CommandInfo {
  std::string_view name;
  std::string_view arguments;  ///< "" or "COMMAND ..."
  std::string_view summary;    ///< half a line
  std::string_view help;       ///< some lines more
};

/// One thing that a command does, named by its first word: `kv get KEY`. A command without any
/// takes no operand.
struct ActionInfo {
  std::string_view command;
  std::string_view name;      ///< "get"; empty: what the command does without such a word
  std::string_view operands;  ///< "KEY [VALUE]"
  std::size_t least = 0;      ///< how many operands there must be
  std::size_t most = 0;
  std::string_view summary;
};

struct OptionInfo {
  std::string_view name;      ///< "json"
  std::string_view argument;  ///< "" or "HOST:PORT"
  std::string_view summary;
  std::string_view takers;  ///< "kv get, kv list": who takes it; empty: every command
};

/// Every command, action and option; the man page and the completion are tested against these.
[[nodiscard]] std::span<const CommandInfo> commands();
[[nodiscard]] std::span<const ActionInfo> actions();
[[nodiscard]] std::span<const OptionInfo> options();

/// `action`: its name, may be empty.
[[nodiscard]] bool takes(const OptionInfo& option, std::string_view command,
                         std::string_view action);
/// "get, put or delete": the words that `command` may be followed by.
[[nodiscard]] std::string actionNames(std::string_view command);

[[nodiscard]] std::string overallHelp();
/// Empty for an unknown command.
[[nodiscard]] std::string commandHelp(std::string_view command);

}  // namespace cluster_lab::cli
