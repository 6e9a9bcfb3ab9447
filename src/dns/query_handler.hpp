#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "dns/answer.hpp"
#include "dns/exchange.hpp"
#include "dns/forwarder.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::os {
class EventLoop;
}

namespace cluster_lab::dns {

/// Who asks.
struct Asker {
  Transport transport = Transport::Udp;
  /// This machine, or one in the cluster's subnet. Others get answers about the cluster alone, and
  /// by UDP none that is longer than what fits every network: nobody shall use this server to send
  /// much to a third machine.
  bool isNear = false;
};

/// Turns the bytes of queries into the bytes of answers. Loop thread only.
class QueryHandler {
 public:
  /// Answers out of the registry; `mayForward`: other name servers may be asked for this asker.
  using Answer = std::function<Reply(const wire::DnsMessage& query, bool mayForward)>;
  using Send = std::function<void(const wire::Bytes& answer)>;

  QueryHandler(os::EventLoop& loop, const std::vector<Recursor>& recursors,
               std::chrono::milliseconds recursorTimeout, Answer answer);

  /// `send` is called at most once, at once or later; never after this is destroyed. What is no
  /// query gets no answer.
  void handle(wire::ByteView query, Asker asker, Send send);

 private:
  using Section = std::vector<wire::DnsRecord> wire::DnsMessage::*;

  /// An answer that waits for what other servers know of names in it.
  struct Open;

  void forward(wire::ByteView query, Transport transport, const std::shared_ptr<Open>& open);
  void complete(const Reply& reply, wire::DnsType type, const std::shared_ptr<Open>& open);
  void askAbout(const wire::DnsName& name, wire::DnsType type, Section section,
                const std::shared_ptr<Open>& open);

  Answer answer_;
  bool canForward_;
  Forwarder forwarder_;
};

}  // namespace cluster_lab::dns
