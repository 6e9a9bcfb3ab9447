#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "node.hpp"

namespace cluster_lab::test {

/// Says so and why where no segment can be made here (root, programs): then return from the case.
[[nodiscard]] bool cannotRun();

/// A switch with nodes on it, each with an interface eth0 whose MAC ends in its number. Lives in
/// namespaces of its own and leaves nothing behind.
class Segment {
 public:
  Segment();
  ~Segment();
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  /// A new node; `body` gets a folder of the node's own.
  Node& add(
      const std::function<int(const std::filesystem::path& folder, int orders, int events)>& body);
  [[nodiscard]] std::filesystem::path folderOf(std::size_t number) const;
  /// MAC of the node's eth0, numbered in the order of add() from 1.
  [[nodiscard]] static std::string macOf(std::size_t number);

 private:
  std::filesystem::path folder_;
  std::vector<std::unique_ptr<Node>> nodes_;
};

}  // namespace cluster_lab::test
