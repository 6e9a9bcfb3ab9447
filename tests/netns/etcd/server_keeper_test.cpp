#include "etcd/server_keeper.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

#include "etcd/member_data.hpp"
#include "server_group.hpp"
#include "support/skip.hpp"

namespace cluster_lab::etcd::test {

using namespace std::chrono_literals;

namespace {

/// A node whose agreement the test plays.
class KeptNode {
 public:
  KeptNode() {
    auto name = (std::filesystem::temp_directory_path() / "etcd-keep-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    loop_ = os::EventLoop::create().value();
    thread_ = std::thread([this] { CHECK(loop_->run()); });
    onLoop([this] {
      keeper_ = std::make_unique<ServerKeeper>(
          *loop_,
          ServerSettings{.node = idOf(1),
                         .address = {},
                         .directory = folder_ / "etcd",
                         .clusterId = folder_.filename().string()},
          [this] {
            const std::scoped_lock lock(mutex_);
            return agreement_;
          },
          ServerKeeper::Events{.failed = [this](const Error&) { ++failures; }, .solved = [] {}});
    });
    client.setServers({addressOf(1)});
  }
  ~KeptNode() {
    onLoop([this] { keeper_.reset(); });
    loop_->quit(0);
    thread_.join();
    std::filesystem::remove_all(folder_);
  }
  KeptNode(const KeptNode&) = delete;
  KeptNode& operator=(const KeptNode&) = delete;

  void agree(std::optional<registry::Storage> storage, bool sure) {
    const std::scoped_lock lock(mutex_);
    agreement_ = {std::move(storage), sure};
  }
  void onLoop(const std::function<void()>& call) {
    std::promise<void> done;
    loop_->post([&] {
      call();
      done.set_value();
    });
    done.get_future().wait();
  }
  bool runs() {
    bool running = false;
    onLoop([&] { running = keeper_->running(); });
    return running;
  }
  bool answers() { return client.members(within(300ms)).has_value(); }
  [[nodiscard]] bool hasData() const { return hasMemberData(folder_ / "etcd"); }
  [[nodiscard]] bool hasSettled() const { return hasSettledData(folder_ / "etcd"); }
  ServerKeeper& keeper() { return *keeper_; }

  Client client{{}};
  std::atomic<int> failures = 0;

 private:
  std::filesystem::path folder_;
  std::unique_ptr<os::EventLoop> loop_;
  std::unique_ptr<ServerKeeper> keeper_;  ///< loop thread only
  std::mutex mutex_;
  ServerKeeper::Agreement agreement_;  // guarded by mutex_
  std::thread thread_;
};

registry::Storage storageOnFirst() {
  return {.kind = kStorageKind, .members = {{.node = idOf(1), .address = addressOf(1)}}};
}

}  // namespace

TEST_CASE("server keeper: a founded etcd runs on when it is agreed on, and goes when it is not") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  KeptNode node;
  node.onLoop([&] { CHECK_FALSE(node.keeper().found()); });  // no address yet
  node.onLoop([&] { node.keeper().setAddress(addressOf(1)); });
  node.onLoop([&] { CHECK(node.keeper().found()); });
  REQUIRE(eventually([&] { return node.answers(); }));
  node.agree(storageOnFirst(), true);
  node.onLoop([&] { node.keeper().settle(); });
  CHECK(node.runs());
  // A copy that is not the leader's, or none, ends the server at most.
  node.agree(registry::Storage{}, false);
  CHECK(eventually([&] { return !node.runs(); }));
  node.agree(std::nullopt, true);
  node.onLoop([&] { node.keeper().settle(); });
  CHECK(node.hasData());
  node.agree(storageOnFirst(), true);
  REQUIRE(eventually([&] { return node.answers(); }));
  node.agree(registry::Storage{}, true);
  CHECK(eventually([&] { return !node.runs() && !node.hasData(); }));
}

TEST_CASE("server keeper: data of a founding counts when it is agreed on, then with no agreement") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  KeptNode node;
  node.onLoop([&] { node.keeper().setAddress(addressOf(1)); });
  node.onLoop([&] { CHECK(node.keeper().found()); });
  REQUIRE(eventually([&] { return node.answers(); }));
  node.onLoop([&] { node.keeper().settle(); });
  CHECK_FALSE(node.runs());
  CHECK(node.hasData());
  CHECK_FALSE(node.hasSettled());

  node.onLoop([&] { CHECK(node.keeper().found()); });
  REQUIRE(eventually([&] { return node.answers(); }));
  node.agree(storageOnFirst(), true);
  node.onLoop([&] { node.keeper().settle(); });
  CHECK(node.hasSettled());
  node.agree(std::nullopt, false);
  node.onLoop([&] { node.keeper().settle(); });
  CHECK(node.runs());
}

TEST_CASE("server keeper: a member whose data is gone founds nothing, and says so") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  KeptNode node;
  node.agree(storageOnFirst(), true);
  node.onLoop([&] { node.keeper().setAddress(addressOf(1)); });
  CHECK(eventually([&] { return node.failures > 0; }));
  CHECK_FALSE(node.answers());
}

}  // namespace cluster_lab::etcd::test
