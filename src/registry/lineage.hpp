#pragma once

#include <cstdint>
#include <vector>

#include "registry/change_set.hpp"

namespace cluster_lab::registry {

/// Who wrote a copy's history, up to which index each: an era per leadership. Two copies of which
/// one's position lies on the other's lineage have a common past; else they have parted in a split.
class Lineage {
 public:
  struct Era {
    std::uint64_t term = 0;
    NodeId writer;
    std::uint64_t last = 0;  ///< index of its last change set

    bool operator==(const Era&) const = default;
  };

  Lineage() = default;
  explicit Lineage(std::vector<Era> eras) : eras_(std::move(eras)) {}

  /// The change set at `position` was carried out; its index is above all before.
  void extend(const Position& position);
  /// Was `position` passed on the way here? The beginning always was; what is older than the eras
  /// kept counts as no.
  [[nodiscard]] bool contains(const Position& position) const;
  /// The newest position that the other one passed too; the beginning where none is known.
  [[nodiscard]] Position commonWith(const Lineage& other) const;
  /// Oldest first, the newest 64.
  [[nodiscard]] const std::vector<Era>& eras() const { return eras_; }
  bool operator==(const Lineage&) const = default;

 private:
  std::vector<Era> eras_;
};

}  // namespace cluster_lab::registry
