#include "cli/board_view.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "board/facts.hpp"
#include "cli/json_reading.hpp"
#include "cli/wording.hpp"

namespace cluster_lab::cli {
namespace {

using Json = nlohmann::json;

/// "a, b": those that are not empty.
std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty() && !part.empty()) text += ", ";
    text += part;
  }
  return text;
}

std::string throttlingText(const Json& throttling) {
  if (!throttling.is_object()) return "";
  const auto now = textsOf(throttling, "now");
  const auto sinceBoot = textsOf(throttling, "since_boot");
  if (now.empty() && sinceBoot.empty()) return "not throttled";
  return joined({now.empty() ? "" : "now " + listText(now),
                 sinceBoot.empty() ? "" : "since the boot " + listText(sinceBoot)});
}

std::string memoryText(const Json& memory) {
  if (!memory.is_object()) return "";
  return board::sizeText(numberOf<std::uint64_t>(memory, "available_bytes")) + " of " +
         board::sizeText(numberOf<std::uint64_t>(memory, "total_bytes")) + " free";
}

std::string cardText(const Json& card) {
  const auto& used = member(card, "used_percent");
  const auto& errors = member(card, "errors");
  const auto state = textOf(card, "pre_end_of_life");
  const auto count = numberOf<std::uint64_t>(card, "errors");
  return joined({textOf(card, "name"),
                 used.is_number()
                     ? fmt::format("{} % used", numberOf<std::uint32_t>(card, "used_percent"))
                     : "",
                 state.empty() || state == "normal" ? "" : "end of life: " + state,
                 !errors.is_number() ? ""
                 : count == 0        ? "no errors"
                                     : countText(static_cast<std::size_t>(count), "error")});
}

}  // namespace

std::optional<BoardView> readBoard(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  const auto serial = textOf(json, "serial");
  const auto& celsius = member(json, "celsius");
  return BoardView{
      .model = joined({textOf(json, "model"), serial.empty() ? "" : "serial " + serial}),
      .health = joined(
          {celsius.is_number() ? fmt::format("{:.1f} °C", numberOf<double>(json, "celsius")) : "",
           throttlingText(member(json, "throttling"))}),
      .memory = memoryText(member(json, "memory")),
      .card = cardText(member(json, "card"))};
}

}  // namespace cluster_lab::cli
