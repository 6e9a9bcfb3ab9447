#include "board/facts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace cluster_lab::board {
namespace {

constexpr std::size_t kLongest = 128;

bool isPrintable(char letter) {
  return letter >= ' ' && letter <= '~';
}

}  // namespace

std::string plainText(std::string_view bytes) {
  std::string text(bytes.substr(0, std::min(bytes.find('\0'), kLongest)));
  std::erase_if(text, [](char letter) { return !isPrintable(letter); });
  return std::string(trim(text));
}

std::string sizeText(std::uint64_t bytes) {
  constexpr double kMebi = 1024.0 * 1024.0;
  const auto mebi = static_cast<double>(bytes) / kMebi;
  return mebi < 1024.0 ? fmt::format("{:.0f} MiB", mebi) : fmt::format("{:.1f} GiB", mebi / 1024.0);
}

std::map<std::string, std::string> labelsOf(const Facts& facts) {
  std::map<std::string, std::string> labels{
      {"pi-model", facts.model},
      {"pi-serial", facts.serial},
      {"pi-memory", facts.memoryBytes == 0 ? "" : sizeText(facts.memoryBytes)},
      {"pi-card", facts.card}};
  std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
  return labels;
}

std::map<std::string, std::string> withLabelsOf(const Facts& facts,
                                                std::map<std::string, std::string> labels,
                                                std::size_t most) {
  for (auto& [name, value] : labelsOf(facts)) {
    if (labels.size() < most) labels.try_emplace(name, value);
  }
  return labels;
}

}  // namespace cluster_lab::board
