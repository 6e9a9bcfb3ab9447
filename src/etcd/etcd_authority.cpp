#include "etcd/etcd_authority.hpp"

#include <algorithm>

#include "etcd/client.hpp"
#include "etcd/member_data.hpp"

namespace cluster_lab::etcd {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kGiveBackLimit{1};

}  // namespace

std::vector<Ipv4> serversOf(const registry::Storage& storage, const NodeId& self) {
  auto members = storage.members;
  std::ranges::stable_partition(members, [&](const auto& member) { return member.node == self; });
  std::vector<Ipv4> servers;
  servers.reserve(members.size());
  for (const auto& member : members) servers.push_back(member.address);
  return servers;
}

EtcdAuthority::EtcdAuthority(Client& client, const Options& options)
    : client_(client),
      options_(options),
      key_(client, {.self = options.self, .lost = options.lost}),
      store_(client, key_, options.store) {}

EtcdAuthority::~EtcdAuthority() {
  resign();
  worker_.drain(kGiveBackLimit);
}

Result<registry::State> EtcdAuthority::lead(std::uint64_t term, const registry::Storage& storage) {
  wanted_ = true;
  const std::scoped_lock lock(keyInUse_);
  ++leads_;
  client_.setServers(serversOf(storage, options_.self));
  if (auto claimed = key_.claim(term, Clock::now() + options_.claimTimeout); !claimed) {
    return fail(claimed.error());
  }
  auto state = store_.load();
  if (!state) resign();
  return state;
}

bool EtcdAuthority::hasPart() const {
  return !options_.directory.empty() && hasSettledData(options_.directory);
}

Result<void> EtcdAuthority::commit(std::span<const registry::Entry> entries,
                                   const registry::StateHeader& after) {
  return store_.commit(entries, after);
}

Result<void> EtcdAuthority::replaceAll(const registry::Snapshot& snapshot) {
  return store_.replaceAll(snapshot);
}

void EtcdAuthority::resign() {
  if (!wanted_.exchange(false)) return;
  key_.abandon();
  client_.interrupt();
  worker_.post([this, mine = leads_.load()] {
    const std::scoped_lock lock(keyInUse_);
    if (leads_ == mine) key_.resign();
  });
}

}  // namespace cluster_lab::etcd
