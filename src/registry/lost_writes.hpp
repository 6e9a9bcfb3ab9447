#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

/// A key that was put or deleted on one side of a split.
struct LostKey {
  struct Content {
    std::string value;
    std::uint64_t flags = 0;

    bool operator==(const Content&) const = default;
  };

  std::string key;
  std::optional<Content> written;  ///< nothing: it was deleted
  std::optional<Content> winner;   ///< what the other side has; nothing: no such key
  std::uint64_t winnerIndex = 0;   ///< its ModifyIndex there; 0: no such key
  bool contested = false;          ///< the other side changed it since the split, too
  bool acknowledged = true;        ///< as far as this node knows a client may have been told "done"

  bool operator==(const LostKey&) const = default;
};

/// A node that is no member, or a service or check on it, that a client registered there.
struct LostRegistration {
  std::string what;        ///< "service 'db' on 'printer'"
  std::string body;        ///< for PUT /v1/catalog/register
  bool contested = false;  ///< as a key's
  bool acknowledged = true;

  bool operator==(const LostRegistration&) const = default;
};

/// What the losing side of a split had written since the sides parted, as far as the winning side
/// has it otherwise. What nodes tell of themselves is not in it: they tell it again.
struct LostWrites {
  NodeId node;
  std::string nodeName;
  std::int64_t time = 0;  ///< Unix seconds when the copy was given up; 0: the clock was not set
  Position parted;        ///< the last change set that both sides have; index 0: not known
  Position last;          ///< the last one of the losing side
  std::vector<LostKey> keys;
  std::vector<LostRegistration> registrations;

  [[nodiscard]] bool empty() const { return keys.empty() && registrations.empty(); }
  /// Half a sentence for people: "wrote 2 keys ... that the leader's registry does not have".
  [[nodiscard]] std::string summary() const;
  bool operator==(const LostWrites&) const = default;
};

/// What `own` has lost when `coming` takes its place; who and when is left to the caller. No client
/// was told that a change set above the index `told` is done.
[[nodiscard]] LostWrites lostWrites(const State& own, const State& coming,
                                    std::uint64_t told = std::numeric_limits<std::uint64_t>::max());

/// The content of a file (docs/registry.md).
[[nodiscard]] std::string toJson(const LostWrites& lost);
/// InvalidArgument: no such content.
[[nodiscard]] Result<LostWrites> lostWritesFromJson(std::string_view text);

}  // namespace cluster_lab::registry
