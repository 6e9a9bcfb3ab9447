#include "dns/answer.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "dns/lookup.hpp"
#include "registry/state.hpp"

namespace cluster_lab::dns {
namespace {

using wire::DnsMessage;
using wire::DnsName;
using wire::DnsRcode;
using wire::DnsRecord;
using wire::DnsType;

constexpr std::uint16_t kOwnUdpSize = 1232;  // fits every network without fragments
// Whole zones: they are for name servers (RFC 1995, RFC 5936).
constexpr auto kIxfr = static_cast<DnsType>(251);
constexpr auto kAxfr = static_cast<DnsType>(252);

DnsRecord startOfAuthority(const registry::State& state, const DnsName& zone) {
  wire::DnsSoa soa;
  soa.server = {{"ns", "consul"}};
  soa.mailbox = {{"hostmaster", "consul"}};
  soa.serial = static_cast<std::uint32_t>(state.position().index);
  // Consul's; the minimum of 0 forbids keeping that a name does not exist (RFC 2308 section 4).
  soa.refresh = 3600;
  soa.retry = 600;
  soa.expire = 86400;
  return {zone, DnsType::Soa, 0, std::move(soa)};
}

/// The fault of a query that nobody could answer.
DnsRcode faultOf(const DnsMessage& query) {
  if (query.opcode != wire::kDnsOpcodeQuery) return DnsRcode::NotImp;
  if (query.edns && query.edns->version != 0) return DnsRcode::BadVers;
  if (query.questions.size() != 1) return DnsRcode::FormErr;
  const auto& question = query.questions[0];
  if (question.type == kAxfr || question.type == kIxfr) return DnsRcode::NotImp;
  return question.classCode == wire::kDnsClassIn ? DnsRcode::NoError : DnsRcode::Refused;
}

/// Answers one question out of the registry.
class Answering {
 public:
  Answering(const registry::State& state, const Zone& zone, const Chance& chance,
            const DnsMessage& query)
      : state_(state), zone_(zone), lookup_(state, zone, chance), question_(query.questions[0]) {
    reply_.message = emptyAnswer(query, DnsRcode::NoError);
    reply_.message.recursionAvailable = zone.recursion;
  }

  Reply run() && {
    if (question_.name.isWithin(zoneName())) {
      answerZone();
    } else if (const auto address = addressInReverse(question_.name)) {
      answerReverse(*address);
    } else if (question_.name.sameAs(reverseZoneName(zone_.subnet))) {
      tellNothing(DnsRcode::NoError, question_.name);
    } else {
      forward(isReverse(question_.name) ? DnsRcode::ServFail : DnsRcode::Refused);
    }
    return std::move(reply_);
  }

 private:
  void answerZone() {
    reply_.message.authoritative = true;
    if (question_.type == DnsType::Soa) return tellAuthority();
    if (question_.type == DnsType::Ns) return take(lookup_.nameServers());
    take(lookup_.find(question_));
  }

  void tellAuthority() {
    auto servers = lookup_.nameServers();
    reply_.message.answers = {startOfAuthority(state_, zoneName())};
    reply_.message.authorities = std::move(servers.answers);
    reply_.message.additionals = std::move(servers.additionals);
  }

  void take(Found found) {
    auto& message = reply_.message;
    message.answers = std::move(found.answers);
    message.additionals = std::move(found.additionals);
    reply_.outsideAnswers = std::move(found.outsideAnswers);
    reply_.outsideAdditionals = std::move(found.outsideAdditionals);
    if (!found.exists) return tellNothing(DnsRcode::NxDomain, zoneName());
    // Of nodes Consul gives no SOA with nothing.
    if (message.answers.empty() && found.isService) tellNothing(DnsRcode::NoError, zoneName());
  }

  void tellNothing(DnsRcode rcode, const DnsName& zone) {
    reply_.message.authoritative = true;
    reply_.message.rcode = rcode;
    reply_.message.authorities = {startOfAuthority(state_, zone)};
  }

  void answerReverse(const Location& address) {
    const auto name = nameOfAddress(state_, address, zone_);
    const auto* ipv4 = std::get_if<Ipv4>(&address);
    if (name) {
      reply_.message.authoritative = true;
      reply_.message.answers = {nameRecord(question_.name, DnsType::Ptr, *name)};
    } else if (ipv4 != nullptr && zone_.subnet.contains(*ipv4)) {
      tellNothing(DnsRcode::NxDomain, reverseZoneName(zone_.subnet));
    } else {
      forward(DnsRcode::ServFail);
    }
  }

  /// `otherwise`: what is told where nobody can be asked.
  void forward(DnsRcode otherwise) {
    reply_.isForwarded = zone_.recursion;
    reply_.message.rcode = zone_.recursion ? DnsRcode::ServFail : otherwise;
    reply_.message.recursionAvailable = reply_.message.rcode == DnsRcode::ServFail;
  }

  const registry::State& state_;
  const Zone& zone_;
  Lookup lookup_;
  const wire::DnsQuestion& question_;
  Reply reply_;
};

/// Leaves the first `count` answers, and of the additional records those of their targets.
DnsMessage withAnswers(const DnsMessage& whole, std::size_t count) {
  auto message = whole;
  message.answers.resize(count);
  message.truncated = true;
  std::set<std::string> targets;
  for (const auto& each : message.answers) {
    const auto* srv = std::get_if<wire::DnsSrv>(&each.data);
    if (srv != nullptr) targets.insert(toLower(srv->target.toString()));
  }
  std::erase_if(message.additionals, [&](const DnsRecord& record) {
    return !targets.contains(toLower(record.name.toString()));
  });
  return message;
}

}  // namespace

DnsMessage emptyAnswer(const DnsMessage& query, DnsRcode rcode) {
  DnsMessage message;
  message.id = query.id;
  message.isResponse = true;
  message.opcode = query.opcode;
  message.recursionDesired = query.recursionDesired;
  message.rcode = rcode;
  message.questions = query.questions;
  if (query.edns) message.edns = wire::DnsEdns{.udpSize = kOwnUdpSize};
  return message;
}

Reply answer(const registry::State& state, const Zone& zone, const DnsMessage& query,
             const Chance& chance) {
  if (const auto fault = faultOf(query); fault != DnsRcode::NoError) {
    Reply reply;
    reply.message = emptyAnswer(query, fault);
    return reply;
  }
  return Answering(state, zone, chance, query).run();
}

std::size_t udpLimit(const DnsMessage& query, std::size_t most) {
  const std::size_t told = query.edns ? query.edns->udpSize : 0;
  return std::min(std::max(told, wire::kDnsPlainUdpSize), most);
}

wire::Bytes encodeWithin(DnsMessage message, std::size_t limit) {
  auto bytes = encode(message);
  if (bytes.size() <= limit) return bytes;
  std::erase_if(message.additionals,
                [](const DnsRecord& record) { return record.type == DnsType::Txt; });
  bytes = encode(message);
  if (bytes.size() <= limit) return bytes;
  // The most answers that fit; that none do is taken for granted.
  std::size_t fits = 0;
  std::size_t tooMany = message.answers.size();
  while (fits + 1 < tooMany) {
    const auto middle = fits + (tooMany - fits) / 2;
    if (encode(withAnswers(message, middle)).size() <= limit) {
      fits = middle;
    } else {
      tooMany = middle;
    }
  }
  return encode(withAnswers(message, fits));
}

}  // namespace cluster_lab::dns
