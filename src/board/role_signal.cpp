#include "board/role_signal.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cluster_lab::board {

bool Triggers::has(std::string_view trigger) const {
  return std::ranges::find(all, trigger) != all.end();
}

Triggers parseTriggers(std::string_view text) {
  Triggers triggers;
  for (auto word : split(trim(text), ' ')) {
    if (word.empty()) continue;
    const bool isCurrent = word.size() > 2 && word.front() == '[' && word.back() == ']';
    if (isCurrent) {
      word = word.substr(1, word.size() - 2);
      triggers.current = word;
    }
    triggers.all.emplace_back(word);
  }
  return triggers;
}

std::optional<std::string_view> triggerOf(Role role) {
  switch (role) {
    case Role::Leading:
      return "default-on";
    case Role::Following:
      return "heartbeat";
    case Role::Searching:
      return "timer";
    case Role::Leaving:
      break;
  }
  return std::nullopt;
}

}  // namespace cluster_lab::board
