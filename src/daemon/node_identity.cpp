#include "daemon/node_identity.hpp"

#include <utility>

#include "base/text.hpp"
#include "os/file.hpp"
#include "os/host.hpp"

namespace cluster_lab::daemon {
namespace {

Result<NodeId> makeId(const std::filesystem::path& file) {
  const auto id = NodeId::fromRandom(os::randomBytes16());
  if (auto written = os::writeFile(file, id.toString() + "\n"); !written)
    return fail(written.error());
  return id;
}

Result<NodeId> loadOrMakeId(const std::filesystem::path& file) {
  const auto text = os::readFile(file);
  if (text) {
    auto id = NodeId::parse(trim(*text));
    if (id) return id;
    return fail(ErrorCode::Corrupt, file.string() + ": " + id.error().message,
                "restore the file, or delete it to join as a new node");
  }
  if (text.error().code != ErrorCode::NotFound) return fail(text.error());
  return makeId(file);
}

Ipv4 loadAddress(const std::filesystem::path& file) {
  const auto text = os::readFile(file);
  return text ? Ipv4::parse(trim(*text)).value_or(Ipv4{}) : Ipv4{};
}

}  // namespace

NodeIdentity::NodeIdentity(std::filesystem::path directory, NodeId id, Ipv4 lastAddress)
    : directory_(std::move(directory)), id_(id), lastAddress_(lastAddress) {}

Result<NodeIdentity> NodeIdentity::load(const std::filesystem::path& dataDirectory) {
  if (auto made = os::ensureDirectory(dataDirectory); !made) return fail(made.error());
  const auto id = loadOrMakeId(dataDirectory / "node-id");
  if (!id) return fail(id.error().during("read this node's identity"));
  return NodeIdentity(dataDirectory, *id, loadAddress(dataDirectory / "last-address"));
}

Result<NodeIdentity> NodeIdentity::makeNew(const std::filesystem::path& dataDirectory) {
  const auto id = makeId(dataDirectory / "node-id");
  if (!id) return fail(id.error());
  NodeIdentity made(dataDirectory, *id, loadAddress(dataDirectory / "last-address"));
  if (auto forgotten = made.rememberAddress(Ipv4{}); !forgotten) return fail(forgotten.error());
  return made;
}

Result<void> NodeIdentity::rememberAddress(Ipv4 address) {
  if (address == lastAddress_) return {};
  lastAddress_ = address;
  return os::writeFile(directory_ / "last-address", address.toString() + "\n");
}

}  // namespace cluster_lab::daemon
