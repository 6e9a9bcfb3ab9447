#include "lab/lab_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mount.h>

#include "lab/kernel.hpp"
#include "lab/node_init.hpp"
#include "os/file.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::lab {
namespace {

namespace fs = std::filesystem;

const fs::path kLabs = "/run/cluster-lab-lab";
/// Where nodes mount their data. Belongs to the package; without it, made for the time of the labs.
const fs::path kDataMountPoint = "/var/lib/cluster-lab";
const fs::path kMadeMountPoint = kLabs / ".made-data-mount-point";

Result<LabState> readState(const fs::path& file) {
  const auto text = os::readFile(file);
  if (!text) return fail(text.error());
  auto state = parseLabState(*text);
  if (!state) return fail(state.error().during("read " + file.string()));
  return state;
}

Result<void> ensureDataMountPoint() {
  std::error_code ignored;
  if (fs::exists(kDataMountPoint, ignored)) return {};
  if (auto marked = os::writeFile(kMadeMountPoint, ""); !marked) return marked;
  return os::ensureDirectory(kDataMountPoint);
}

/// A card of this size, which outlives its node's power cuts.
Result<void> mountCard(const fs::path& data, unsigned mib) {
  const auto size = fmt::format("size={}m,mode=755", mib);
  if (mount("card", data.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, size.c_str()) == 0) return {};
  return os::failErrno("mount a card at " + data.string());
}

void removeCards(const fs::path& lab) {
  std::error_code ignored;
  for (const auto& node : fs::directory_iterator(lab, ignored))
    umount2((node.path() / "data").c_str(), MNT_DETACH);  // fails where there is no card
}

/// After the last lab has gone.
void removeDataMountPoint() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(kLabs, ignored)) {
    if (entry.is_directory(ignored)) return;
  }
  if (fs::exists(kMadeMountPoint, ignored)) fs::remove(kDataMountPoint, ignored);
  fs::remove(kMadeMountPoint, ignored);
}

}  // namespace

LabStore::LabStore(std::string lab) : lab_(std::move(lab)), directory_(kLabs / lab_) {}

Result<std::optional<LabState>> LabStore::load() const {
  auto state = readState(directory_ / "lab.json");
  if (!state && state.error().code == ErrorCode::NotFound) return std::nullopt;
  if (!state) return fail(state.error());
  if (state->bootId != bootId()) return std::nullopt;
  return *state;
}

Result<void> LabStore::save(const LabState& state) const {
  if (auto made = os::ensureDirectory(directory_); !made) return made;
  return os::writeFile(directory_ / "lab.json", toJson(state));
}

Result<void> LabStore::remove() const {
  removeCards(directory_);
  std::error_code failed;
  fs::remove_all(directory_, failed);
  if (failed) return fail(ErrorCode::Io, "remove " + directory_.string() + ": " + failed.message());
  removeDataMountPoint();
  return {};
}

fs::path LabStore::nodeDirectory(const NodeState& node) const {
  return directory_ / node.name();
}

Result<fs::path> LabStore::makeNodeDirectory(const NodeState& node, unsigned cardMiB) const {
  auto path = nodeDirectory(node);
  const auto data = path / "data";
  std::error_code ignored;
  const bool isNew = !fs::exists(data, ignored);
  auto made = os::ensureDirectory(data);
  if (made && isNew && cardMiB != 0) made = mountCard(data, cardMiB);
  if (made) made = ensureDataMountPoint();
  if (!made) return fail(made.error());
  return path;
}

std::string LabStore::daemonState(const NodeState& node) const {
  return os::readFile(nodeDirectory(node) / kDaemonFile).value_or("");
}

void LabStore::forgetDaemonState(const NodeState& node) const {
  std::error_code ignored;
  fs::remove(nodeDirectory(node) / kDaemonFile, ignored);
}

std::vector<Ipv4Network> LabStore::lans() {
  std::vector<Ipv4Network> all;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(kLabs, ignored)) {
    if (const auto state = readState(entry.path() / "lab.json")) all.push_back(state->lan);
  }
  return all;
}

Result<os::FileDescriptor> LabStore::lock() {
  if (auto made = os::ensureDirectory(kLabs); !made) return fail(made.error());
  os::FileDescriptor file(open((kLabs / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.isOpen() || flock(file.get(), LOCK_EX) != 0) return os::failErrno("lock the labs");
  return file;
}

}  // namespace cluster_lab::lab
