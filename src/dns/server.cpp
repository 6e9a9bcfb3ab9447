#include "dns/server.hpp"

#include <fcntl.h>

#include <array>
#include <thread>
#include <utility>

#include "dns/query_handler.hpp"
#include "dns/tcp_clients.hpp"
#include "http/listen_socket.hpp"
#include "os/event_loop.hpp"
#include "os/host.hpp"
#include "os/log.hpp"
#include "os/udp_socket.hpp"

namespace cluster_lab::dns {
namespace {

constexpr std::size_t kLongestQuery = 4096;

/// By IPv6 and IPv4, or by IPv4 alone where the kernel has no IPv6. Never blocks.
Result<os::FileDescriptor> listenTcp(std::uint16_t port) {
  auto listening = http::listenOn("::", port);
  if (!listening && listening.error().code != ErrorCode::Conflict) {
    listening = http::listenOn("0.0.0.0", port);
  }
  if (!listening) return fail(listening.error());
  os::FileDescriptor fd(*listening);
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
  return fd;
}

Result<os::UdpSocket> listenUdp(std::uint16_t port) {
  auto socket = os::UdpSocket::listen(port);
  if (socket || socket.error().code != ErrorCode::Conflict) return socket;
  const auto number = std::to_string(port);
  return fail(ErrorCode::Conflict, "UDP port " + number + " is taken",
              "'ss -ulpn sport = :" + number + "' names the process: stop it, or set another port");
}

class ThreadedServer : public Server {
 public:
  ThreadedServer(std::unique_ptr<os::EventLoop> loop, os::UdpSocket udp, os::FileDescriptor tcp,
                 ServerOptions options, Read read)
      : zone_(std::move(options.zone)),
        read_(std::move(read)),
        loop_(std::move(loop)),
        handler_(*loop_, options.recursors, options.recursorTimeout,
                 [this](const wire::DnsMessage& query, bool mayForward) {
                   return answerFrom(query, mayForward);
                 }),
        udp_(std::move(udp)),
        tcp_(*loop_, std::move(tcp), options.idleTimeout,
             [this](wire::ByteView query, const sockaddr_storage& peer, TcpClients::Send send) {
               handler_.handle(query, {Transport::Tcp, isNear(peer)}, std::move(send));
             }) {}

  ~ThreadedServer() override {
    if (!thread_.joinable()) return;
    loop_->quit(0);
    thread_.join();
  }
  ThreadedServer(const ThreadedServer&) = delete;
  ThreadedServer& operator=(const ThreadedServer&) = delete;

  [[nodiscard]] Result<void> run() {
    auto watch = loop_->watchReadable(udp_.fd(), [this] { readUdp(); });
    if (!watch) return fail(watch.error());
    udpWatch_ = std::move(*watch);
    if (auto started = tcp_.start(); !started) return started;
    thread_ = std::thread([this] {
      if (const auto ended = loop_->run(); !ended) os::log::error(ended.error().text());
    });
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return udp_.port(); }

 private:
  /// Bounded, so that a flood by UDP leaves the loop to others.
  void readUdp() {
    constexpr int kAtOnce = 64;
    std::array<std::uint8_t, kLongestQuery> buffer;
    for (int i = 0; i < kAtOnce; ++i) {
      os::UdpSocket::Peer peer;
      const auto query = udp_.receive(buffer, peer);
      if (!query || !*query) return;
      handler_.handle(**query, {Transport::Udp, isNear(peer.address)},
                      [this, peer](const wire::Bytes& answer) {
                        const auto sent = udp_.sendTo(peer, answer);
                        if (!sent) os::log::debug(sent.error().text());
                      });
    }
  }

  [[nodiscard]] bool isNear(const sockaddr_storage& peer) const {
    const auto address = os::ipv4Of(peer);
    return os::isLoopback(peer) || (address && zone_.subnet.contains(*address));
  }

  [[nodiscard]] Reply answerFrom(const wire::DnsMessage& query, bool mayForward) const {
    auto zone = zone_;
    zone.recursion = mayForward;
    Reply reply;
    read_(
        [&](const registry::State& state) { reply = answer(state, zone, query, os::randomBelow); });
    return reply;
  }

  Zone zone_;
  Read read_;
  std::unique_ptr<os::EventLoop> loop_;
  QueryHandler handler_;
  os::UdpSocket udp_;
  TcpClients tcp_;
  os::EventHandle udpWatch_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Read read) {
  auto tcp = listenTcp(options.port);
  if (!tcp) return fail(tcp.error());
  auto udp = listenUdp(options.port != 0 ? options.port : http::boundPort(tcp->get()));
  if (!udp) return fail(udp.error());
  auto loop = os::EventLoop::create();
  if (!loop) return fail(loop.error());
  auto server = std::make_unique<ThreadedServer>(std::move(*loop), std::move(*udp), std::move(*tcp),
                                                 std::move(options), std::move(read));
  if (auto running = server->run(); !running) return fail(running.error());
  return server;
}

}  // namespace cluster_lab::dns
