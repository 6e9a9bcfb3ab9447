#include "registry/acknowledgements.hpp"

#include <algorithm>

namespace cluster_lab::registry {
namespace {

TimePoint now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

Acknowledgements::Leadership Acknowledgements::begin(const std::set<NodeId>& expected, bool alone) {
  const std::scoped_lock lock(mutex_);
  leads_ = true;
  waits_ = wanted_ && !alone;
  replicas_.begin(now(), expected);
  changed_.notify_all();
  return ++leadership_;
}

void Acknowledgements::waitForNobody(bool alone) {
  const std::scoped_lock lock(mutex_);
  waits_ = wanted_ && !alone;
  changed_.notify_all();
}

void Acknowledgements::end() {
  const std::scoped_lock lock(mutex_);
  leads_ = false;
  changed_.notify_all();
}

Acknowledgements::Question::Question(Acknowledgements& acknowledgements, Leadership leadership,
                                     const NodeId& node, std::uint64_t index)
    : acknowledgements_(acknowledgements), leadership_(leadership), node_(node) {
  const std::scoped_lock lock(acknowledgements_.mutex_);
  if (leadership_ != acknowledgements_.leadership_) return;
  acknowledgements_.replicas_.asked(node_, index);
  acknowledgements_.changed_.notify_all();
}

Acknowledgements::Question::~Question() {
  const std::scoped_lock lock(acknowledgements_.mutex_);
  if (leadership_ != acknowledgements_.leadership_) return;
  acknowledgements_.replicas_.answered(node_, now());
}

void Acknowledgements::forget(const NodeId& node) {
  const std::scoped_lock lock(mutex_);
  replicas_.forget(node);
  changed_.notify_all();
}

void Acknowledgements::vouch() {
  const std::scoped_lock lock(mutex_);
  replicas_.vouch(now());
  changed_.notify_all();
}

Result<unsigned> Acknowledgements::await(Leadership leadership, std::uint64_t index) {
  std::unique_lock lock(mutex_);
  while (leads_ && leadership == leadership_) {
    const auto coverage = replicas_.coverage(index, now());
    if (coverage.enough || !waits_) {
      told_ = std::max(told_, index);
      return coverage.followers;
    }
    changed_.wait_until(lock, coverage.lookAgain);
  }
  return fail(ErrorCode::Unavailable, kLeadershipLost);
}

std::uint64_t Acknowledgements::told() const {
  const std::scoped_lock lock(mutex_);
  return told_;
}

std::optional<NodeId> Acknowledgements::awaitHolder(std::uint64_t index,
                                                    std::chrono::milliseconds longest) {
  const auto deadline = now() + longest;
  std::unique_lock lock(mutex_);
  std::optional<NodeId> holder;
  changed_.wait_until(lock, deadline, [&] {
    holder = replicas_.holder(index, now());
    return holder || !leads_;
  });
  return holder;
}

}  // namespace cluster_lab::registry
