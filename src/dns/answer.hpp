#pragma once

#include <cstddef>
#include <vector>

#include "dns/zone.hpp"
#include "wire/dns_message.hpp"

namespace cluster_lab::registry {
class State;
}

namespace cluster_lab::dns {

/// What becomes of a question.
struct Reply {
  /// The answer; where `isForwarded`, that of somebody who could ask nobody else.
  wire::DnsMessage message;
  bool isForwarded = false;  ///< the whole question is for other name servers
  /// Names outside the zone whose addresses other name servers may know: of the answers, of the
  /// additional records.
  std::vector<wire::DnsName> outsideAnswers;
  std::vector<wire::DnsName> outsideAdditionals;
};

/// Answers a query as Consul 1.8 does, from any copy of the registry: names below "consul", reverse
/// names of nodes and services; all others are forwarded, or refused where zone.recursion is false.
/// Otherwise than Consul: reverse names in the cluster's subnet that nobody has do not exist
/// (Consul: server failure), and the serial of the SOA record is the registry's index (Consul: the
/// time).
[[nodiscard]] Reply answer(const registry::State& state, const Zone& zone,
                           const wire::DnsMessage& query, const Chance& chance);

/// An answer without records that repeats the question.
[[nodiscard]] wire::DnsMessage emptyAnswer(const wire::DnsMessage& query, wire::DnsRcode rcode);

/// How many bytes the asker takes by UDP (RFC 6891 section 6.2.3), at most `most`.
[[nodiscard]] std::size_t udpLimit(const wire::DnsMessage& query, std::size_t most);
/// The bytes of the message, cut to the limit where they are more: TXT records beside the answer go
/// first, then answers from the end with what belongs to them; only then it says that it is cut
/// (RFC 2181 section 9).
[[nodiscard]] wire::Bytes encodeWithin(wire::DnsMessage message, std::size_t limit);

}  // namespace cluster_lab::dns
