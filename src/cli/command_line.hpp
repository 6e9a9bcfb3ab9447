#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::cli {

/// Exit codes (docs/man/cluster-lab.1).
enum class Exit : std::uint8_t {
  Ok = 0,
  Wrong = 1,         ///< done, and something is wrong; or it could not be done
  Usage = 2,         ///< the command line was not understood
  Unreachable = 69,  ///< the daemon does not answer (sysexits.h EX_UNAVAILABLE)
};

struct CommandInfo {
  std::string_view name;
  std::string_view arguments;  ///< "" or "COMMAND ..."
  std::string_view summary;    ///< half a line
  std::string_view help;       ///< some lines more
};

struct OptionInfo {
  std::string_view name;      ///< "json"
  std::string_view argument;  ///< "" or "HOST:PORT"
  std::string_view summary;
};

/// Every command and every option; the man page and the completion are tested against these.
[[nodiscard]] std::span<const CommandInfo> commands();
[[nodiscard]] std::span<const OptionInfo> options();

/// What the user asked for.
struct Invocation {
  std::string command;  ///< empty only with help or version
  bool json = false;
  bool help = false;
  bool version = false;
  std::string host = "127.0.0.1";
  std::optional<std::uint16_t> port;  ///< nullopt: the configuration's
  std::string configuration;          ///< --config; empty: the files of the system
  std::vector<std::string> rest;      ///< for `lab`: everything after it, as it was
};

/// `arguments`: without the program's name. InvalidArgument: says what was expected.
[[nodiscard]] Result<Invocation> parseCommandLine(const std::vector<std::string>& arguments);
[[nodiscard]] std::string overallHelp();
/// Empty for an unknown command.
[[nodiscard]] std::string commandHelp(std::string_view command);

}  // namespace cluster_lab::cli
