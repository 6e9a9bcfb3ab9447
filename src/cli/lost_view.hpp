#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cli/style.hpp"
#include "registry/lost_writes.hpp"

namespace cluster_lab::cli {

/// GET /cluster/v1/lost
struct LostFileView {
  std::string name;
  std::string node;
  std::int64_t time = 0;  ///< Unix seconds; 0: the clock was not set
  std::uint64_t keys = 0;
  std::uint64_t registrations = 0;
  std::string problem;  ///< the file cannot be read
};

/// Corrupt: no such JSON.
[[nodiscard]] Result<std::vector<LostFileView>> parseLostFiles(std::string_view json);
[[nodiscard]] std::string renderLostFiles(const std::vector<LostFileView>& files,
                                          const Style& style,
                                          std::string (*localTime)(std::int64_t));
[[nodiscard]] std::string renderLost(const registry::LostWrites& lost, const Style& style,
                                     std::string (*localTime)(std::int64_t));

/// One request by which something lost is written again.
struct ReplayStep {
  std::string what;    ///< "put a"; printable
  std::string method;  ///< "PUT" or "DELETE"
  std::string target;
  std::string body;
  bool contested = false;  ///< the winner changed it since the split: not without --force
};

/// Requests that, without `force`, change only what is as the winner had it when it won.
[[nodiscard]] std::vector<ReplayStep> planReplay(const registry::LostWrites& lost, bool force);

}  // namespace cluster_lab::cli
