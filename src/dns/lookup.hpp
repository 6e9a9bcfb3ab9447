#pragma once

#include <string>
#include <vector>

#include "dns/catalog.hpp"
#include "dns/zone.hpp"
#include "wire/dns_message.hpp"

namespace cluster_lab::dns {

/// What is known of a name. Of one that exists there may be no records of the type asked for.
struct Found {
  bool exists = true;
  bool isService = false;
  std::vector<wire::DnsRecord> answers;
  std::vector<wire::DnsRecord> additionals;
  /// Names outside the zone that were told: what others know of the first ones belongs to the
  /// answers, of the second ones to the additional records.
  std::vector<wire::DnsName> outsideAnswers;
  std::vector<wire::DnsName> outsideAdditionals;
};

/// Looks names below "consul" up in the registry, as Consul does.
class Lookup {
 public:
  Lookup(const registry::State& state, const Zone& zone, const Chance& chance)
      : state_(state), zone_(zone), chance_(chance) {}

  [[nodiscard]] Found find(const wire::DnsQuestion& question) const {
    return find(question, kMaxFollowed);
  }
  /// Up to three name servers: members of the cluster, with their addresses.
  [[nodiscard]] Found nameServers() const;

 private:
  using Labels = std::vector<std::string>;
  static constexpr int kMaxFollowed = 3;  // as Consul

  /// `depth`: how many names may still be followed that services have in place of addresses.
  [[nodiscard]] Found find(const wire::DnsQuestion& question, int depth) const;
  [[nodiscard]] Found findNode(const wire::DnsQuestion& question, const std::string& name,
                               int depth) const;
  [[nodiscard]] Found findService(const wire::DnsQuestion& question, const Labels& labels,
                                  int depth) const;
  [[nodiscard]] Found findAddress(const wire::DnsQuestion& question, const Labels& labels) const;

  [[nodiscard]] Found serviceTargets(const wire::DnsQuestion& question,
                                     const std::vector<Instance>& instances, int depth) const;
  [[nodiscard]] Found serviceAddresses(const wire::DnsQuestion& question,
                                       const std::vector<Instance>& instances, int depth) const;
  [[nodiscard]] std::optional<wire::DnsName> target(const Instance& instance,
                                                    const Instance::Place& place) const;
  /// Adds what is known of a name that stands in place of an address, as far as it is of use where
  /// `type` is asked for: records, or the name where it lies outside.
  void follow(const wire::DnsName& name, wire::DnsType type, int depth,
              std::vector<wire::DnsRecord>& records, std::vector<wire::DnsName>& outside) const;
  template <typename Element>
  void shuffle(std::vector<Element>& elements) const;

  const registry::State& state_;
  const Zone& zone_;
  const Chance& chance_;
};

}  // namespace cluster_lab::dns
