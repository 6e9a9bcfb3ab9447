#include "registry/snapshot_file.hpp"

#include <algorithm>

#include "os/sha256.hpp"
#include "registry/go_values.hpp"
#include "registry/json_writer.hpp"
#include "registry/stream_json.hpp"
#include "wire/tar.hpp"

namespace cluster_lab::registry {
namespace {

constexpr const char* kMeta = "meta.json";
constexpr const char* kState = "state.bin";
constexpr const char* kSums = "SHA256SUMS";
// The first line of state.bin: what it is, and the version of what follows.
constexpr std::string_view kMagic = "cluster-lab registry snapshot ";
constexpr std::uint64_t kVersion = 1;

std::unexpected<Error> corrupt(const std::string& what) {
  return fail(ErrorCode::Corrupt, what);
}

/// As Consul's Raft library has it.
std::string metaOf(const Position& at, std::size_t size) {
  JsonWriter json;
  json.beginObject()
      .member("Version", 1)
      .member("ID", std::to_string(at.term) + "-" + std::to_string(at.index) + "-cluster-lab")
      .member("Index", at.index)
      .member("Term", at.term)
      .key("Peers")
      .null();
  json.key("Configuration").beginObject().key("Servers").null().endObject();
  return json.member("ConfigurationIndex", 0).member("Size", size).endObject().finish() + "\n";
}

std::string sumOf(const wire::TarFile& file) {
  return os::sha256(file.content) + "  " + file.name + "\n";
}

const wire::TarFile* find(const std::vector<wire::TarFile>& files, std::string_view name) {
  const auto file = std::ranges::find(files, name, &wire::TarFile::name);
  return file == files.end() ? nullptr : &*file;
}

Result<void> checkSums(const std::vector<wire::TarFile>& files) {
  const auto* sums = find(files, kSums);
  for (const auto* name : {kMeta, kState}) {
    const auto* file = find(files, name);
    if (file == nullptr || sums == nullptr) return corrupt(std::string("it has no ") + name);
    if (sums->content.find(sumOf(*file)) == std::string::npos) {
      return corrupt(std::string("the checksum of ") + name + " is wrong");
    }
  }
  return {};
}

Result<Snapshot> decodeState(std::string_view content) {
  if (!content.starts_with(kMagic)) {
    return fail(
        ErrorCode::Unsupported,
        "it was not written by Cluster Lab: Consul's own snapshots cannot be restored here");
  }
  content.remove_prefix(kMagic.size());
  const auto line = content.substr(0, content.find('\n'));
  const auto version = parseGoUnsigned(line);
  if (!version) return corrupt("it does not tell its version");
  if (*version > kVersion) {
    return fail(ErrorCode::Unsupported, "it was written by a newer Cluster Lab (version " +
                                            std::to_string(*version) + ", this one knows " +
                                            std::to_string(kVersion) + ")");
  }
  return snapshotFromJson(content.substr(line.size()));
}

}  // namespace

std::string encodeSnapshot(const Snapshot& snapshot) {
  const wire::TarFile state{
      kState, std::string(kMagic) + std::to_string(kVersion) + "\n" + toJson(snapshot) + "\n"};
  const wire::TarFile meta{kMeta, metaOf(snapshot.header.at, state.content.size())};
  return wire::encodeTar({meta, state, {kSums, sumOf(meta) + sumOf(state)}});
}

Result<Snapshot> decodeSnapshot(std::string_view archive) {
  const auto files = wire::decodeTar(archive);
  if (!files) return fail(files.error());
  if (auto good = checkSums(*files); !good) return fail(good.error());
  return decodeState(find(*files, kState)->content);
}

}  // namespace cluster_lab::registry
