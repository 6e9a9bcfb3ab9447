#include "registry/watched_store.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cluster_lab::registry {
namespace {

/// Does as it is told.
class FakeStore final : public Store {
 public:
  explicit FakeStore(const Result<void>& outcome) : outcome_(outcome) {}
  Result<void> commit(std::span<const Entry>, const StateHeader&) override { return outcome_; }
  Result<void> replaceAll(const Snapshot&) override { return outcome_; }
  const Position& position() const override { return position_; }

 private:
  const Result<void>& outcome_;
  Position position_;
};

struct Watched {
  Result<void> outcome;
  std::vector<std::string> told;  ///< "+code" begins, "-code" ends
  WatchedStore store{std::make_unique<FakeStore>(outcome),
                     [this](const std::string& code, const std::optional<Error>& problem) {
                       told.push_back((problem ? "+" : "-") + code);
                     }};

  Result<void> commit(const Result<void>& with) {
    outcome = with;
    return store.commit({}, {});
  }
};

}  // namespace

TEST_CASE("watched store: a full card is a problem from the first refused write to the next one") {
  Watched watched;
  CHECK(watched.commit({}));
  CHECK(watched.told.empty());
  const auto refused = watched.commit(fail(ErrorCode::Exhausted, "database or disk is full"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().remedy.find("make room") != std::string::npos);
  CHECK(watched.commit({}));
  CHECK(watched.told == std::vector<std::string>{"+disk_full", "-disk_full"});
}

TEST_CASE("watched store: one problem takes the place of another") {
  Watched watched;
  CHECK_FALSE(watched.commit(fail(ErrorCode::Exhausted, "full")));
  CHECK_FALSE(watched.commit(fail(ErrorCode::PermissionDenied, "read-only")));
  CHECK_FALSE(watched.commit(fail(ErrorCode::Io, "I/O error")));
  CHECK(watched.store.replaceAll({}).has_value() == false);
  CHECK(watched.told == std::vector<std::string>{"+disk_full", "-disk_full", "+card_read_only",
                                                 "-card_read_only", "+store_failed",
                                                 "+store_failed"});
}

}  // namespace cluster_lab::registry
