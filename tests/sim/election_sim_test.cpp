// sim_election [--runs=N] [--seed=N] [--trace]     (also SIM_RUNS=N in the environment)
// Plays 10,000 worlds out of the seeds 1, 2, 3 ...; --seed=N plays that one only.
#include <doctest/doctest.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario.hpp"

namespace {

constexpr std::uint64_t kRuns = 10000;
constexpr int kFailuresShown = 5;

/// The arguments of this process: doctest has the main function and ignores what it does not know.
std::vector<std::string> arguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> all;
  for (std::string one; std::getline(file, one, '\0');) all.push_back(one);
  return all;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Options {
  std::uint64_t first = 1;
  std::uint64_t runs = kRuns;
  bool trace = false;
};

Options readOptions() {
  Options options;
  if (const char* runs = std::getenv("SIM_RUNS")) options.runs = number(runs).value_or(kRuns);
  for (const std::string_view argument : arguments()) {
    if (argument.starts_with("--runs=")) options.runs = number(argument.substr(7)).value_or(kRuns);
    if (argument.starts_with("--seed=")) {
      options.first = number(argument.substr(7)).value_or(1);
      options.runs = 1;
    }
    if (argument == "--trace") options.trace = true;
  }
  return options;
}

}  // namespace

TEST_CASE(
    "election: 10,000 worlds of trouble have one leader, soon, and lose no acknowledged write") {
  const auto options = readOptions();
  std::function<void(const std::string&)> trace;
  if (options.trace) trace = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
  int failures = 0;
  for (auto seed = options.first; seed < options.first + options.runs; ++seed) {
    const auto broken = cluster_lab::sim::play(seed, trace);
    if (!broken) continue;
    FAIL_CHECK("seed " << seed << ": " << *broken << "; replay: sim_election --seed=" << seed
                       << " --trace");
    if (++failures == kFailuresShown) break;
  }
}
