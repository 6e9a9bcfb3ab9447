#include "test_server.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

namespace cluster_lab::http {

using namespace std::chrono_literals;

Response small(const Request& request) {
  return text(200, "got " + request.body);
}

ServerOptions onLoopback() {
  ServerOptions options;
  options.address = "127.0.0.1";
  return options;
}

std::unique_ptr<Server> started(const ServerOptions& options, Handler handler) {
  auto server = Server::start(options, std::move(handler));
  REQUIRE(server);
  return std::move(*server);
}

std::string answerTo(const Server& server, std::string_view bytes) {
  RawClient raw(server.port());
  raw.send(bytes);
  return raw.readAll();
}

std::size_t workerCount() {
  std::size_t count = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::ifstream(task.path() / "comm") >> name;
    if (name == "http-worker") ++count;
  }
  return count;
}

bool eventually(const std::function<bool()>& look) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!look()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

void Gate::pass() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return open_; });
}

bool Gate::awaitWaiting(int count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, 10s, [this, count] { return waiting_ >= count; });
}

void Gate::open() {
  const std::scoped_lock lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

}  // namespace cluster_lab::http
