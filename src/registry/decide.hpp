#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "registry/change_set.hpp"
#include "registry/records.hpp"
#include "registry/state.hpp"

/// What a request changes, decided from the state as it is; carrying it out is others' work. An
/// empty change set: there is nothing to write.
namespace cluster_lab::registry::decide {

/// The changes, and what the one who asked is told.
template <typename T>
struct Decision {
  ChangeSet changes;
  T answer{};
};

/// Registers or updates the node; the answer is its name. A name that another known node has gets
/// the last three bytes of the MAC address behind it. A new node is passing. With it goes its
/// service `cluster-lab` at `port`; one that leads takes the role of leader from all others.
/// InvalidArgument: a name or labels that Consul's clients could not bear.
[[nodiscard]] Result<Decision<std::string>> registerNode(const State& state,
                                                         const NodeRegistration& node,
                                                         std::uint16_t port = 8500);
/// NotFound: no such node.
[[nodiscard]] Result<Decision<bool>> setHealth(const State& state, const NodeId& node,
                                               Health health, const std::string& note);
/// The node, its checks and its engine. The answer: whether it was known.
[[nodiscard]] Decision<bool> removeNode(const State& state, const NodeId& node);
/// The same, and its lease: it is not awaited any more.
[[nodiscard]] Decision<bool> forgetNode(const State& state, const NodeId& node);
/// The same of the member with that name or id, which is the answer. NotFound: there is none;
/// Conflict: it is alive and `force` is not set.
[[nodiscard]] Result<Decision<NodeId>> forgetMember(const State& state, const std::string& nameOrId,
                                                    bool force);

/// A lease by its MAC address; an address that another MAC had is taken from it.
[[nodiscard]] Decision<bool> putLease(const State& state, const Lease& lease);
[[nodiscard]] Decision<bool> deleteLease(const State& state, MacAddress mac);
[[nodiscard]] Decision<bool> putEngine(const State& state, const Engine& engine);
[[nodiscard]] Decision<bool> removeEngine(const State& state, const NodeId& node);

}  // namespace cluster_lab::registry::decide
