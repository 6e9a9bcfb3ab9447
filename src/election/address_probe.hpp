#pragma once

#include <optional>

#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "base/time.hpp"
#include "election/timing.hpp"
#include "wire/arp.hpp"

namespace cluster_lab::election {

/// Finds out by ARP probes whether an address is free (RFC 5227 section 2.1.1). Sends nothing and
/// waits for nothing itself.
class AddressProbe {
 public:
  enum class Verdict {
    Pending,
    Free,       ///< all probes sent, nobody answered
    Taken,      ///< somebody has it
    Contended,  ///< somebody else is about to take it, and goes first
  };

  AddressProbe(const Timing& timing, MacAddress self, Ipv4 address, TimePoint firstProbe);

  /// The probe to send now, if one is due. After the last one it decides.
  [[nodiscard]] std::optional<wire::Arp> due(TimePoint now);
  /// Any ARP packet from the link. Of two who probe at once the lower MAC goes first; who has not
  /// yet sent a probe gives way.
  void received(const wire::Arp& packet);

  [[nodiscard]] Verdict verdict() const { return verdict_; }
  /// Who has it or goes first; all zero before.
  [[nodiscard]] MacAddress other() const { return other_; }
  [[nodiscard]] bool hasBegun() const { return sent_ > 0; }
  /// When due() wants to be called; only while Pending.
  [[nodiscard]] TimePoint nextDeadline() const { return next_; }

 private:
  Timing timing_;
  MacAddress self_;
  Ipv4 address_;
  TimePoint next_;
  unsigned sent_ = 0;
  Verdict verdict_ = Verdict::Pending;
  MacAddress other_;
};

}  // namespace cluster_lab::election
