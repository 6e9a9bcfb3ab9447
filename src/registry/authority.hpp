#pragma once

#include <cstdint>
#include <span>

#include "base/error.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

/// Who has the last word on the registry where the nodes have agreed on a shared storage: the
/// leader goes on from what the authority has, and a change set is carried out when the authority
/// has it. lead(), commit() and replaceAll() block, one thread at a time; the others do not, any
/// thread.
class Authority {
 public:
  Authority() = default;
  virtual ~Authority() = default;
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  /// Asks the members of `storage` that this node and no other may write, under `term`; gives the
  /// state to go on from. Unavailable, Conflict: it may not, and why.
  [[nodiscard]] virtual Result<State> lead(std::uint64_t term, const Storage& storage) = 0;
  /// This node has a part in a storage of that kind, though its copy of the registry may not know
  /// of it.
  [[nodiscard]] virtual bool hasPart() const = 0;
  /// So it is, for sure and at this moment.
  [[nodiscard]] virtual bool holds() const = 0;
  /// All of them or none. After an error with holds() they are not there; without, nobody knows
  /// before the next lead(), of whichever node.
  [[nodiscard]] virtual Result<void> commit(std::span<const Entry> entries,
                                            const StateHeader& after) = 0;
  /// Everything anew; otherwise the same.
  [[nodiscard]] virtual Result<void> replaceAll(const Snapshot& snapshot) = 0;
  /// This node wants to write no more: holds() is false from now on, and what blocks fails soon.
  virtual void resign() = 0;
};

}  // namespace cluster_lab::registry
