#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/node_id.hpp"

namespace cluster_lab::daemon {

/// What a node remembers about itself in its data directory: who it is and which address it had.
/// Loop thread only.
class NodeIdentity {
 public:
  /// Reads `node-id`, or makes one on the first start. Corrupt: there is one that cannot be read;
  /// it is left alone.
  [[nodiscard]] static Result<NodeIdentity> load(const std::filesystem::path& dataDirectory);

  /// Another id in the place of the one that is there, and no address of last time.
  [[nodiscard]] static Result<NodeIdentity> makeNew(const std::filesystem::path& dataDirectory);

  [[nodiscard]] const NodeId& id() const { return id_; }
  /// The node address of last time; none on a first start, or when the file was unreadable.
  [[nodiscard]] Ipv4 lastAddress() const { return lastAddress_; }
  /// Writes only when it differs.
  [[nodiscard]] Result<void> rememberAddress(Ipv4 address);

 private:
  NodeIdentity(std::filesystem::path directory, NodeId id, Ipv4 lastAddress);

  std::filesystem::path directory_;
  NodeId id_;
  Ipv4 lastAddress_;
};

}  // namespace cluster_lab::daemon
