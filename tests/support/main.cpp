// The main of every test executable: runs doctest and ends with the line that `./lab test` adds up.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

#include "support/skip.hpp"

namespace {

struct Skips {
  std::mutex mutex;
  std::vector<std::string> lines;
};

Skips& skips() {
  static Skips all;
  return all;
}

std::string& currentCase() {
  static std::string name;
  return name;
}

unsigned& casesRun() {
  static unsigned count = 0;
  return count;
}

unsigned& casesFailed() {
  static unsigned count = 0;
  return count;
}

void printCounts() {
  const auto skipped = static_cast<unsigned>(skips().lines.size());
  for (const auto& line : skips().lines) std::printf("SKIP %s\n", line.c_str());
  std::printf("%u passed, %u failed, %u skipped\n", casesRun() - casesFailed() - skipped,
              casesFailed(), skipped);
}

/// Counts the cases as they end; doctest's own summary has no count of what a case skipped itself.
struct CountingReporter : doctest::IReporter {
  explicit CountingReporter(const doctest::ContextOptions&) {}
  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats& stats) override {
    casesRun() = stats.numTestCasesPassingFilters;
    casesFailed() = stats.numTestCasesFailed;
  }
  void test_case_start(const doctest::TestCaseData& test) override { currentCase() = test.m_name; }
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};

}  // namespace

REGISTER_LISTENER("count", 1, CountingReporter);

namespace cluster_lab::test {

void skip(const std::string& reason) {
  const std::scoped_lock lock(skips().mutex);
  skips().lines.push_back(currentCase() + ": " + reason);
}

}  // namespace cluster_lab::test

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  context.setOption("no-intro", true);
  const int failures = context.run();
  std::fflush(stdout);
  printCounts();
  return failures;
}
