// The man pages and the completion name what the programs know.
#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "cli/command_table.hpp"
#include "config/keys.hpp"

namespace cluster_lab::cli {
namespace {

std::string documentAt(const std::string& path) {
  std::ifstream file(std::string(CLUSTER_LAB_SOURCE_DIR) + "/" + path);
  REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Every word of `text` that `pattern` finds.
std::vector<std::string> wordsOf(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> words;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), last; it != last; ++it) {
    words.push_back((*it)[1]);
  }
  return words;
}

}  // namespace

TEST_CASE("documents: the man page has every command and every option, and no other") {
  const auto page = documentAt("docs/man/cluster-lab.1");
  for (const auto& command : commands()) {
    INFO(command.name);
    CHECK(contains(page, "\n.It Cm " + std::string(command.name)));
  }
  for (const auto& option : options()) {
    INFO(option.name);
    CHECK(contains(page, "\n.It Fl \\-" + std::string(option.name)));
  }
  CHECK(wordsOf(page, std::regex(R"(\n\.It Cm (\w+))")).size() == commands().size());
  CHECK(wordsOf(page, std::regex(R"(\n\.It Fl \\-([\w-]+))")).size() == options().size());
}

TEST_CASE("documents: man page and completion have every action") {
  const auto page = documentAt("docs/man/cluster-lab.1");
  const auto completion = documentAt("src/cli/completion/cluster-lab");
  for (const auto& action : actions()) {
    if (action.name.empty()) continue;
    INFO(action.name);
    const std::string name(action.name);
    CHECK(std::regex_search(page, std::regex("(\n\\.Cm |Cm )" + name + "[\n ]")));
    CHECK(std::regex_search(completion, std::regex("[' ]" + name + "[' ]")));
  }
}

TEST_CASE("documents: the completion has every command and every option") {
  const auto completion = documentAt("src/cli/completion/cluster-lab");
  std::string allCommands;
  for (const auto& command : commands()) {
    allCommands += (allCommands.empty() ? "" : " ") + std::string(command.name);
  }
  CHECK(contains(completion, "'" + allCommands + "'"));
  for (const auto& option : options()) {
    INFO(option.name);
    CHECK(contains(completion, "--" + std::string(option.name)));
  }
}

TEST_CASE("documents: man page and completion have every command of the lab") {
  const auto usage = documentAt("src/lab/usage.txt");
  const auto page = documentAt("docs/man/cluster-lab.1");
  const auto completion = documentAt("src/cli/completion/cluster-lab");
  for (const auto& command : wordsOf(usage, std::regex(R"(\n  lab (\w+))"))) {
    INFO(command);
    CHECK(contains(page, "\n.Cm " + command + " "));
    CHECK(std::regex_search(completion, std::regex("\\b" + command + "\\b")));
  }
  for (const auto& option : wordsOf(usage, std::regex(R"(\n  (--\w[\w-]+))"))) {
    INFO(option);
    CHECK(contains(completion, option));
  }
}

TEST_CASE("documents: the man page of the configuration has every key with its default") {
  const auto page = documentAt("docs/man/cluster-lab.conf.5");
  for (const auto& key : config::keys()) {
    const std::string name(key.name);
    INFO(name);
    const auto item = page.find("\n.It Sy " + name + " ");
    REQUIRE(item != std::string::npos);
    const auto end = page.find("\n.It ", item + 1);
    const auto standard = key.standardValue.empty() ? "none" : std::string(key.standardValue);
    CHECK(contains(page.substr(item, end - item), "\nDefault: " + standard + "."));
  }
  CHECK(wordsOf(page, std::regex(R"(\n\.It Sy ([\w.-]+))")).size() == config::keys().size());
}

}  // namespace cluster_lab::cli
