#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "registry/decide.hpp"

/// User events (api-docs/event).
namespace cluster_lab::registry {

/// Success, or what Consul says of such an event: a filter that is no regular expression, a tag
/// filter without one for services, too much payload.
[[nodiscard]] Result<void> checkEvent(const UserEvent& event);

/// The events of that name (empty: any) that are meant for the node: whose filters fit its name,
/// and a service of its with one of its tags. Oldest first; valid as long as the state is
/// unchanged.
[[nodiscard]] std::vector<const UserEvent*> eventsFor(const State& state, const NodeId& node,
                                                      const std::string& name);

/// Consul's index of a list of events: made of the newest one's id, so that a client recognises it.
[[nodiscard]] std::uint64_t indexOf(const std::vector<const UserEvent*>& events);

namespace decide {

/// The event as it was fired, with its Lamport time; the newest 256 are kept.
[[nodiscard]] Decision<bool> fireEvent(const State& state, UserEvent event);

}  // namespace decide
}  // namespace cluster_lab::registry
