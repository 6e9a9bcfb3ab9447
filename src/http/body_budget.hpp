#pragma once

#include <atomic>
#include <cstddef>

namespace cluster_lab::http {

/// The memory that request bodies may take, all together. A small body is free: the number of
/// connections bounds those. Any thread.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t most) : left_(most) {}

  /// What one body takes of it, until it is destroyed. One thread.
  class Share {
   public:
    explicit Share(BodyBudget& budget) : budget_(budget) {}
    ~Share() { budget_.left_ += taken_; }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// Is there room for a body of that size? If not, the share stays as it was.
    [[nodiscard]] bool cover(std::size_t size);

   private:
    BodyBudget& budget_;
    std::size_t taken_ = 0;
  };

 private:
  [[nodiscard]] bool take(std::size_t size);

  std::atomic<std::size_t> left_;
};

}  // namespace cluster_lab::http
