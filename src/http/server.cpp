#include "http/server.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <exception>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "http/connection.hpp"
#include "http/connection_table.hpp"
#include "http/descriptors.hpp"
#include "http/final_answer.hpp"
#include "http/listen_socket.hpp"
#include "http/protocol.hpp"
#include "http/waiting_room.hpp"
#include "http/workers.hpp"

namespace cluster_lab::http {
namespace {

using std::chrono::milliseconds;

/// How long a handler's answer may take to leave when the server stops.
constexpr milliseconds kStopGrace{100};
/// Between two tries when the kernel refuses to accept (no descriptors or memory left).
constexpr milliseconds kAcceptRetry{50};
/// So many of a client's connections beyond its limit get an answer; more are closed at once.
constexpr std::size_t kRefusalsAtOnce = 16;

/// One thread accepts, and watches the connections that wait for their clients; a connection whose
/// client has sent something goes to a worker, and comes back after the answer.
class PooledServer : public Server {
 public:
  PooledServer(int listening, std::unique_ptr<WaitingRoom> room, const ServerOptions& options,
               Handler handler);
  ~PooledServer() override;
  std::uint16_t port() const override { return port_; }
  void withdraw(Ipv4 local) override;

 private:
  void watch();
  void acceptNewcomers();
  [[nodiscard]] int acceptOne();
  void admit(int socket);
  [[nodiscard]] bool makeRoom();
  void refuse(Connection& connection, const Response& why);
  void stayOrGo(Connection& connection, WaitingRoom::Stay stay);

  void serve(Connection& connection);
  [[nodiscard]] WaitingRoom::Stay serveRequests(Connection& connection);

  const ServerOptions options_;
  Protocol protocol_;
  const int listening_;
  const std::uint16_t port_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> withdrawn_ = false;
  ConnectionTable table_;
  std::unique_ptr<WaitingRoom> room_;
  Workers workers_;
  std::thread watcher_;
};

PooledServer::PooledServer(int listening, std::unique_ptr<WaitingRoom> room,
                           const ServerOptions& options, Handler handler)
    : options_(options),
      protocol_(options, std::move(handler)),
      listening_(listening),
      port_(boundPort(listening)),
      room_(std::move(room)),
      workers_({.most = options.maxThreads, .idleTime = options.threadIdleTime},
               [this](Connection& connection) { serve(connection); }),
      watcher_([this] { watch(); }) {}

/// Readers see the end of their stream at once; answers under way may leave first.
PooledServer::~PooledServer() {
  stopping_ = true;
  const auto waiting = room_->close();
  watcher_.join();
  ::close(listening_);
  for (auto* connection : waiting) table_.remove(*connection);
  table_.shutDown(SHUT_RD);
  if (table_.awaitEmpty(kStopGrace)) return;
  table_.shutDown(SHUT_RDWR);
  table_.awaitEmpty();
}

/// The kernel resets whom it let in and nobody accepted, once the socket listens no more.
void PooledServer::withdraw(Ipv4 local) {
  withdrawn_ = true;
  room_->ignoreNewcomers(listening_);
  ::shutdown(listening_, SHUT_RD);
  table_.shutDown(local);
}

// --- the watching thread

void PooledServer::watch() {
  while (!stopping_) {
    const auto news = room_->wait();
    for (auto* connection : news.over) table_.remove(*connection);
    for (auto* connection : news.ready) {
      if (!workers_.submit(*connection)) table_.remove(*connection);
    }
    if (news.newcomers) acceptNewcomers();
  }
}

void PooledServer::acceptNewcomers() {
  while (!stopping_ && !withdrawn_) {
    const int socket = acceptOne();
    if (socket < 0) return;
    admit(movedUp(socket));
  }
}

/// -1: none is there, or none can be taken at the moment.
int PooledServer::acceptOne() {
  while (true) {
    const int socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0 || errno == EAGAIN || withdrawn_) return socket;
    if (errno == EINTR || errno == ECONNABORTED || makeRoom()) continue;
    std::this_thread::sleep_for(kAcceptRetry);
    return -1;
  }
}

void PooledServer::admit(int socket) {
  auto connection = std::make_unique<Connection>(socket);
  const auto siblings = table_.sizeOf(connection->peer().client);
  if (siblings >= options_.maxPerClient + kRefusalsAtOnce) return;
  const bool fits = table_.size() < options_.maxConnections || makeRoom();
  auto& added = table_.add(std::move(connection));
  if (siblings >= options_.maxPerClient) {
    // As later Consuls say it; 1.8.7 closes without a word.
    refuse(added, text(429,
                       "Your IP is issuing too many concurrent connections, please rate "
                       "limit your calls\n"));
  } else if (!fits) {
    refuse(added, text(503, "all connections of this node are busy, try again later\n"));
  } else {
    if (withdrawn_) added.shutDown(SHUT_RDWR);  // came while the others were ended
    stayOrGo(added, WaitingRoom::Stay::Idle);
  }
}

/// Closes the connection that is idle longest. false: none is idle.
bool PooledServer::makeRoom() {
  auto* oldest = room_->dismissOldest();
  if (oldest != nullptr) table_.remove(*oldest);
  return oldest != nullptr;
}

void PooledServer::refuse(Connection& connection, const Response& why) {
  const auto bytes = finalAnswer(why);
  if (connection.write(bytes.data(), bytes.size())) connection.endSending();
  stayOrGo(connection, WaitingRoom::Stay::Leaving);
}

// --- any thread

void PooledServer::stayOrGo(Connection& connection, WaitingRoom::Stay stay) {
  if (!room_->enter(connection, stay)) table_.remove(connection);
}

// --- the workers

void PooledServer::serve(Connection& connection) {
  auto stay = WaitingRoom::Stay::Leaving;
  try {
    stay = serveRequests(connection);
  } catch (const std::exception&) {
    connection.shutDown(SHUT_RDWR);  // Out of memory outside a handler: the others go on.
  }
  stayOrGo(connection, stay);
}

/// Serves what comes without much waiting.
WaitingRoom::Stay PooledServer::serveRequests(Connection& connection) {
  while (!stopping_) {
    const auto arrival = connection.awaitRequest();
    if (arrival == Connection::Arrival::Nothing) return WaitingRoom::Stay::Idle;
    if (arrival == Connection::Arrival::End || !protocol_.serveOne(connection)) break;
    if (workers_.overloaded() && !connection.hasInput()) return WaitingRoom::Stay::Idle;
  }
  connection.endSending();
  return WaitingRoom::Stay::Leaving;
}

Result<std::unique_ptr<Server>> started(int listening, const ServerOptions& options,
                                        Handler handler) {
  auto room = WaitingRoom::open(listening, options.idleTimeout);
  if (!room) return fail(room.error());
  try {
    return std::make_unique<PooledServer>(listening, std::move(*room), options, std::move(handler));
  } catch (const std::system_error& error) {
    return fail(ErrorCode::Exhausted, std::string("start a thread: ") + error.what());
  }
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler) {
  const auto listening = listenOn(options.address, options.port);
  if (!listening) return fail(listening.error());
  ::fcntl(*listening, F_SETFL, O_NONBLOCK);
  makeRoomFor(options.maxConnections);
  auto server = started(*listening, options, std::move(handler));
  if (!server) ::close(*listening);
  return server;
}

}  // namespace cluster_lab::http
