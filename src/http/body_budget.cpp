#include "http/body_budget.hpp"

#include <algorithm>

namespace cluster_lab::http {
namespace {

constexpr std::size_t kFree = std::size_t{64} << 10U;
/// Taken at a time, so that threads seldom meet here.
constexpr std::size_t kStep = std::size_t{64} << 10U;

}  // namespace

bool BodyBudget::Share::cover(std::size_t size) {
  if (size <= kFree + taken_) return true;
  const auto more = std::max(size - kFree - taken_, kStep);
  if (!budget_.take(more)) return false;
  taken_ += more;
  return true;
}

bool BodyBudget::take(std::size_t size) {
  auto left = left_.load();
  while (left >= size) {
    if (left_.compare_exchange_weak(left, left - size)) return true;
  }
  return false;
}

}  // namespace cluster_lab::http
