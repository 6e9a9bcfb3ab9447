// The walls of the house (docs/design.md section 2), read from the same lists that CMake builds
// from.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>

#include "source_tree.hpp"

namespace cluster_lab::architecture {
namespace {

namespace fs = std::filesystem;

const fs::path kTop = CLUSTER_LAB_SOURCE_DIR;

const std::map<std::string, Module>& modules() {
  static const auto all = readModules(kTop / "src");
  return all;
}

const std::vector<SourceFile>& sources() {
  static const auto all = readSources(kTop / "src");
  return all;
}

std::string folderOf(const std::string& include) {
  return include.substr(0, include.find('/'));
}

/// Is this file pure code? A header is when no driver file has its name.
bool isPure(const SourceFile& file) {
  const auto& module = modules().at(file.folder);
  const auto source = fs::path(file.name).replace_extension(".cpp").string();
  if (fs::path(file.name).extension() == ".cpp") return module.pure.contains(source);
  return module.pure.contains(source) || (module.driver.empty() && !module.pure.empty());
}

/// Which folders may include an outside header; empty: all may.
std::set<std::string> homesOf(const std::string& header) {
  static const std::vector<std::pair<std::regex, std::set<std::string>>> kHomes = {
      {std::regex("httplib\\.h"), {"http"}},
      {std::regex("netlink/.*"), {"os"}},
      {std::regex("systemd/.*"), {"os"}},
      {std::regex("openssl/.*"), {"os"}},
      {std::regex("sqlite3\\.h"), {"registry"}},
      {std::regex("boost/.*"), {"config", "cli", "daemon", "lab"}},
      {std::regex("linux/.*|net/.*|netpacket/.*|ifaddrs\\.h"), {"os"}},
      {std::regex(
           "sys/(socket|un|epoll|eventfd|timerfd|signalfd|prctl|wait|utsname|random)\\.h|netinet/"
           ".*|arpa/.*"),
       {"os", "http", "lab"}},
      {std::regex("sched\\.h|sys/(mount|syscall)\\.h"), {"os", "lab"}},
  };
  for (const auto& [pattern, homes] : kHomes) {
    if (std::regex_match(header, pattern)) return homes;
  }
  return {};
}

}  // namespace

TEST_CASE("architecture: every folder of src is a module, every source file is built") {
  for (const auto& file : sources()) {
    INFO(file.path);
    REQUIRE(modules().contains(file.folder));
    if (!file.name.ends_with(".cpp")) continue;
    const auto words = cmakeWords(kTop / "src" / file.folder / "CMakeLists.txt");
    CHECK(std::ranges::find(words, file.name) != words.end());
  }
}

TEST_CASE("architecture: no folders use each other in a circle") {
  CHECK(folderInCircle(modules()) == "");
}

TEST_CASE("architecture: a circle would be found") {
  CHECK(folderInCircle({{"a", {"a", {}, {}, {"b"}}},
                        {"b", {"b", {}, {}, {"c"}}},
                        {"c", {"c", {}, {}, {"a"}}}}) != "");
}

TEST_CASE("architecture: a file includes only what its folder uses") {
  for (const auto& file : sources()) {
    for (const auto& include : file.ownIncludes) {
      INFO(file.path << " includes " << include);
      const auto folder = folderOf(include);
      CHECK((folder == file.folder || modules().at(file.folder).uses.contains(folder)));
      CHECK(fs::exists(kTop / "src" / include));
    }
  }
}

TEST_CASE("architecture: nothing knows the daemon or the command") {
  for (const auto& [folder, module] : modules()) {
    INFO(folder);
    CHECK_FALSE(module.uses.contains("daemon"));
    CHECK_FALSE(module.uses.contains("cli"));
  }
}

TEST_CASE("architecture: outside headers stay at home") {
  for (const auto& file : sources()) {
    for (const auto& header : file.outsideIncludes) {
      const auto homes = homesOf(header);
      INFO(file.path << " includes <" << header << ">");
      CHECK((homes.empty() || homes.contains(file.folder)));
    }
  }
}

TEST_CASE("architecture: heavy headers stay out of headers") {
  for (const auto& file : sources()) {
    if (!file.name.ends_with(".hpp")) continue;
    for (const auto& header : file.outsideIncludes) {
      INFO(file.path << " includes <" << header << ">");
      CHECK_FALSE(std::regex_match(
          header, std::regex("httplib\\.h|nlohmann/json\\.hpp|netlink/.*|sqlite3\\.h")));
    }
  }
}

TEST_CASE("architecture: pure code has no clock, chance, environment, file, thread or socket") {
  const std::regex kWorld(
      "::now\\(|\\brand\\(|random_device|getenv|\\bifstream|\\bofstream|\\bfopen\\(|std::thread|"
      "std::mutex|"
      "\\btime\\(nullptr|\\bsocket\\(|std::cout|std::cerr|\\bprintf\\(");
  for (const auto& file : sources()) {
    if (!isPure(file)) continue;
    std::smatch found;
    const bool touches = std::regex_search(file.code, found, kWorld);
    INFO(file.path << ": " << (touches ? found.str() : ""));
    CHECK_FALSE(touches);
    for (const auto& header : file.outsideIncludes) {
      INFO(file.path << " includes <" << header << ">");
      CHECK_FALSE(std::regex_match(
          header, std::regex("sys/.*|unistd\\.h|thread|mutex|fstream|iostream|random|ctime")));
    }
  }
}

TEST_CASE("architecture: a pure file includes pure headers only") {
  for (const auto& file : sources()) {
    if (!isPure(file)) continue;
    for (const auto& include : file.ownIncludes) {
      INFO(file.path << " includes " << include);
      CHECK(folderOf(include) != "os");
    }
  }
}

TEST_CASE("architecture: every test file is built by its folder's CMakeLists.txt") {
  for (const auto& entry : fs::recursive_directory_iterator(kTop / "tests")) {
    if (!entry.path().string().ends_with("_test.cpp")) continue;
    INFO(entry.path().string());
    const auto list = entry.path().parent_path() / "CMakeLists.txt";
    REQUIRE(fs::exists(list));
    const auto words = cmakeWords(list);
    CHECK(std::ranges::find(words, entry.path().filename().string()) != words.end());
  }
}

TEST_CASE("architecture: files stay small") {
  for (const auto& file : sources()) {
    INFO(file.path);
    const auto lines = std::ranges::count(file.code, '\n');
    CHECK(lines <= (file.name.ends_with(".hpp") ? 300 : 500));
  }
}

TEST_CASE("architecture: comments and strings do not count as code") {
  CHECK(withoutComments("a // rand()\nb /* x */ c \"rand()\"") == "a \nb  c \"\"");
}

}  // namespace cluster_lab::architecture
