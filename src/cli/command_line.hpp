#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

/// What the user asked for.
struct Invocation {
  std::string command;  ///< empty only with help or version
  std::string action;   ///< "get" of `kv get`; empty: the command has none, or its own
  std::vector<std::string> operands;
  bool recurse = false;
  bool watch = false;
  bool history = false;
  bool force = false;
  bool dryRun = false;
  bool yes = false;
  std::optional<std::uint64_t> cas;
  std::uint64_t flags = 0;
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

}  // namespace cluster_lab::cli
