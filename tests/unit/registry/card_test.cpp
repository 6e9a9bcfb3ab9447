// A registry on a card of its own: a small file system in memory, so root is needed.
#include <doctest/doctest.h>
#include <sys/mount.h>

#include <fstream>
#include <map>
#include <optional>

#include "fixture.hpp"
#include "registry/state.hpp"
#include "support/skip.hpp"

namespace cluster_lab::registry {

namespace fs = std::filesystem;
using test::idOf;
using test::kLeaderAddress;
using test::TemporaryFolder;

namespace {

/// A file system of 512 KiB.
class Card {
 public:
  Card() { mounted_ = mount("card", path().c_str(), "tmpfs", 0, "size=512k") == 0; }
  ~Card() {
    if (mounted_) umount2(path().c_str(), MNT_DETACH);
  }
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  [[nodiscard]] bool isThere() const {
    if (!mounted_) cluster_lab::test::skip("mounting needs root");
    return mounted_;
  }
  [[nodiscard]] const fs::path& path() const { return folder_.path(); }
  void fill() const {
    std::ofstream file(path() / "filler");
    while (file << std::string(4096, 'x') << std::flush) {
    }
  }
  void makeRoom() const { fs::remove(path() / "filler"); }
  void setReadOnly(bool on) const {
    const unsigned long flag = on ? MS_RDONLY : 0;
    REQUIRE(mount("card", path().c_str(), "tmpfs", MS_REMOUNT | flag, "size=512k") == 0);
  }

 private:
  TemporaryFolder folder_;
  bool mounted_ = false;
};

/// A registry on it, and the problems that it tells.
struct NodeWithCard {
  std::map<std::string, Error> problems;
  std::unique_ptr<Registry> registry;
  http::Router router;

  explicit NodeWithCard(const Card& card) {
    auto options = test::optionsFor(1, card.path());
    options.problem = [this](const std::string& code, const std::optional<Error>& problem) {
      problems.erase(code);
      if (problem) problems.emplace(code, *problem);
    };
    auto opened = Registry::open(options);
    if (!opened) FAIL(opened.error().text());
    registry = *std::move(opened);
    registry->addRoutes(router);
  }

  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& body = {}) const {
    return router.route(test::requestOf(method, target, body));
  }
};

}  // namespace

TEST_CASE("card: when it is full writes get 507 and why, reads go on, and it recovers by itself") {
  const Card card;
  if (!card.isThere()) return;
  NodeWithCard node(card);
  node.registry->lead(1, kLeaderAddress).value();
  REQUIRE(node.ask("PUT", "/v1/kv/a", "1").status == 200);
  card.fill();
  http::Response refused;
  for (int i = 0; i < 100 && refused.status == 200; ++i) {
    refused = node.ask("PUT", "/v1/kv/b", std::string(20000, static_cast<char>('a' + i % 26)));
  }
  CHECK(refused.status == 507);
  CHECK(refused.body.find("full") != std::string::npos);
  CHECK(refused.body.find("make room") != std::string::npos);
  CHECK(node.problems.contains("disk_full"));
  CHECK(node.ask("GET", "/v1/kv/a?raw").body == "1");

  card.makeRoom();
  CHECK(node.ask("PUT", "/v1/kv/c", "3").status == 200);
  CHECK(node.problems.empty());
  node.registry.reset();
  CHECK(NodeWithCard(card).ask("GET", "/v1/kv/c?raw").body == "3");
}

TEST_CASE("card: a node starts on a read-only one, says so, and writes when it can again") {
  const Card card;
  if (!card.isThere()) return;
  {
    const NodeWithCard before(card);
    before.registry->lead(1, kLeaderAddress).value();
    REQUIRE(before.ask("PUT", "/v1/kv/before", "1").status == 200);
  }
  card.setReadOnly(true);
  NodeWithCard node(card);
  REQUIRE(node.problems.contains("card_read_only"));
  CHECK(node.problems.at("card_read_only").remedy.find("remount") != std::string::npos);
  node.registry->lead(2, kLeaderAddress).value();
  CHECK(node.ask("PUT", "/v1/kv/a", "1").status == 507);
  CHECK(node.ask("GET", "/v1/kv/?keys").status == 200);

  card.setReadOnly(false);
  CHECK(node.ask("PUT", "/v1/kv/a", "1").status == 200);
  CHECK(node.problems.empty());
}

}  // namespace cluster_lab::registry
