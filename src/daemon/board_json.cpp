#include "daemon/board_json.hpp"

#include <nlohmann/json.hpp>

namespace cluster_lab::daemon {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
Json valueOrNull(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json throttlingJson(const std::optional<board::Throttling>& throttling) {
  if (!throttling) return nullptr;
  return {{"now", board::wordsOf(throttling->now)},
          {"since_boot", board::wordsOf(throttling->sinceBoot)}};
}

Json memoryJson(const std::optional<board::Memory>& memory) {
  if (!memory) return nullptr;
  return {{"total_bytes", memory->totalBytes}, {"available_bytes", memory->availableBytes}};
}

Json cardJson(const board::Board& board) {
  const auto& health = board.readings.card;
  return {{"name", board.facts.card},
          {"used_percent", valueOrNull(health.usedPercent)},
          {"pre_end_of_life",
           health.preEndOfLife ? Json(board::toString(*health.preEndOfLife)) : Json(nullptr)},
          {"errors", valueOrNull(health.errors)}};
}

}  // namespace

Json boardJson(const std::optional<board::Board>& board) {
  if (!board) return nullptr;
  return {{"model", board->facts.model},
          {"serial", board->facts.serial},
          {"celsius", valueOrNull(board->readings.celsius)},
          {"throttling", throttlingJson(board->readings.throttling)},
          {"memory", memoryJson(board->readings.memory)},
          {"card", cardJson(*board)}};
}

}  // namespace cluster_lab::daemon
