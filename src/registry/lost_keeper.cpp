#include "registry/lost_keeper.hpp"

#include <fmt/format.h>

#include <utility>

#include "os/log.hpp"
#include "registry/wall_clock.hpp"

namespace cluster_lab::registry {
namespace {

constexpr const char* kCode = "lost_writes";

}  // namespace

LostKeeper::LostKeeper(LostFiles& files, Owner owner, TellProblem tell)
    : files_(files), owner_(std::move(owner)), tell_(std::move(tell)) {}

void LostKeeper::keep(const State& own, const State& coming) {
  auto lost = lostWrites(own, coming);
  if (lost.empty()) return;
  lost.node = owner_.id;
  lost.nodeName = owner_.name;
  lost.time = wallClock();
  const auto name = files_.keep(lost);
  if (!name) {
    os::log::error(name.error().during("keep what this node wrote in the split").text());
    return;
  }
  os::log::warning(fmt::format(
      "{} keys and {} registrations that this node wrote in a split are not in the leader's "
      "registry; they are kept: cluster-lab lost show {}",
      lost.keys.size(), lost.registrations.size(), *name));
  tell();
}

void LostKeeper::tell() {
  if (!tell_) return;
  const auto count = files_.names().size();
  if (count == 0) return tell_(kCode, std::nullopt);
  const auto files = count == 1 ? "a file" : fmt::format("{} files", count);
  tell_(kCode,
        Error{ErrorCode::Conflict,
              "this node keeps " + files + " of writes that were lost in a split",
              "cluster-lab lost list shows them, lost replay FILE writes them again, and lost "
              "delete FILE ends this"});
}

}  // namespace cluster_lab::registry
