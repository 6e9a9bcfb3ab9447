#include "dhcp/lease_table.hpp"

#include <numeric>

namespace cluster_lab::dhcp {
namespace {

/// The same place for the same card, spread evenly: FNV-1a, 32 bit (draft-eastlake-fnv).
std::uint32_t placeOf(MacAddress mac, std::uint32_t places) {
  constexpr std::uint32_t kOffsetBasis = 2166136261U;
  constexpr std::uint32_t kPrime = 16777619U;
  const auto hash =
      std::accumulate(mac.bytes.begin(), mac.bytes.end(), kOffsetBasis,
                      [](std::uint32_t sum, std::uint8_t byte) { return (sum ^ byte) * kPrime; });
  return hash % places;
}

}  // namespace

LeaseTable::LeaseTable(Ipv4Range range) : range_(range) {}

bool LeaseTable::set(const Lease& lease) {
  if (!range_.contains(lease.address)) return false;
  Lease noted = lease;
  const auto known = of(lease.mac);
  if (known && noted.hostName.empty()) noted.hostName = known->hostName;
  if (known == noted) return false;
  remove(lease.mac);
  if (const auto holder = holderOf(lease.address)) remove(holder->mac);
  by_address_[noted.address] = noted;
  by_mac_[noted.mac] = noted.address;
  return true;
}

bool LeaseTable::remove(MacAddress mac) {
  const auto found = by_mac_.find(mac);
  if (found == by_mac_.end()) return false;
  by_address_.erase(found->second);
  by_mac_.erase(found);
  return true;
}

std::optional<Lease> LeaseTable::of(MacAddress mac) const {
  const auto found = by_mac_.find(mac);
  if (found == by_mac_.end()) return std::nullopt;
  return by_address_.at(found->second);
}

std::optional<Lease> LeaseTable::holderOf(Ipv4 address) const {
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return std::nullopt;
  return found->second;
}

std::vector<Lease> LeaseTable::all() const {
  std::vector<Lease> leases;
  leases.reserve(by_address_.size());
  for (const auto& [address, lease] : by_address_) leases.push_back(lease);
  return leases;
}

bool LeaseTable::isFree(Ipv4 address) const {
  return range_.contains(address) && !by_address_.contains(address);
}

Result<Ipv4> LeaseTable::allocate(MacAddress mac, std::optional<Ipv4> wanted,
                                  const std::string& hostName) {
  if (const auto known = of(mac)) return known->address;
  if (full()) {
    return fail(ErrorCode::Exhausted, "all addresses of " + range_.toString() + " are leased",
                "set a larger network.range, or remove nodes that are gone");
  }
  Ipv4 address = wanted && isFree(*wanted)
                     ? *wanted
                     : Ipv4(range_.first.hostOrder() + placeOf(mac, range_.size()));
  while (!isFree(address)) {
    address = address == range_.last ? range_.first : Ipv4(address.hostOrder() + 1);
  }
  set({mac, address, hostName});
  return address;
}

std::string renderLeaseFile(const LeaseTable& table) {
  std::string text;
  for (const auto& lease : table.all()) {
    text += "0 " + lease.mac.toString() + ' ' + lease.address.toString() + " * *\n";
  }
  return text;
}

}  // namespace cluster_lab::dhcp
