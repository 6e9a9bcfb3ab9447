#include "wire/beacon.hpp"

#include <algorithm>
#include <cassert>

namespace cluster_lab::wire {
namespace {

constexpr std::uint32_t kMagic = 0x434C4142;  // "CLAB"
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kFlagWantsAnswer = 0x01;
constexpr std::size_t kMaxText = 63;

void writeText(Writer& writer, const std::string& text) {
  assert(!text.empty() && text.size() <= kMaxText);
  writer.number(text.size(), 1);
  writer.text(text);
}

/// Empty: out of range, which no field allows.
std::string readText(Reader& reader) {
  const std::size_t size = reader.u8();
  if (size == 0 || size > kMaxText) return {};
  const auto view = reader.take(size);
  return {view.begin(), view.end()};
}

/// What minor versions appended; a sender of an earlier one ends before.
void readAppended(Reader& reader, Beacon& beacon) {
  if (reader.rest().empty()) return;
  beacon.registryTerm = reader.u64();
  if (reader.rest().empty()) return;
  std::ranges::copy(reader.take(beacon.successor.bytes.size()), beacon.successor.bytes.begin());
  if (reader.rest().empty()) return;
  beacon.followers = reader.u16();
}

bool isPrintable(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

Bytes encode(const Beacon& beacon) {
  Writer writer;
  writer.number(kMagic, 4);
  writer.number(kVersion, 1);
  writer.number(beacon.wantsAnswer ? kFlagWantsAnswer : 0, 1);
  writer.number(static_cast<std::uint8_t>(beacon.role), 1);
  writer.number(static_cast<std::uint8_t>(beacon.linkKind), 1);
  writer.number(beacon.linkId, 4);
  writer.number(beacon.term, 8);
  writer.number(beacon.registryIndex, 8);
  writer.raw(beacon.nodeId.bytes);
  writer.raw(beacon.linkMac.bytes);
  writer.number(beacon.nodeAddress.hostOrder(), 4);
  writer.number(beacon.leaderAddress.hostOrder(), 4);
  writeText(writer, beacon.clusterId);
  writeText(writer, beacon.name);
  writer.number(beacon.registryTerm, 8);
  writer.raw(beacon.successor.bytes);
  writer.number(beacon.followers, 2);
  return std::move(writer).finish();
}

Result<Beacon> decodeBeacon(ByteView bytes) {
  Reader reader(bytes);
  if (reader.u32() != kMagic)
    return fail(ErrorCode::InvalidArgument, "not a beacon of Cluster Lab");
  const auto version = reader.u8();
  if (version != kVersion) {
    return fail(ErrorCode::Unsupported,
                "beacon version " + std::to_string(version) + ", this node speaks " +
                    std::to_string(kVersion),
                "install the same version of Cluster Lab on all nodes");
  }
  Beacon beacon;
  beacon.wantsAnswer = (reader.u8() & kFlagWantsAnswer) != 0;
  const auto role = reader.u8();
  const auto kind = reader.u8();
  beacon.linkId = reader.u32();
  beacon.term = reader.u64();
  beacon.registryIndex = reader.u64();
  std::ranges::copy(reader.take(beacon.nodeId.bytes.size()), beacon.nodeId.bytes.begin());
  std::ranges::copy(reader.take(beacon.linkMac.bytes.size()), beacon.linkMac.bytes.begin());
  beacon.nodeAddress = Ipv4(reader.u32());
  beacon.leaderAddress = Ipv4(reader.u32());
  beacon.clusterId = readText(reader);
  beacon.name = readText(reader);
  readAppended(reader, beacon);
  if (!reader.ok()) return fail(ErrorCode::InvalidArgument, "beacon cut short");
  if (role < 1 || role > 4 || kind < 1 || kind > 3 || !isPrintable(beacon.clusterId) ||
      !isPrintable(beacon.name)) {
    return fail(ErrorCode::InvalidArgument, "beacon with a field out of its range");
  }
  beacon.role = static_cast<Role>(role);
  beacon.linkKind = static_cast<LinkKind>(kind);
  return beacon;
}

}  // namespace cluster_lab::wire
