#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace cluster_lab::registry {

/// The instances of each service by its name (any case, as Consul's), and the index at which one
/// of them, its checks or its node changed last; so a query for one service does not look at the
/// others and is not woken by them.
class ServiceIndex {
 public:
  /// Every change up to `floor` is unknown and counts for every name.
  explicit ServiceIndex(std::uint64_t floor = 0) : floor_(floor) {}

  void add(const std::string& name, const std::string& rowKey, std::uint64_t index);
  void remove(const std::string& name, const std::string& rowKey, std::uint64_t index);
  void touch(const std::string& name, std::uint64_t index);

  /// Keys of the rows, in order. Valid until the next change.
  [[nodiscard]] const std::set<std::string>& instances(std::string_view name) const;
  /// For a name without instances: when the last service of any name went.
  [[nodiscard]] std::uint64_t index(std::string_view name) const;

 private:
  struct Entry {
    std::set<std::string> rowKeys;
    std::uint64_t index = 0;
  };
  std::uint64_t floor_;
  std::uint64_t extinction_ = 0;  ///< when a name lost its last instance
  std::map<std::string, Entry, std::less<>> byName_;
};

}  // namespace cluster_lab::registry
