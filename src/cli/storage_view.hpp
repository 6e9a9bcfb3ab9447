#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

/// GET /cluster/v1/registry/storage
struct StorageView {
  struct Member {
    std::string name;
    std::string address;
    bool answers = false;
    std::uint64_t index = 0;  ///< how far its copy goes; 0: not known
  };
  std::string kind;         ///< "embedded" or "etcd"
  std::uint64_t index = 0;  ///< how far the copy of the node that was asked goes
  bool majority = false;    ///< most of the members are there
  std::string loss;         ///< what going on from that node's copy alone loses; empty: it has none
  std::vector<Member> members;

  [[nodiscard]] bool isShared() const { return kind != "embedded"; }
  [[nodiscard]] std::size_t answering() const;
  /// Nobody needs to do anything.
  [[nodiscard]] bool isWell() const;
};

/// Corrupt: no such JSON.
[[nodiscard]] Result<StorageView> parseStorage(std::string_view json);
[[nodiscard]] std::string renderStorage(const StorageView& storage, const Style& style);
/// What a person must know before recovery begins.
[[nodiscard]] std::string renderRecovery(const StorageView& storage);

}  // namespace cluster_lab::cli
