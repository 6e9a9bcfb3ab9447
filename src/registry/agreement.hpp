#pragma once

#include "base/node_id.hpp"
#include "registry/records.hpp"

/// Which of two agreements on where the registry is kept counts. They are numbered: who knows of a
/// higher number does not follow a leader that has never heard of it.
namespace cluster_lab::registry {

/// May a node that knows `own` take the copy of a leader that goes by `leaders`? Of two foundings
/// with the same number, which are of clusters that did not know each other, the one with more
/// members counts.
[[nodiscard]] bool mayFollow(const Storage& own, const Storage& leaders);

/// What `self` makes the nodes agree on after `before`, when it wants `wanted`: a new number where
/// the registry moves, or where `wanted` has a higher one.
[[nodiscard]] Storage nextAgreement(const Storage& before, Storage wanted, const NodeId& self);

/// Each write is on two nodes at least by the storage's own word, so that no follower needs to have
/// it, too: one of three members may be no voter yet.
[[nodiscard]] bool keepsTwice(const Storage& storage);

}  // namespace cluster_lab::registry
