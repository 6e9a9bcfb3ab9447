#include "registry/user_events.hpp"

#include <algorithm>
#include <regex>

#include "registry/numbered_rows.hpp"

namespace cluster_lab::registry {
namespace {

constexpr std::size_t kMostBytes = 512;  // Serf's UserEventSizeLimit

// Without back references, so that no filter takes longer than its text is long.
constexpr auto kSyntax = std::regex::ECMAScript | std::regex_constants::__polynomial;

Result<std::regex> compile(const std::string& filter) {
  try {
    return std::regex(filter, kSyntax);
  } catch (const std::regex_error& error) {
    return fail(ErrorCode::InvalidArgument,
                "error parsing regexp: `" + filter + "`: " + error.what());
  }
}

bool fits(const std::string& filter, const std::string& text) {
  if (filter.empty() || filter == text) return true;
  const auto expression = compile(filter);
  return expression && std::regex_search(text, *expression);
}

bool fits(const UserEvent& event, const Service& service) {
  const auto isTag = [&](const std::string& tag) { return fits(event.tagFilter, tag); };
  return fits(event.serviceFilter, service.name) &&
         (event.tagFilter.empty() || std::ranges::any_of(service.tags, isTag));
}

bool isFor(const UserEvent& event, const State& state, const NodeRegistration& node) {
  if (!fits(event.nodeFilter, node.name)) return false;
  if (event.serviceFilter.empty()) return true;
  return std::ranges::any_of(rowsUnder(state.services(), serviceKey(node.id, "")),
                             [&](const auto& row) { return fits(event, row.second.row); });
}

}  // namespace

Result<void> checkEvent(const UserEvent& event) {
  if (!event.tagFilter.empty() && event.serviceFilter.empty()) {
    return fail(ErrorCode::InvalidArgument, "Cannot provide tag filter without service filter");
  }
  for (const auto& [what, filter] :
       {std::pair("node", &event.nodeFilter), std::pair("service", &event.serviceFilter),
        std::pair("tag", &event.tagFilter)}) {
    if (const auto good = compile(*filter); !good) {
      return fail(ErrorCode::InvalidArgument,
                  std::string("Invalid ") + what + " filter: " + good.error().message);
    }
  }
  if (event.name.size() + event.payload.size() > kMostBytes) {
    return fail(ErrorCode::InvalidArgument,
                "user event exceeds configured limit of 512 bytes before encoding");
  }
  return {};
}

std::vector<const UserEvent*> eventsFor(const State& state, const NodeId& node,
                                        const std::string& name) {
  std::vector<const UserEvent*> events;
  const auto* self = state.findNode(node);
  for (const auto& [key, stored] : state.events()) {
    const auto& event = stored.row;
    if (!name.empty() && event.name != name) continue;
    if (self == nullptr || isFor(event, state, self->row)) events.push_back(&event);
  }
  return events;
}

std::uint64_t indexOf(const std::vector<const UserEvent*>& events) {
  if (events.empty()) return 1;
  const auto id = NodeId::parse(events.back()->id);
  if (!id) return 1;
  std::uint64_t index = 0;  // the id's halves, one over the other
  for (std::size_t i = 0; i < 8; ++i) {
    index = index << 8U | static_cast<std::uint64_t>(id->bytes[i] ^ id->bytes[i + 8]);
  }
  return index;
}

namespace decide {

Decision<bool> fireEvent(const State& state, UserEvent event) {
  Decision<bool> decision{.changes = {}, .answer = true};
  event.lamportTime = newestNumber(state.events()) + 1;
  addNumbered(state.events(), Table::Events, std::vector{std::move(event)}, decision.changes);
  return decision;
}

}  // namespace decide
}  // namespace cluster_lab::registry
