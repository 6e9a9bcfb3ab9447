#include "http/server.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "http/connection.hpp"
#include "http/listen_socket.hpp"
#include "http/protocol.hpp"

namespace cluster_lab::http {
namespace {

using std::chrono::milliseconds;

/// Of a connection's thread: cpp-httplib and a handler need about 30 KiB; only pages that are
/// touched count.
constexpr std::size_t kStackSize = std::size_t{256} << 10U;
/// How long a handler's answer may take to leave when the server stops.
constexpr milliseconds kStopGrace{100};
/// Between two tries when the kernel refuses to accept (no descriptors or memory left).
constexpr milliseconds kAcceptRetry{50};

/// Leaves the low descriptors to those that need them: cpp-httplib's client waits by select(2),
/// which cannot hold numbers from FD_SETSIZE (1024) on. Where the limit is lower, it stays as it
/// is.
int movedUp(int socket) {
  const int higher = ::fcntl(socket, F_DUPFD_CLOEXEC, FD_SETSIZE);
  if (higher < 0) return socket;
  ::close(socket);
  return higher;
}

class ThreadedServer : public Server {
 public:
  ThreadedServer(int listening, const ServerOptions& options, Handler handler);
  ~ThreadedServer() override;
  std::uint16_t port() const override { return port_; }

 private:
  struct Job {
    ThreadedServer& server;
    int socket;
  };
  static void* run(void* job);

  void acceptConnections();
  void admit(int socket);
  void startThread(int socket);
  void serve(int socket);
  void serveRequests(Connection& connection) const;
  void shutDownConnections(int how);
  void forget(int socket);

  const ServerOptions options_;
  const Protocol protocol_;
  const int listening_;
  const std::uint16_t port_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<int, Job> connections_;  ///< by socket; each has a thread
  bool stopping_ = false;

  std::thread acceptor_;
};

ThreadedServer::ThreadedServer(int listening, const ServerOptions& options, Handler handler)
    : options_(options),
      protocol_(options, std::move(handler)),
      listening_(listening),
      port_(boundPort(listening)),
      acceptor_([this] { acceptConnections(); }) {}

/// Readers see the end of their stream at once; answers under way may leave first.
ThreadedServer::~ThreadedServer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  ::shutdown(listening_, SHUT_RDWR);  // ends accept(2)
  acceptor_.join();
  ::close(listening_);
  shutDownConnections(SHUT_RD);
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, kStopGrace, [this] { return connections_.empty(); })) return;
  lock.unlock();
  shutDownConnections(SHUT_RDWR);
  lock.lock();
  changed_.wait(lock, [this] { return connections_.empty(); });
}

void ThreadedServer::acceptConnections() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const int socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    lock.lock();
    if (socket >= 0) {
      admit(movedUp(socket));
    } else if (errno != EINTR && errno != ECONNABORTED) {
      changed_.wait_for(lock, kAcceptRetry, [this] { return stopping_; });
    }
  }
}

/// With the lock held.
void ThreadedServer::admit(int socket) {
  if (stopping_ || connections_.size() >= options_.maxConnections) {
    ::close(socket);
    return;
  }
  startThread(socket);
}

void ThreadedServer::startThread(int socket) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackSize);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  const auto job = connections_.emplace(socket, Job{*this, socket}).first;
  pthread_t thread{};
  if (pthread_create(&thread, &attributes, &ThreadedServer::run, &job->second) != 0) {
    connections_.erase(job);
    ::close(socket);
  }
  pthread_attr_destroy(&attributes);
}

void* ThreadedServer::run(void* job) {
  const auto own = *static_cast<Job*>(job);
  own.server.serve(own.socket);
  return nullptr;
}

void ThreadedServer::serve(int socket) {
  Connection connection(socket);
  serveRequests(connection);
  connection.linger();
  // Before it is closed, since its number may then be another's. From here on the server may be
  // gone.
  forget(socket);
}

void ThreadedServer::serveRequests(Connection& connection) const {
  try {
    while (connection.awaitRequest(options_.idleTimeout)) {
      if (!protocol_.serveOne(connection)) return;
      const std::scoped_lock lock(mutex_);
      if (stopping_) return;
    }
  } catch (const std::exception&) {
    return;  // Out of memory outside a handler: this connection ends, the others go on.
  }
}

void ThreadedServer::shutDownConnections(int how) {
  const std::scoped_lock lock(mutex_);
  for (const auto& connection : connections_) ::shutdown(connection.first, how);
}

void ThreadedServer::forget(int socket) {
  const std::scoped_lock lock(mutex_);
  connections_.erase(socket);
  changed_.notify_all();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler) {
  const auto listening = listenOn(options.address, options.port);
  if (!listening) return std::unexpected(listening.error());
  try {
    return std::make_unique<ThreadedServer>(*listening, options, std::move(handler));
  } catch (const std::system_error& error) {
    ::close(*listening);
    return fail(ErrorCode::Exhausted, std::string("start a thread: ") + error.what());
  }
}

}  // namespace cluster_lab::http
