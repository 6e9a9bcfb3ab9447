#include "dns/forwarder.hpp"

#include <map>
#include <string>
#include <utility>

#include "dns/frames.hpp"
#include "os/event_loop.hpp"
#include "os/host.hpp"
#include "os/tcp_socket.hpp"
#include "os/udp_socket.hpp"

namespace cluster_lab::dns {
namespace {

constexpr std::size_t kMaxQuestions = 64;
constexpr std::size_t kMaxWaiting = 32;  // for the same answer
constexpr std::uint32_t kIds = 65536;

/// One question to one server. Tells once: the bytes of the answer, or nothing.
class Attempt {
 public:
  using Told = std::function<void(std::optional<wire::Bytes>)>;
  virtual ~Attempt() = default;
};

class UdpAttempt : public Attempt {
 public:
  UdpAttempt(os::UdpSocket socket, wire::Bytes query, Told told)
      : socket_(std::move(socket)), query_(std::move(query)), told_(std::move(told)) {}

  [[nodiscard]] static std::unique_ptr<Attempt> start(os::EventLoop& loop, const Recursor& server,
                                                      wire::Bytes query, Told told) {
    auto socket = os::UdpSocket::connect(server.address, server.port);
    if (!socket || !socket->send(query)) return nullptr;
    auto made = std::make_unique<UdpAttempt>(std::move(*socket), std::move(query), std::move(told));
    auto watch = loop.watchReadable(made->socket_.fd(), [self = made.get()] { self->read(); });
    if (!watch) return nullptr;
    made->watch_ = std::move(*watch);
    return made;
  }

 private:
  void read() {
    wire::Bytes buffer(wire::kDnsMaxSize);
    os::UdpSocket::Peer from;
    const auto datagram = socket_.receive(buffer, from);
    if (!datagram) return told_(std::nullopt);
    // What is no answer may be an attempt to forge one: the true one may still come.
    if (!*datagram || !isAnswerTo(query_, **datagram)) return;
    told_(wire::Bytes((*datagram)->begin(), (*datagram)->end()));
  }

  os::UdpSocket socket_;
  wire::Bytes query_;
  Told told_;
  os::EventHandle watch_;
};

class TcpAttempt : public Attempt {
 public:
  TcpAttempt(os::EventLoop& loop, os::TcpSocket socket, wire::Bytes query, Told told)
      : loop_(loop), socket_(std::move(socket)), query_(std::move(query)), told_(std::move(told)) {}

  [[nodiscard]] static std::unique_ptr<Attempt> start(os::EventLoop& loop, const Recursor& server,
                                                      wire::Bytes query, Told told) {
    auto socket = os::TcpSocket::connect(server.address, server.port);
    if (!socket) return nullptr;
    auto made =
        std::make_unique<TcpAttempt>(loop, std::move(*socket), std::move(query), std::move(told));
    auto watch = loop.watchWritable(made->socket_.fd(), [self = made.get()] { self->write(); });
    if (!watch) return nullptr;
    made->watch_ = std::move(*watch);
    return made;
  }

 private:
  void write() {
    watch_.reset();  // a descriptor is watched for one thing at a time
    auto watch = loop_.watchReadable(socket_.fd(), [this] { read(); });
    if (!watch || !socket_.send(framed(query_))) return told_(std::nullopt);
    watch_ = std::move(*watch);
  }

  void read() {
    wire::Bytes buffer(16384);
    const auto bytes = socket_.receive(buffer);
    if (!bytes) return told_(std::nullopt);
    frames_.add(*bytes);
    auto message = frames_.next();
    if (!message) return;
    if (!isAnswerTo(query_, *message)) return told_(std::nullopt);
    told_(std::move(message));
  }

  os::EventLoop& loop_;
  os::TcpSocket socket_;
  wire::Bytes query_;
  Told told_;
  Frames frames_{wire::kDnsMaxSize};
  os::EventHandle watch_;
};

/// Equal where the same is asked in the same way.
using Key = std::pair<Transport, wire::Bytes>;

}  // namespace

struct Forwarder::Impl : std::enable_shared_from_this<Impl> {
  /// A question on its way.
  struct Asked {
    Asked(os::EventLoop& loop, std::function<void()> late) : deadline(loop, std::move(late)) {}

