#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dhcp/lease.hpp"

namespace cluster_lab::dhcp {

/// Who has which address of the range: at most one address a MAC and one MAC an address. A lease
/// stays until it is removed: the wall clock of a Pi says nothing.
class LeaseTable {
 public:
  explicit LeaseTable(Ipv4Range range);

  /// Notes the lease; whoever had the address before loses it. An address outside the range is not
  /// noted, and an empty host name does not replace one. True: something changed.
  bool set(const Lease& lease);
  /// True: there was such a lease.
  bool remove(MacAddress mac);
  [[nodiscard]] std::optional<Lease> of(MacAddress mac) const;
  [[nodiscard]] std::optional<Lease> holderOf(Ipv4 address) const;
  /// In the order of the addresses.
  [[nodiscard]] std::vector<Lease> all() const;
  [[nodiscard]] bool full() const { return by_address_.size() >= range_.size(); }
  [[nodiscard]] Ipv4Range range() const { return range_; }

  /// An address for `mac`: the one it has; else `wanted` if that is free; else the first free one
  /// from a place in the range that its MAC gives, upwards and around. Exhausted: none is free.
  [[nodiscard]] Result<Ipv4> allocate(MacAddress mac, std::optional<Ipv4> wanted,
                                      const std::string& hostName);

 private:
  [[nodiscard]] bool isFree(Ipv4 address) const;

  Ipv4Range range_;
  std::map<Ipv4, Lease> by_address_;
  std::map<MacAddress, Ipv4> by_mac_;
};

/// The leases in the format of dnsmasq's lease file, "EXPIRY MAC ADDRESS NAME CLIENT-ID" a line, as
/// its dhcp-script prints them at `init`. The expiry is 0, which dnsmasq reads as "never" whether
/// or not it was built with HAVE_BROKEN_RTC (lease.c, read_leases); so neither a Pi in 1970 nor a
/// clock that jumps loses a lease. Names are left out: dnsmasq would take one from a lease when
/// another client has the same, as cloned SD cards do.
[[nodiscard]] std::string renderLeaseFile(const LeaseTable& table);

}  // namespace cluster_lab::dhcp
