#include "dns/query_handler.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cluster_lab::dns {
namespace {

using wire::DnsMessage;
using wire::DnsName;
using wire::DnsRcode;
using wire::DnsRecord;
using wire::DnsType;

constexpr std::size_t kMostNear = 8192;  // what HAProxy asks for at most
constexpr std::size_t kMostFar = 1232;
constexpr std::size_t kMaxOutside = 4;  // names that are asked for one answer

std::size_t limitOf(const DnsMessage& query, Asker asker) {
  if (asker.transport == Transport::Tcp) return wire::kDnsMaxSize;
  return udpLimit(query, asker.isNear ? kMostNear : kMostFar);
}

DnsMessage questionAbout(const DnsName& name, DnsType type) {
  DnsMessage query;
  query.recursionDesired = true;
  query.questions = {{name, type == DnsType::Aaaa ? type : DnsType::A}};
  query.edns = wire::DnsEdns{.udpSize = kMostFar};
  return query;
}

/// What another server's answer says of addresses.
std::vector<DnsRecord> addressesIn(const std::optional<wire::Bytes>& answer) {
  auto message = answer ? wire::decodeDns(*answer) : Result<DnsMessage>(DnsMessage{});
  if (!message) return {};
  std::erase_if(message->answers, [](const DnsRecord& record) {
    return record.type != DnsType::A && record.type != DnsType::Aaaa &&
           record.type != DnsType::Cname;
  });
  for (auto& record : message->answers) record.ttl = 0;
  return std::move(message->answers);
}

}  // namespace

struct QueryHandler::Open {
  DnsMessage message;
  std::size_t limit;  ///< bytes
  Send send;
  std::size_t pending = 1;

  void arrived() {
    if (--pending == 0) send(encodeWithin(std::move(message), limit));
  }
};

QueryHandler::QueryHandler(os::EventLoop& loop, const std::vector<Recursor>& recursors,
                           std::chrono::milliseconds recursorTimeout, Answer answer)
    : answer_(std::move(answer)),
      canForward_(!recursors.empty()),
      forwarder_(loop, recursors, recursorTimeout) {}

void QueryHandler::handle(wire::ByteView query, Asker asker, Send send) {
  const auto header = wire::decodeDnsHeader(query);
  if (!header || header->isResponse) return;
  const auto message = wire::decodeDns(query);
  if (!message) return send(encode(emptyAnswer(*header, DnsRcode::FormErr)));
  const bool mayForward = canForward_ && asker.isNear;
  auto reply = answer_(*message, mayForward);
  const auto open =
      std::make_shared<Open>(std::move(reply.message), limitOf(*message, asker), std::move(send));
  if (reply.isForwarded) return forward(query, asker.transport, open);
  if (mayForward) complete(reply, message->questions[0].type, open);
  open->arrived();
}

void QueryHandler::forward(wire::ByteView query, Transport transport,
                           const std::shared_ptr<Open>& open) {
  const auto done = [open](const std::optional<wire::Bytes>& answer) {
    if (!answer) return open->send(encode(open->message));
    if (answer->size() <= open->limit) return open->send(withId(*answer, open->message.id));
    open->message.rcode = DnsRcode::NoError;
    open->message.truncated = true;
    open->send(encode(open->message));
  };
  forwarder_.ask({query.begin(), query.end()}, transport, done);
}

void QueryHandler::complete(const Reply& reply, DnsType type, const std::shared_ptr<Open>& open) {
  for (const auto& name : reply.outsideAnswers) {
    askAbout(name, type, &DnsMessage::answers, open);
  }
  for (const auto& name : reply.outsideAdditionals) {
    askAbout(name, type, &DnsMessage::additionals, open);
  }
}

void QueryHandler::askAbout(const DnsName& name, DnsType type, Section section,
                            const std::shared_ptr<Open>& open) {
  if (open->pending > kMaxOutside) return;
  ++open->pending;
  const auto done = [open, section](const std::optional<wire::Bytes>& answer) {
    std::ranges::move(addressesIn(answer), std::back_inserter(open->message.*section));
    open->arrived();
  };
  forwarder_.ask(encode(questionAbout(name, type)), Transport::Udp, done);
}

}  // namespace cluster_lab::dns
