#include "dns/tcp_clients.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "os/udp_socket.hpp"

namespace cluster_lab::dns {
namespace {

constexpr std::size_t kMaxClients = 128;
constexpr std::size_t kMaxOfOne = 16;
constexpr std::size_t kLongestQuery = 4096;

}  // namespace

TcpClients::TcpClients(os::EventLoop& loop, os::FileDescriptor listening,
                       std::chrono::milliseconds idle, Handler handler)
    : loop_(loop), listening_(std::move(listening)), idle_(idle), handler_(std::move(handler)) {}

Result<void> TcpClients::start() {
  auto watch = loop_.watchReadable(listening_.get(), [this] { accept(); });
  if (!watch) return fail(watch.error());
  watch_ = std::move(*watch);
  return {};
}

/// Those too many are closed at once: a client that waits in the queue would wait in vain.
void TcpClients::accept() {
  constexpr int kAtOnce = 16;
  for (int i = 0; i < kAtOnce; ++i) {
    auto socket = os::TcpSocket::accept(listening_.get());
    if (!socket) return;
    if (clients_.size() < kMaxClients && countFrom(socket->peer()) < kMaxOfOne) {
      add(std::move(*socket));
    }
  }
}

std::size_t TcpClients::countFrom(const sockaddr_storage& peer) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      clients_, [&](const auto& each) { return os::isSameHost(each.second.socket.peer(), peer); }));
}

void TcpClients::add(os::TcpSocket socket) {
  const auto id = nextId_++;
  auto watch = loop_.watchReadable(socket.fd(), [this, id] { read(id); });
  if (!watch) return;
  auto& client =
      clients_
          .emplace(id,
                   Client{std::move(socket), Frames(kLongestQuery), false, std::move(*watch),
                          std::make_unique<os::Timer>(loop_, [this, id] { clients_.erase(id); })})
          .first->second;
  client.idle->set(loop_.now() + idle_);
}

void TcpClients::read(Id id) {
  auto& client = clients_.at(id);
  std::array<std::uint8_t, kLongestQuery> buffer;
  const auto bytes = client.socket.receive(buffer);
  // While one question is answered, one more may come, and no others.
  if (!bytes || client.frames.size() > 2 * kLongestQuery) {
    clients_.erase(id);
    return;
  }
  client.frames.add(*bytes);
  answerNext(id);
}

void TcpClients::answerNext(Id id) {
  const auto found = clients_.find(id);
  if (found == clients_.end() || found->second.isAnswering) return;
  auto& client = found->second;
  const auto query = client.frames.next();
  if (!query) {
    if (client.frames.isTooLong()) clients_.erase(found);
    return;
  }
  client.isAnswering = true;
  client.idle->set(loop_.now() + idle_);
  handler_(*query, client.socket.peer(),
           [this, id](const wire::Bytes& answer) { send(id, answer); });
}

void TcpClients::send(Id id, const wire::Bytes& answer) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  auto& client = found->second;
  if (!client.socket.send(framed(answer))) {
    clients_.erase(found);
    return;
  }
  client.isAnswering = false;
  client.idle->set(loop_.now() + idle_);
  // Posted: an answer may be sent while the question before it is being taken out.
  loop_.post([this, id] { answerNext(id); });
}

}  // namespace cluster_lab::dns
