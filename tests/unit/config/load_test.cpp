#include "config/load.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <fstream>

namespace cluster_lab::config {
namespace {

namespace fs = std::filesystem;

/// Stands for /etc and /boot/firmware.
class Folder {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "config-test-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const char* name, const char* text) {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  [[nodiscard]] Loaded load(const std::vector<std::string>& arguments = {}) const {
    return config::load(arguments, {path_ / "etc.conf", path_ / "boot.conf"});
  }
  [[nodiscard]] std::string path(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("load: without files all is default and the daemon runs") {
  const auto loaded = Folder().load();
  CHECK_FALSE(loaded.exitCode);
  CHECK(loaded.settings == Settings{});
}

TEST_CASE("load: the card's file lies over the system's, the command line over both") {
  Folder folder;
  folder.write("etc.conf", "link.kind = none\nlink.parent = eth1\nregistry.port = 1\n");
  folder.write("boot.conf", "link.parent = eth2\nregistry.port = 2\n");
  const auto loaded = folder.load({"--registry.port=3"});
  CHECK_FALSE(loaded.exitCode);
  CHECK(loaded.settings.link.kind == LinkKind::None);
  CHECK(loaded.settings.link.parent == "eth2");
  CHECK(loaded.settings.registry.port == 3);
}

TEST_CASE("load: what the image has made of the card's file is read in place of it") {
  Folder folder;
  const fs::path root = folder.path("root");
  const auto etc = root / "etc/cluster-lab/cluster-lab.conf";
  CHECK(defaultFiles(root) == std::vector{etc, root / "boot/firmware/cluster-lab.conf"});
  const auto ofImage = root / "run/cluster-lab-card/cluster-lab.conf";
  fs::create_directories(ofImage.parent_path());
  std::ofstream(ofImage) << "";
  CHECK(defaultFiles(root) == std::vector{etc, ofImage});
}

TEST_CASE("load: --config replaces both files and may be given again") {
  Folder folder;
  folder.write("etc.conf", "nonsense\n");
  const auto first = folder.write("first.conf", "link.kind = none\nregistry.port = 1\n");
  const auto second = folder.write("second.conf", "registry.port = 2\n");
  const auto loaded = folder.load({"--config", first, "--config=" + second});
  CHECK_FALSE(loaded.exitCode);
  CHECK(loaded.settings.link.kind == LinkKind::None);
  CHECK(loaded.settings.registry.port == 2);
}

TEST_CASE("load: a file that was asked for must be there") {
  const Folder folder;
  const auto loaded = folder.load({"--config", folder.path("missing.conf")});
  CHECK(loaded.exitCode == 78);
  CHECK(loaded.output.find("missing.conf") != std::string::npos);
}

TEST_CASE("load: all errors of all sources are told, with exit code 78") {
  Folder folder;
  folder.write("etc.conf", "link.kind = vlam\n");
  folder.write("boot.conf", "link.knd = vlan\n");
  const auto loaded = folder.load({"--registry.port=0", "--check-config"});
  CHECK(loaded.exitCode == 78);
  CHECK(loaded.output == folder.path("boot.conf") +
                             ":1: unknown key 'link.knd': did you mean 'link.kind'?\n" +
                             folder.path("etc.conf") +
                             ":1: link.kind = vlam: expected vlan, vxlan or none\n"
                             "command line: registry.port = 0: expected a port number from 1 to "
                             "65535\n");
}

TEST_CASE("load: what only asks ends with 0 and an answer") {
  const Folder folder;
  CHECK(folder.load({"--check-config"}).output == "configuration is correct\n");
  CHECK(folder.load({"--version"}).output.starts_with("cluster-labd "));
  CHECK(folder.load({"--help"}).output.find("--link.kind") != std::string::npos);
  const auto printed = folder.load({"--print-config", "--debug"});
  CHECK(printed.exitCode == 0);
  CHECK(printed.output.find("debug = yes  # command line\n") != std::string::npos);
  CHECK(printed.output.find("link.kind = vlan  # default\n") != std::string::npos);
}

TEST_CASE("load: the installed file is correct as it is, and with all its lines switched on") {
  const fs::path installed = CLUSTER_LAB_SOURCE_DIR "/config/cluster-lab.conf";
  CHECK(load({}, {installed}).settings == Settings{});
  std::ifstream file(installed);
  std::string switchedOn;
  for (std::string line; std::getline(file, line);) {
    const bool isKey = line.starts_with('#') && line.find_first_of(" #", 1) != 1;
    switchedOn += (isKey ? line.substr(1) : line) + "\n";
  }
  Folder folder;
  folder.write("etc.conf", switchedOn.c_str());
  const auto loaded = folder.load();
  CHECK(loaded.output == "");
  CHECK(loaded.settings == Settings{});
}

}  // namespace cluster_lab::config
