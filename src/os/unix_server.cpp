#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <list>
#include <utility>

#include "os/event_loop.hpp"
#include "os/file_descriptor.hpp"
#include "os/log.hpp"
#include "os/system_error.hpp"
#include "os/unix_address.hpp"
#include "os/unix_socket.hpp"

namespace cluster_lab::os {
namespace {

using namespace std::chrono_literals;

constexpr auto kRequestWithin = 5s;
constexpr std::size_t kMaxClients = 64;

bool somebodyListens(const sockaddr_un& address) {
  const FileDescriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.isOpen()) return true;  // cannot tell: nothing is taken away
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return true;
  }
  return errno != ECONNREFUSED && errno != ENOENT;
}

Result<void> clearStale(const sockaddr_un& address) {
  struct stat status {};
  if (lstat(address.sun_path, &status) != 0) return {};
  const std::string path = address.sun_path;
  if (!S_ISSOCK(status.st_mode)) {
    return fail(ErrorCode::AlreadyExists, path + " exists and is no socket", "remove it");
  }
  if (somebodyListens(address)) {
    return fail(ErrorCode::Conflict, "another program listens on " + path,
                "stop it, or choose another --run-directory");
  }
  if (::unlink(address.sun_path) != 0) return failErrno("remove the old " + path);
  return {};
}

Result<FileDescriptor> listenAt(const std::filesystem::path& path) {
  const auto address = unixAddress(path);
  if (!address) return fail(address.error());
  if (auto cleared = clearStale(*address); !cleared) return fail(cleared.error());
  FileDescriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.isOpen()) return failErrno("open a unix socket");
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    return failErrno("listen on " + path.string());
  }
  // Nobody can connect before listen().
  if (chmod(path.c_str(), 0660) != 0) return failErrno("set the mode of " + path.string());
  if (::listen(fd.get(), 16) != 0) return failErrno("listen on " + path.string());
  return fd;
}

/// The loop's callbacks hold it while they run: the server may be destroyed in the handler.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(EventLoop& loop, std::filesystem::path path, FileDescriptor fd,
           UnixServer::Handler handler)
      : loop_(loop), path_(std::move(path)), fd_(std::move(fd)), handler_(std::move(handler)) {}

  [[nodiscard]] Result<void> watch() {
    const std::weak_ptr<Listener> weak = weak_from_this();
    auto watch = loop_.watchReadable(fd_.get(), [weak] {
      if (const auto self = weak.lock()) self->accept();
    });
    if (!watch) return fail(watch.error());
    watch_ = std::move(*watch);
    return {};
  }

  void close() {
    watch_.reset();
    clients_.clear();
    fd_.close();
    ::unlink(path_.c_str());
  }

 private:
  struct Client {
    FileDescriptor fd;
    EventHandle readable;
    EventHandle deadline;
  };
  using ClientPosition = std::list<Client>::iterator;

  void accept() {
    FileDescriptor fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd.isOpen() || clients_.size() >= kMaxClients) return;
    const int room = static_cast<int>(kUnixMessageMax);
    setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    const auto position = clients_.insert(clients_.end(), Client{std::move(fd), {}, {}});
    if (auto watched = watchClient(position); !watched) {
      log::error(watched.error().text());
      clients_.erase(position);
    }
  }

  Result<void> watchClient(ClientPosition position) {
    const std::weak_ptr<Listener> weak = weak_from_this();
    auto readable = loop_.watchReadable(position->fd.get(), [weak, position] {
      if (const auto self = weak.lock()) self->serve(position);
    });
    if (!readable) return fail(readable.error());
    position->readable = std::move(*readable);
    auto deadline = loop_.at(loop_.now() + kRequestWithin, [weak, position] {
      if (const auto self = weak.lock()) self->clients_.erase(position);
    });
    if (!deadline) return fail(deadline.error());
    position->deadline = std::move(*deadline);
    return {};
  }

  void serve(ClientPosition position) {
    // Out of the list first: the handler may destroy the server.
    const Client client = std::move(*position);
    clients_.erase(position);
    std::string request(kUnixMessageMax, '\0');
    // MSG_TRUNC: the true size, also of what does not fit.
    const auto got =
        recvfrom(client.fd.get(), request.data(), request.size(), MSG_TRUNC, nullptr, nullptr);
    if (got <= 0) return;
    const auto size = static_cast<std::size_t>(got);
    if (size > request.size()) {
      log::warning("dropped a request of " + std::to_string(size) + " bytes on " + path_.string());
      return;
    }
    request.resize(size);
    const auto answer = handler_(std::move(request));
    if (answer.size() > kUnixMessageMax) {
      log::error("an answer on " + path_.string() +
                 " is too long: " + std::to_string(answer.size()) + " bytes");
      return;
    }
    // Never waits: the connection's buffer is empty. A client that has gone has no use for it.
    send(client.fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  EventLoop& loop_;
  std::filesystem::path path_;
  FileDescriptor fd_;
  UnixServer::Handler handler_;
  EventHandle watch_;
  std::list<Client> clients_;
};

class LinuxUnixServer : public UnixServer {
 public:
  explicit LinuxUnixServer(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
  ~LinuxUnixServer() override { listener_->close(); }
  LinuxUnixServer(const LinuxUnixServer&) = delete;
  LinuxUnixServer& operator=(const LinuxUnixServer&) = delete;

 private:
  std::shared_ptr<Listener> listener_;
};

}  // namespace

Result<std::unique_ptr<UnixServer>> UnixServer::listen(EventLoop& loop,
                                                       const std::filesystem::path& path,
                                                       Handler handler) {
  auto fd = listenAt(path);
  if (!fd) return fail(fd.error());
  auto listener = std::make_shared<Listener>(loop, path, std::move(*fd), std::move(handler));
  if (auto watched = listener->watch(); !watched) return fail(watched.error());
  return std::make_unique<LinuxUnixServer>(std::move(listener));
}

}  // namespace cluster_lab::os
