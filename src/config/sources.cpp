#include "config/sources.hpp"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <map>
#include <sstream>

#include "base/text.hpp"
#include "config/keys.hpp"

namespace cluster_lab::config {
namespace {

namespace po = boost::program_options;

constexpr const char* kCommandLine = "command line";
constexpr const char* kSwitchedOn = "yes";  // what --debug alone means

/// One option for each key. Boost only splits the text; what the values mean is said by the table.
void addKeys(po::options_description& description) {
  for (const auto& key : keys()) {
    auto* value = po::value<std::string>()->value_name(std::string(key.unit));
    if (key.unit == "yes|no") value->implicit_value(kSwitchedOn);
    const auto standard = key.standardValue.empty() ? "" : fmt::format(" [{}]", key.standardValue);
    description.add_options()(std::string(key.name).c_str(), value,
                              fmt::format("{}{}", key.why, standard).c_str());
  }
}

po::options_description fileOptions() {
  po::options_description description;
  addKeys(description);
  return description;
}

void addRequests(po::options_description& description) {
  auto add = description.add_options();
  add("help", "print this and end");
  add("version", "print the version and end");
  add("config", po::value<std::string>()->value_name("FILE"),
      "read this file instead of the two of the system; may be given again, the later one counts");
  add("check-config",
      "say whether the configuration is correct and end (exit status 78: it is not)");
  add("print-config", "print every key, its value and where that comes from, and end");
}

std::string unknownKey(const std::string& name, std::string_view origin) {
  const auto shown = origin == kCommandLine ? "--" : "";
  return fmt::format("{}: unknown key '{}{}': did you mean '{}{}'?", origin, shown, name, shown,
                     nearestKey(name).name);
}

/// Reads one line of a file with Boost, which knows no line numbers and stops at the first error.
void parseLine(const std::string& line, const std::string& origin,
               const po::options_description& description, Source& into) {
  constexpr bool kAllowUnknown = true;
  std::istringstream stream(line);
  try {
    const auto parsed = po::parse_config_file(stream, description, kAllowUnknown);
    if (parsed.options.empty() && trim(line).starts_with('[')) {
      into.errors.push_back(fmt::format(
          "{}: sections are not known here: write the whole key, as in 'link.kind = vlan'",
          origin));
    }
    for (const auto& option : parsed.options) {
      if (option.unregistered) {
        into.errors.push_back(unknownKey(option.string_key, origin));
      } else {
        into.entries.push_back({option.string_key, option.value.at(0), origin});
      }
    }
  } catch (const po::error&) {
    into.errors.push_back(fmt::format("{}: '{}': expected key = value", origin, trim(line)));
  }
}

/// The same key twice in one file: only one of the two can be meant.
void refuseRepeated(Source& source) {
  std::map<std::string, std::string> firstSeen;
  for (const auto& entry : source.entries) {
    if (findKey(entry.key)->repeatable) continue;
    const auto [first, isNew] = firstSeen.emplace(entry.key, entry.origin);
    if (isNew) continue;
    source.errors.push_back(fmt::format("{}: {} is given again, it is at {} already", entry.origin,
                                        entry.key, first->second));
  }
}

/// Takes one option of ours in. False: it is a key, or unknown.
bool takeRequest(const po::option& option, CommandLine& into) {
  if (option.string_key == "help") {
    into.request = Request::Help;
  } else if (option.string_key == "version") {
    into.request = Request::Version;
  } else if (option.string_key == "check-config") {
    into.request = Request::CheckConfiguration;
  } else if (option.string_key == "print-config") {
    into.request = Request::PrintConfiguration;
  } else if (option.string_key == "config") {
    into.files.emplace_back(option.value.at(0));
  } else {
    return false;
  }
  return true;
}

void takeOption(const po::option& option, CommandLine& into) {
  auto& [entries, errors] = into.source;
  if (option.string_key.empty()) {
    errors.push_back(fmt::format("{}: unexpected '{}'", kCommandLine, option.value.at(0)));
  } else if (option.unregistered) {
    errors.push_back(unknownKey(option.string_key, kCommandLine));
  } else if (!takeRequest(option, into)) {
    // Boost leaves a value out that only its implicit_value() would give.
    const auto text = option.value.empty() ? kSwitchedOn : option.value.front();
    entries.push_back({option.string_key, text, kCommandLine});
  }
}

}  // namespace

Source parseFile(std::string_view text, const std::string& name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const auto description = fileOptions();
  Source source;
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    parseLine(std::string(trim(line)), fmt::format("{}:{}", name, ++number), description, source);
  }
  refuseRepeated(source);
  return source;
}

CommandLine parseCommandLine(const std::vector<std::string>& arguments) {
  namespace style = po::command_line_style;
  po::options_description description;
  addRequests(description);
  addKeys(description);
  CommandLine line;
  try {
    const auto parsed =
        po::command_line_parser(arguments)
            .options(description)
            .style(style::allow_long | style::long_allow_adjacent | style::long_allow_next)
            .allow_unregistered()
            .run();
    for (const auto& option : parsed.options) takeOption(option, line);
  } catch (const po::error& error) {
    line.source.errors.push_back(fmt::format("{}: {}", kCommandLine, error.what()));
  }
  return line;
}

std::string helpText() {
  constexpr unsigned kWidth = 100;
  po::options_description requests("Options", kWidth, kWidth / 2);
  addRequests(requests);
  po::options_description settings(
      "Keys, each also a line 'key = value' of a configuration file [default]", kWidth, kWidth / 2);
  addKeys(settings);
  std::ostringstream text;
  text << "cluster-labd makes this machine a node of a cluster.\n\n"
       << "Configuration: /etc/cluster-lab/cluster-lab.conf, /boot/firmware/cluster-lab.conf over "
          "it,\nand the command line over both.\n\n"
       << requests << '\n'
       << settings;
  return text.str();
}

}  // namespace cluster_lab::config
