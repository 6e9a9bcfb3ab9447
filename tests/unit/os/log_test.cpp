#include "os/log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/text.hpp"
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

/// The line behind its "SECONDS.MILLISECONDS ".
std::string_view withoutTime(std::string_view line) {
  const auto blank = line.find(' ');
  REQUIRE(blank != std::string_view::npos);
  const auto time = line.substr(0, blank);
  CHECK(time.find_first_not_of("0123456789.") == std::string_view::npos);
  CHECK(time.find('.') + 4 == time.size());
  return line.substr(blank + 1);
}

}  // namespace

TEST_CASE("log: without a journal a line has time, level, message and fields") {
  const auto text = captured([] {
    log::warning("no carrier", {{"LINK", "eth0.200"}, {"STATE", "waiting"}});
  });
  INFO(text);
  CHECK(withoutTime(text) == "WARNING no carrier LINK=eth0.200 STATE=waiting\n");
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
  REQUIRE(text.ends_with('\n'));
  const auto lines = split(trim(text), '\n');
  CHECK(lines.size() == kThreads * kLines);
  for (const auto line : lines) CHECK(withoutTime(line) == "INFO message KEY=value");
}

}  // namespace cluster_lab::os::test
