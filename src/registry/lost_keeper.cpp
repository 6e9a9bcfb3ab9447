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

void LostKeeper::keep(const State& own, const State& coming, std::uint64_t told) {
  auto lost = lostWrites(own, coming, told);
  if (lost.empty()) return;
  lost.node = owner_.id;
  lost.nodeName = owner_.name;
  lost.time = wallClock();
  const auto name = files_.keep(lost);
  if (!name) {
    os::log::error(name.error().during("keep what this node wrote in the split").text());
    return;
  }
  const auto news =
      fmt::format("{}; it keeps them: cluster-lab lost show {}", lost.summary(), *name);
  os::log::warning("this node " + news);
  tell();
  const std::scoped_lock lock(mutex_);
  news_ = owner_.name + " " + news;
}

bool LostKeeper::hasNews() const {
  const std::scoped_lock lock(mutex_);
  return news_.has_value();
}

void LostKeeper::pass(const std::function<bool(const std::string& news)>& tellLeader) {
  std::unique_lock lock(mutex_);
  const auto news = std::exchange(news_, std::nullopt);
  lock.unlock();
  if (!news || tellLeader(*news)) return;
  lock.lock();
  if (!news_) news_ = news;
}

void LostKeeper::tell() {
  if (!tell_) return;
  const auto count = files_.names().size();
  if (count == 0) return tell_(kCode, std::nullopt);
  const auto files = count == 1 ? "a file" : fmt::format("{} files", count);
  tell_(kCode,
        Error{ErrorCode::Conflict,
              "this node keeps " + files + " of writes that the leader's registry does not have",
              "cluster-lab lost list shows them, lost replay FILE writes them again, and lost "
              "delete FILE ends this"});
}

}  // namespace cluster_lab::registry
