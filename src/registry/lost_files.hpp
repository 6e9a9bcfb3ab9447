#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "registry/lost_writes.hpp"

namespace cluster_lab::registry {

/// The files of lost writes in `lost` in the data directory, the newest twenty. Any thread; calls
/// read and write files.
class LostFiles {
 public:
  explicit LostFiles(const std::filesystem::path& dataDirectory);

  /// A file on the card when it returns; gives its name. What a file has already (the node was
  /// started again before its copy was written) makes no second one.
  [[nodiscard]] Result<std::string> keep(const LostWrites& lost);
  /// Oldest first.
  [[nodiscard]] std::vector<std::string> names() const;
  /// NotFound: there is no file of that name.
  [[nodiscard]] Result<std::string> read(const std::string& name) const;
  [[nodiscard]] Result<void> remove(const std::string& name);

 private:
  [[nodiscard]] Result<std::filesystem::path> find(const std::string& name) const;

  const std::filesystem::path folder_;
  mutable std::mutex mutex_;  ///< one call at a time
};

}  // namespace cluster_lab::registry
