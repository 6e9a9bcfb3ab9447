#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>

#include "dns/frames.hpp"
#include "os/file_descriptor.hpp"
#include "wire/dns_message.hpp"

namespace cluster_lab::dns::test {

/// A client of a name server on the loopback; calls wait 3 s at most.
class Client {
 public:
  enum class Kind { Udp, Tcp };
  Client(Kind kind, std::uint16_t port);

  void send(const wire::Bytes& bytes) const;
  /// A whole message; nullopt: none came, or the server has closed the connection.
  [[nodiscard]] std::optional<wire::Bytes> receive();
  /// The server has closed the connection, or does within 15 s.
  [[nodiscard]] bool isClosed() const;

 private:
  Kind kind_;
  os::FileDescriptor fd_;
  Frames frames_{wire::kDnsMaxSize};
};

[[nodiscard]] std::optional<wire::DnsMessage> ask(Client::Kind kind, std::uint16_t port,
                                                  const wire::DnsMessage& query);

/// A name server on the loopback that answers as it is told, by UDP and TCP, in a thread.
class NameServer {
 public:
  /// nullopt: no answer.
  using Answer = std::function<std::optional<wire::DnsMessage>(const wire::DnsMessage& query)>;

  explicit NameServer(Answer answer);
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int asked() const { return asked_; }
  [[nodiscard]] int askedByTcp() const { return askedByTcp_; }

 private:
  void serve();
  void serveUdp();
  void serveTcp();

  Answer answer_;
  os::FileDescriptor tcp_, udp_;
  std::uint16_t port_ = 0;
  std::atomic<int> asked_ = 0, askedByTcp_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace cluster_lab::dns::test
