#include "registry/watched_store.hpp"

#include <utility>

namespace cluster_lab::registry {
namespace {

struct Diagnosis {
  const char* code;
  const char* remedy;
};

Diagnosis diagnosisOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::Exhausted:
      return {"disk_full",
              "make room on it: journalctl --vacuum-size=20M, apt-get clean, docker image prune; "
              "writing goes on by itself then, reading never stopped"};
    case ErrorCode::PermissionDenied:
      return {"card_read_only",
              "a card that fails is made read-only by the kernel: see dmesg, then mount -o "
              "remount,rw, or copy the card; writing goes on by itself then"};
    default:
      return {"store_failed", "see dmesg for what is wrong with the card"};
  }
}

}  // namespace

WatchedStore::WatchedStore(std::unique_ptr<Store> store, TellProblem tell)
    : store_(std::move(store)), tell_(std::move(tell)) {}

Result<void> WatchedStore::commit(std::span<const Entry> entries, const StateHeader& after) {
  return watch(store_->commit(entries, after));
}

Result<void> WatchedStore::replaceAll(const Snapshot& snapshot) {
  return watch(store_->replaceAll(snapshot));
}

void WatchedStore::couldNotOpen(const Error& error) {
  [[maybe_unused]] const auto told = begin(error);
}

Result<void> WatchedStore::watch(Result<void> done) {
  if (!done) return fail(begin(std::move(done.error())));
  if (!problem_.empty()) change("", std::nullopt);
  return done;
}

/// Tells the problem and gives the error with its remedy.
Error WatchedStore::begin(Error error) {
  const auto diagnosis = diagnosisOf(error.code);
  if (error.remedy.empty()) error.remedy = diagnosis.remedy;
  change(diagnosis.code, error.during("the registry cannot be written"));
  return error;
}

void WatchedStore::change(const std::string& code, const std::optional<Error>& problem) {
  const auto before = std::exchange(problem_, code);
  if (!tell_) return;
  if (!before.empty() && before != code) tell_(before, std::nullopt);
  if (problem) tell_(code, problem);
}

}  // namespace cluster_lab::registry
