#include "daemon/node_identity.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "daemon/new_identity.hpp"

namespace cluster_lab::daemon {
namespace {

/// A folder of its own, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "identity-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("node identity: a first start makes an id, a second one keeps it") {
  const Folder folder;
  const auto first = NodeIdentity::load(folder.path() / "data").value();
  const auto second = NodeIdentity::load(folder.path() / "data").value();
  CHECK_FALSE(first.id().isNobody());
  CHECK(first.id() == second.id());
  CHECK(first.lastAddress().isNone());
}

TEST_CASE("node identity: a copied card becomes another node, what was copied is set aside") {
  const Folder folder;
  const auto exists = [&](const std::string& name) {
    return std::filesystem::exists(folder.path() / name);
  };
  auto first = NodeIdentity::load(folder.path()).value();
  REQUIRE(first.rememberAddress(Ipv4::parse("192.168.200.101").value()));
  std::ofstream(folder.path() / "registry.db") << "copy";
  std::ofstream(folder.path() / "services.json") << "{}";
  std::filesystem::create_directories(folder.path() / "etcd" / "member");
  REQUIRE(takeNewIdentity(folder.path()));
  const auto second = NodeIdentity::load(folder.path()).value();
  CHECK(second.id() != first.id());
  CHECK_FALSE(second.id().isNobody());
  CHECK(second.lastAddress().isNone());
  CHECK_FALSE(exists("registry.db"));
  CHECK_FALSE(exists("etcd"));
  CHECK(exists("services.json"));
  std::ptrdiff_t aside = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (entry.path().filename().string().find(".twin-") != std::string::npos) ++aside;
  }
  CHECK(aside == 2);
}

TEST_CASE("node identity: the last address outlives a restart") {
  const Folder folder;
  auto first = NodeIdentity::load(folder.path()).value();
  REQUIRE(first.rememberAddress(Ipv4::parse("192.168.200.107").value()).has_value());
  CHECK(NodeIdentity::load(folder.path())->lastAddress().toString() == "192.168.200.107");
}

TEST_CASE("node identity: an id that cannot be read is an error that names the file, and stays") {
  const Folder folder;
  std::ofstream(folder.path() / "node-id") << "scrambled\n";
  const auto loaded = NodeIdentity::load(folder.path());
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().code == ErrorCode::Corrupt);
  CHECK(loaded.error().text().find("node-id") != std::string::npos);
  CHECK(std::filesystem::exists(folder.path() / "node-id"));
}

TEST_CASE("node identity: a last address that cannot be read counts as none") {
  const Folder folder;
  std::ofstream(folder.path() / "last-address") << "scrambled\n";
  CHECK(NodeIdentity::load(folder.path())->lastAddress().isNone());
}

}  // namespace cluster_lab::daemon
