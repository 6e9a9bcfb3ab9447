#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Texts with settings to lists of "this key was given this text there"; nothing is judged but the
/// form and the keys.
namespace cluster_lab::config {

/// One value as it was given. `key` is one of keys().
struct Entry {
  std::string key;
  std::string text;
  std::string origin;  ///< "/etc/cluster-lab/cluster-lab.conf:12" or "command line"
};

/// What was found in one source; each error is a whole line for a person.
struct Source {
  std::vector<Entry> entries;
  std::vector<std::string> errors;
};

/// Reads lines "key = value"; from '#' to the end of a line is a comment. Line ends of Windows and
/// a UTF-8 byte order mark are fine: the file lies on a card that any machine may have written.
[[nodiscard]] Source parseFile(std::string_view text, const std::string& name);

/// What the command line asks for instead of running.
enum class Request { Run, Help, Version, CheckConfiguration, PrintConfiguration };

struct CommandLine {
  Source source;
  Request request = Request::Run;
  std::vector<std::filesystem::path> files;  ///< --config, in order
};

/// `arguments`: without the program's name.
[[nodiscard]] CommandLine parseCommandLine(const std::vector<std::string>& arguments);

/// What --help prints.
[[nodiscard]] std::string helpText();

}  // namespace cluster_lab::config
