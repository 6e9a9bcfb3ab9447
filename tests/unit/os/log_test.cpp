#include "os/log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "os/file_descriptor.hpp"

namespace cluster_lab::os::test {
namespace {

/// What `call` writes to standard error.
template <typename Call>
std::string captured(Call call) {
  const FileDescriptor saved(dup(STDERR_FILENO));
  FileDescriptor file(open("/tmp", O_TMPFILE | O_RDWR, 0600));
  REQUIRE(file.isOpen());
  dup2(file.get(), STDERR_FILENO);
  call();
  dup2(saved.get(), STDERR_FILENO);
  std::string text(1 << 20, '\0');
  const auto size = pread(file.get(), text.data(), text.size(), 0);
  REQUIRE(size >= 0);
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace

TEST_CASE("log: without a journal a line has time, level, message and fields") {
  const auto text = captured([] {
    log::warning("no carrier", {{"LINK", "eth0.200"}, {"STATE", "waiting"}});
  });
  INFO(text);
  CHECK(std::regex_match(
      text, std::regex("\\d+\\.\\d{3} WARNING no carrier LINK=eth0\\.200 STATE=waiting\n")));
}

TEST_CASE("log: whatever the text holds, a line stays a line and no format is read") {
  const auto text = captured([] { log::error("a\nb %s %n {}\x1b[31m", {{"X", "c\rd"}}); });
  INFO(text);
  CHECK(text.ends_with(" ERROR a\\x0ab %s %n {}\\x1b[31m X=c\\x0dd\n"));
}

TEST_CASE("log: debug is silent until it is enabled") {
  CHECK(captured([] { log::debug("hidden"); }).empty());
  log::enableDebug(true);
  CHECK(captured([] { log::debug("shown"); }).ends_with(" DEBUG shown\n"));
  log::enableDebug(false);
}

TEST_CASE("log: lines of several threads do not mix") {
  constexpr int kThreads = 4;
  constexpr int kLines = 200;
  const auto text = captured([] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([] {
        for (int line = 0; line < kLines; ++line) log::info("message", {{"KEY", "value"}});
      });
    }
  });
  const std::regex line("\\d+\\.\\d{3} INFO message KEY=value\n");
  const auto whole =
      std::distance(std::sregex_iterator(text.begin(), text.end(), line), std::sregex_iterator());
  CHECK(whole == kThreads * kLines);
  CHECK(std::ranges::count(text, '\n') == kThreads * kLines);
}

}  // namespace cluster_lab::os::test
