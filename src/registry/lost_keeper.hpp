#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/node_id.hpp"
#include "registry/lost_files.hpp"
#include "registry/problems.hpp"

namespace cluster_lab::registry {

/// Sees to it that what this node wrote on the losing side of a split is not lost silently: in a
/// file, in the log, and as the problem `lost_writes` while there are such files. Any thread.
class LostKeeper {
 public:
  struct Owner {
    NodeId id;
    std::string name;
  };
  LostKeeper(LostFiles& files, Owner owner, TellProblem tell);

  /// To be called before `coming` takes the place of `own`, which has parted from it. Returns when
  /// the file is on the card. `told` as in lostWrites().
  void keep(const State& own, const State& coming, std::uint64_t told);
  /// Is there something for pass() to tell?
  [[nodiscard]] bool hasNews() const;
  /// Has `tellLeader`, which may block, tell the cluster of what was kept since the last time;
  /// where it cannot, the next call tries again.
  void pass(const std::function<bool(const std::string& news)>& tellLeader);
  /// Begins or ends the problem, by the files that there are.
  void tell();

 private:
  LostFiles& files_;
  const Owner owner_;
  const TellProblem tell_;
  mutable std::mutex mutex_;
  std::optional<std::string> news_;  // guarded by mutex_
};

}  // namespace cluster_lab::registry