    std::vector<Done> waiting;
    std::size_t turn = 0;  ///< how many servers have been asked
    std::unique_ptr<Attempt> attempt;
    os::Timer deadline;
  };

  Impl(os::EventLoop& loop_of_all, std::vector<Recursor> servers, std::chrono::milliseconds wait)
      : loop(loop_of_all), recursors(std::move(servers)), patience(wait) {}

  os::EventLoop& loop;
  std::vector<Recursor> recursors;
  std::chrono::milliseconds patience;
  std::map<Key, std::unique_ptr<Asked>> questions;

  void ask(const Key& key, Done done);
  void askNext(const Key& key);
  [[nodiscard]] std::unique_ptr<Attempt> begin(const Key& key, const Recursor& server,
                                               std::size_t turn);
  void heard(const Key& key, std::size_t turn, std::optional<wire::Bytes> answer);
  void finish(const Key& key, const std::optional<wire::Bytes>& answer);
};

void Forwarder::Impl::ask(const Key& key, Done done) {
  const auto known = questions.find(key);
  if (known != questions.end()) {
    auto& waiting = known->second->waiting;
    if (waiting.size() >= kMaxWaiting) return done(std::nullopt);
    return waiting.push_back(std::move(done));
  }
  if (questions.size() >= kMaxQuestions) return done(std::nullopt);
  auto asked = std::make_unique<Asked>(loop, [this, key] { askNext(key); });
  asked->waiting.push_back(std::move(done));
  questions.emplace(key, std::move(asked));
  askNext(key);
}

/// Asks the next server that can be reached at all.
void Forwarder::Impl::askNext(const Key& key) {
  auto& asked = *questions.at(key);
  asked.attempt.reset();
  while (asked.turn < recursors.size()) {
    const auto& server = recursors[asked.turn++];
    asked.attempt = begin(key, server, asked.turn);
    if (asked.attempt) return asked.deadline.set(loop.now() + patience);
  }
  finish(key, std::nullopt);
}

std::unique_ptr<Attempt> Forwarder::Impl::begin(const Key& key, const Recursor& server,
                                                std::size_t turn) {
  // Posted, because what is heard destroys the attempt that hears it.
  auto told = [this, key, turn](std::optional<wire::Bytes> answer) {
    loop.post([weak = weak_from_this(), key, turn, answer = std::move(answer)]() mutable {
      if (const auto self = weak.lock()) self->heard(key, turn, std::move(answer));
    });
  };
  const auto& [transport, query] = key;
  auto numbered = withId(query, static_cast<std::uint16_t>(os::randomBelow(kIds)));
  return transport == Transport::Udp
             ? UdpAttempt::start(loop, server, std::move(numbered), std::move(told))
             : TcpAttempt::start(loop, server, std::move(numbered), std::move(told));
}

void Forwarder::Impl::heard(const Key& key, std::size_t turn, std::optional<wire::Bytes> answer) {
  const auto found = questions.find(key);
  if (found == questions.end() || found->second->turn != turn) return;
  if (answer && isSettled(*answer)) return finish(key, answer);
  askNext(key);
}

void Forwarder::Impl::finish(const Key& key, const std::optional<wire::Bytes>& answer) {
  const auto asked = questions.extract(key);
  for (const auto& done : asked.mapped()->waiting) done(answer);
}

Forwarder::Forwarder(os::EventLoop& loop, std::vector<Recursor> recursors,
                     std::chrono::milliseconds patience)
    : impl_(std::make_shared<Impl>(loop, std::move(recursors), patience)) {}

Forwarder::~Forwarder() = default;

void Forwarder::ask(const wire::Bytes& query, Transport transport, Done done) {
  impl_->ask({transport, withId(query, 0)}, std::move(done));
}

}  // namespace cluster_lab::dns
