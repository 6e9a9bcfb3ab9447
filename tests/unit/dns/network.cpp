#include "network.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>

namespace cluster_lab::dns::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

const sockaddr* raw(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

os::FileDescriptor open(Client::Kind kind) {
  const timeval patience{3, 0};
  os::FileDescriptor fd(socket(AF_INET, kind == Client::Kind::Udp ? SOCK_DGRAM : SOCK_STREAM, 0));
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

os::FileDescriptor bound(Client::Kind kind, std::uint16_t port) {
  auto fd = open(kind);
  const auto address = loopback(port);
  if (bind(fd.get(), raw(address), sizeof address) != 0) throw std::runtime_error("no port");
  return fd;
}

std::uint16_t portOf(const os::FileDescriptor& fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

std::optional<wire::Bytes> receiveFrame(int fd, Frames& frames) {
  std::array<std::uint8_t, 4096> buffer{};
  while (true) {
    if (auto message = frames.next()) return message;
    const auto size = recv(fd, buffer.data(), buffer.size(), 0);
    if (size <= 0) return std::nullopt;
    frames.add(wire::ByteView(buffer).first(static_cast<std::size_t>(size)));
  }
}

}  // namespace

Client::Client(Kind kind, std::uint16_t port) : kind_(kind), fd_(open(kind)) {
  const auto address = loopback(port);
  if (connect(fd_.get(), raw(address), sizeof address) != 0) throw std::runtime_error("no server");
}

void Client::send(const wire::Bytes& bytes) const {
  ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::optional<wire::Bytes> Client::receive() {
  if (kind_ == Kind::Tcp) return receiveFrame(fd_.get(), frames_);
  wire::Bytes buffer(wire::kDnsMaxSize);
  const auto size = recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (size < 0) return std::nullopt;
  buffer.resize(static_cast<std::size_t>(size));
  return buffer;
}

bool Client::isClosed() const {
  pollfd end{fd_.get(), POLLIN, 0};
  if (poll(&end, 1, 15000) != 1) return false;
  std::uint8_t byte = 0;
  return recv(fd_.get(), &byte, 1, 0) <= 0;
}

std::optional<wire::DnsMessage> ask(Client::Kind kind, std::uint16_t port,
                                    const wire::DnsMessage& query) {
  Client client(kind, port);
  const auto bytes = encode(query);
  client.send(kind == Client::Kind::Tcp ? framed(bytes) : bytes);
  const auto answer = client.receive();
  if (!answer) return std::nullopt;
  auto message = wire::decodeDns(*answer);
  if (!message) return std::nullopt;
  return std::move(*message);
}

NameServer::NameServer(Answer answer) : answer_(std::move(answer)) {
  tcp_ = bound(Client::Kind::Tcp, 0);
  port_ = portOf(tcp_);
  udp_ = bound(Client::Kind::Udp, port_);
  listen(tcp_.get(), 8);
  thread_ = std::thread([this] { serve(); });
}

NameServer::~NameServer() {
  ending_ = true;
  thread_.join();
}

void NameServer::serve() {
  while (!ending_) {
    std::array<pollfd, 2> ready{{{udp_.get(), POLLIN, 0}, {tcp_.get(), POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), 20) <= 0) continue;
    if (ready[0].revents != 0) serveUdp();
    if (ready[1].revents != 0) serveTcp();
  }
}

void NameServer::serveUdp() {
  std::array<std::uint8_t, 4096> buffer{};
  sockaddr_storage from{};
  socklen_t fromSize = sizeof from;
  auto* peer = reinterpret_cast<sockaddr*>(&from);
  const auto size = recvfrom(udp_.get(), buffer.data(), buffer.size(), 0, peer, &fromSize);
  if (size < 0) return;
  ++asked_;
  const auto query = wire::decodeDns(wire::ByteView(buffer).first(static_cast<std::size_t>(size)));
  const auto answer = query ? answer_(*query) : std::nullopt;
  if (!answer) return;
  const auto bytes = encode(*answer);
  sendto(udp_.get(), bytes.data(), bytes.size(), 0, peer, fromSize);
}

void NameServer::serveTcp() {
  const os::FileDescriptor client(accept(tcp_.get(), nullptr, nullptr));
  Frames frames(wire::kDnsMaxSize);
  const auto bytes = receiveFrame(client.get(), frames);
  if (!bytes) return;
  const auto query = wire::decodeDns(*bytes);
  ++askedByTcp_;
  const auto answer = query ? answer_(*query) : std::nullopt;
  if (!answer) return;
  const auto told = framed(encode(*answer));
  ::send(client.get(), told.data(), told.size(), MSG_NOSIGNAL);
}

}  // namespace cluster_lab::dns::test
