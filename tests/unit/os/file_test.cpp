#include "os/file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "support/skip.hpp"

namespace cluster_lab::os::test {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::string name = "/tmp/os-file-test-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::ptrdiff_t count() const {
    return std::distance(fs::directory_iterator(path), {});
  }

  fs::path path;
};

struct stat statusOf(const fs::path& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status;
}

}  // namespace

TEST_CASE("file: what is written is read, zero bytes and all, and nothing else is left") {
  const Folder folder;
  const std::string content("a\0b\n", 4);
  REQUIRE(writeFile(folder.path / "f", content));
  CHECK(readFile(folder.path / "f") == content);
  CHECK(folder.count() == 1);
}

TEST_CASE("file: the mode is exactly the one asked for, whatever the umask") {
  const Folder folder;
  const auto before = umask(077);
  REQUIRE(writeFile(folder.path / "f", "x", 0664));
  umask(before);
  CHECK((statusOf(folder.path / "f").st_mode & 07777U) == 0664);
}

TEST_CASE("file: the same content and mode is not written again") {
  const Folder folder;
  const auto path = folder.path / "f";
  REQUIRE(writeFile(path, "same"));
  const auto before = statusOf(path).st_ino;
  REQUIRE(writeFile(path, "same"));
  CHECK(statusOf(path).st_ino == before);
  REQUIRE(writeFile(path, "sama"));
  CHECK(readFile(path) == "sama");
  REQUIRE(writeFile(path, "sama", 0600));
  CHECK((statusOf(path).st_mode & 07777U) == 0600);
}

TEST_CASE("file: who reads meanwhile has the old content or the new") {
  const Folder folder;
  const auto path = folder.path / "f";
  REQUIRE(writeFile(path, "old"));
  std::ifstream reader(path);
  REQUIRE(writeFile(path, "newer content"));
  std::string seen;
  reader >> seen;
  CHECK(seen == "old");
}

TEST_CASE("file: what a crash left half written is replaced") {
  const Folder folder;
  std::ofstream(folder.path / "f.new") << "half";
  REQUIRE(writeFile(folder.path / "f", "whole"));
  CHECK(readFile(folder.path / "f") == "whole");
  CHECK(folder.count() == 1);
}

TEST_CASE("file: a write that fails leaves the old content and no leftovers") {
  const Folder folder;
  fs::create_directory(folder.path / "f");
  std::ofstream(folder.path / "f" / "inside") << "x";
  const auto written = writeFile(folder.path / "f", "content");
  REQUIRE_FALSE(written);
  CHECK(written.error().message.starts_with("write " + (folder.path / "f").string() + ": rename"));
  CHECK(folder.count() == 1);
}

TEST_CASE("file: a full disk is Exhausted and leaves the old content") {
  const Folder folder;
  if (system(("mount -t tmpfs -o size=64k os-test " + folder.path.string() + " 2>/dev/null")
                 .c_str()) != 0) {
    cluster_lab::test::skip("needs root: it mounts a small disk");
    return;
  }
  REQUIRE(writeFile(folder.path / "f", "old"));
  const auto written = writeFile(folder.path / "f", std::string(200'000, 'x'));
  const auto kept = readFile(folder.path / "f");
  const auto files = folder.count();
  REQUIRE(system(("umount " + folder.path.string()).c_str()) == 0);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::Exhausted);
  CHECK(kept == "old");
  CHECK(files == 1);
}

TEST_CASE("file: a missing one is NotFound, a large one is Exhausted") {
  const Folder folder;
  const auto missing = readFile(folder.path / "none");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::NotFound);
  REQUIRE(writeFile(folder.path / "f", "12345"));
  CHECK(readFile(folder.path / "f", 5) == "12345");
  const auto large = readFile(folder.path / "f", 4);
  REQUIRE_FALSE(large);
  CHECK(large.error().code == ErrorCode::Exhausted);
}

TEST_CASE("file: a folder is made with its parents, and is no error when it is there") {
  const Folder folder;
  REQUIRE(ensureDirectory(folder.path / "a" / "b" / "c", 0750));
  REQUIRE(ensureDirectory(folder.path / "a" / "b" / "c", 0750));
  REQUIRE(ensureDirectory(folder.path / "d/"));
  CHECK((statusOf(folder.path / "a" / "b" / "c").st_mode & 07777U) == 0750);
  CHECK(fs::is_directory(folder.path / "d"));
  std::ofstream(folder.path / "f") << "x";
  const auto blocked = ensureDirectory(folder.path / "f");
  REQUIRE_FALSE(blocked);
  CHECK(blocked.error().code == ErrorCode::AlreadyExists);
}

}  // namespace cluster_lab::os::test
