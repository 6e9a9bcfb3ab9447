#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

#include "registry/authority.hpp"

namespace cluster_lab::registry::test {

/// An authority in memory that fails on demand.
class PlayedAuthority final : public Authority {
 public:
  Result<State> lead(std::uint64_t term, const Storage& storage) override {
    std::unique_lock lock(mutex_);
    members_ = storage.members;
    resigned_ = false;
    ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !hesitates_ || resigned_; });
    if (refuses_ || resigned_) return fail(ErrorCode::Unavailable, "no majority: 1 of 3 answers");
    holds_ = true;
    term_ = term;
    return state_;
  }

  bool hasPart() const override {
    const std::scoped_lock lock(mutex_);
    return hasPart_;
  }

  bool holds() const override {
    const std::scoped_lock lock(mutex_);
    return holds_;
  }

  Result<void> commit(std::span<const Entry> entries, const StateHeader& after) override {
    const std::scoped_lock lock(mutex_);
    if (full_) return fail(ErrorCode::Exhausted, "its database is full");
    if (!holds_ || isMute_) {
      holds_ = false;
      return fail(ErrorCode::Unavailable, "no answer");
    }
    for (const auto& entry : entries) {
      if (auto done = state_.apply(entry); !done) return done;
    }
    if (state_.header() == after) return {};
    return fail(ErrorCode::InvalidArgument, "another header");
  }

  Result<void> replaceAll(const Snapshot& snapshot) override {
    const std::scoped_lock lock(mutex_);
    auto state = State::from(snapshot);
    if (!state) return fail(state.error());
    state_ = *std::move(state);
    return {};
  }

  void resign() override {
    const std::scoped_lock lock(mutex_);
    holds_ = false;
    resigned_ = true;
    changed_.notify_all();
  }

  // --- what the tests play
  void refuse() { set(refuses_, true); }
  void hesitate() { set(hesitates_, true); }
  void fillUp(bool full) { set(full_, full); }
  void keepPart() { set(hasPart_, true); }
  void fallSilent() { set(isMute_, true); }
  void endMandate() { set(holds_, false); }
  /// Waits until somebody has asked to lead so often.
  void awaitAsked(int times) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_ >= times; });
  }
  /// What the next leader will find.
  [[nodiscard]] State state() const {
    const std::scoped_lock lock(mutex_);
    return state_;
  }
  [[nodiscard]] std::vector<Storage::Member> members() const {
    const std::scoped_lock lock(mutex_);
    return members_;
  }
  [[nodiscard]] std::uint64_t term() const {
    const std::scoped_lock lock(mutex_);
    return term_;
  }

 private:
  void set(bool& what, bool value) {
    const std::scoped_lock lock(mutex_);
    what = value;
    changed_.notify_all();
  }

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  State state_;
  std::vector<Storage::Member> members_;
  std::uint64_t term_ = 0;
  int asked_ = 0;
  bool holds_ = false;
  bool resigned_ = false;
  bool refuses_ = false;
  bool hesitates_ = false;
  bool full_ = false;
  bool isMute_ = false;
  bool hasPart_ = false;
};

}  // namespace cluster_lab::registry::test
