#include "lab/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "lab/lab_plan.hpp"

namespace cluster_lab::lab {
namespace {

/// What a verb takes besides --lab.
struct Verb {
  std::string_view name;
  std::string_view operand;  ///< "", "[N]" or "NODE"
  std::string_view options;  ///< separated by blanks
  bool further = false;      ///< takes "-- ..."
};

constexpr auto kVerbs = std::to_array<Verb>({
    {"up", "[N]", "--link --config --card --no-wait", true},
    {"add", "", "--config --no-wait", true},
    {"ls", "", "--json"},
    {"exec", "NODE", "", true},
    {"kill", "NODE", ""},
    {"start", "NODE", "--no-wait"},
    {"unplug", "NODE", ""},
    {"plug", "NODE", ""},
    {"logs", "NODE", "--follow"},
    {"down", "", ""},
});

constexpr std::int64_t kLargestCard = 1024;  // MiB: it lies in memory

std::unexpected<Error> notUnderstood(std::string message) {
  return fail(ErrorCode::InvalidArgument, std::move(message), "see --help");
}

template <typename Words>
bool holds(const Words& words, std::string_view wanted) {
  return std::ranges::find(words, wanted) != words.end();
}

bool takes(const Verb& verb, std::string_view option) {
  return option == "--lab" || holds(split(verb.options, ' '), option);
}

Result<void> setFlag(std::string_view option, Request& into) {
  if (option == "--json") into.json = true;
  if (option == "--no-wait") into.wait = false;
  if (option == "--follow") into.follow = true;
  return {};
}

Result<void> setCard(const std::string& value, Request& into) {
  const auto size = parseInteger(value, 1, kLargestCard);
  if (!size) return fail(size.error().during("--card"));
  into.cardMiB = static_cast<unsigned>(*size);
  return {};
}

Result<void> setValue(std::string_view option, const std::string& value, Request& into) {
  if (option == "--config") into.configFile = value;
  if (option == "--lab") into.lab = value;
  if (option == "--card") return setCard(value, into);
  if (option == "--link") {
    if (value != "vlan" && value != "vxlan" && value != "none")
      return notUnderstood(fmt::format("--link: expected vlan, vxlan or none, found '{}'", value));
    into.link = value;
  }
  return {};
}

bool wantsValue(std::string_view option) {
  return option == "--config" || option == "--lab" || option == "--link" || option == "--card";
}

/// Reads the option at `words[at]` and its value, which may stand in the next word.
Result<void> readOption(const std::vector<std::string>& words, std::size_t& at, Request& into,
                        const Verb& verb) {
  const auto equals = words[at].find('=');
  const auto option = words[at].substr(0, equals);
  if (!takes(verb, option))
    return notUnderstood(fmt::format("'{}' does not take the option '{}'", verb.name, option));
  if (!wantsValue(option)) return setFlag(option, into);
  if (equals != std::string::npos) return setValue(option, words[at].substr(equals + 1), into);
  if (at + 1 == words.size()) return notUnderstood(fmt::format("{}: value missing", option));
  return setValue(option, words[++at], into);
}

Result<void> readOperand(const std::string& word, Request& into, const Verb& verb) {
  if (verb.operand == "NODE" && into.node.empty()) {
    into.node = word;
    return {};
  }
  if (verb.operand != "[N]" || into.count)
    return notUnderstood(fmt::format("'{}' is one word too many", word));
  const auto count = parseInteger(word, 1, kMostNodes);
  if (!count) return fail(count.error().during("number of nodes"));
  into.count = static_cast<unsigned>(*count);
  return {};
}

Result<void> complete(const Request& request, const Verb& verb) {
  if (verb.operand == "NODE" && request.node.empty())
    return notUnderstood(fmt::format("'{}' wants the name of a node", verb.name));
  if (verb.name == "exec" && request.further.empty())
    return notUnderstood("'exec' wants a command after '--'");
  return checkLabName(request.lab);
}

/// Reads what stands between the verb and "--".
Result<void> readWords(const std::vector<std::string>& words, std::size_t at, Request& into,
                       const Verb& verb) {
  for (; at < words.size(); ++at) {
    const auto read = words[at].starts_with("-") ? readOption(words, at, into, verb)
                                                 : readOperand(words[at], into, verb);
    if (!read) return read;
  }
  return complete(into, verb);
}

/// Reads the options before the verb, which is --lab alone. Gives where the verb stands.
Result<std::size_t> readLeading(const std::vector<std::string>& words, Request& into) {
  constexpr Verb kNone{.name = "lab", .operand = "", .options = ""};
  std::size_t at = 0;
  for (; at < words.size() && words[at].starts_with("--lab"); ++at) {
    if (auto read = readOption(words, at, into, kNone); !read) return fail(read.error());
  }
  return at;
}

bool asksForHelp(const std::vector<std::string>& words, std::size_t verb) {
  return verb >= words.size() || words[verb] == "help" || holds(words, "--help") ||
         holds(words, "-h");
}

}  // namespace

Result<Request> parseRequest(const std::vector<std::string>& arguments,
                             const std::string& standardLab) {
  Request request;
  if (!standardLab.empty()) request.lab = standardLab;
  const auto further = std::ranges::find(arguments, "--");
  const std::vector<std::string> words(arguments.begin(), further);
  request.verb = "help";
  const auto at = readLeading(words, request);
  if (asksForHelp(words, at.value_or(0))) return request;
  if (!at) return fail(at.error());

  const auto verb = std::ranges::find(kVerbs, words[*at], &Verb::name);
  if (verb == kVerbs.end()) return notUnderstood(fmt::format("unknown command '{}'", words[*at]));
  request.verb = verb->name;
  if (further != arguments.end()) {
    if (!verb->further) return notUnderstood(fmt::format("'{}' takes no '--'", verb->name));
    request.further.assign(further + 1, arguments.end());
  }
  if (auto read = readWords(words, *at + 1, request, *verb); !read) return fail(read.error());
  return request;
}

}  // namespace cluster_lab::lab
