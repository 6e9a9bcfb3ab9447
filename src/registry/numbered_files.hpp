#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace cluster_lab::registry {

/// Files of one folder called PREFIX NUMBER-DATE SUFFIX, kept one after the other. The number comes
/// first and counts upward, since the clock of a machine without a battery does not.
class NumberedFiles {
 public:
  NumberedFiles(std::filesystem::path folder, std::string prefix, std::string suffix = {});

  /// Oldest first; none where the folder is not there.
  [[nodiscard]] std::vector<std::filesystem::path> all() const;
  /// What the next one is called; nothing is made.
  [[nodiscard]] std::filesystem::path next() const;
  /// Those to delete so that `most` stay.
  [[nodiscard]] std::vector<std::filesystem::path> allBut(std::size_t most) const;

 private:
  [[nodiscard]] bool isOne(const std::string& name) const;

  std::filesystem::path folder_;
  std::string prefix_;
  std::string suffix_;
};

}  // namespace cluster_lab::registry
