#include "etcd/server.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "etcd/member_data.hpp"
#include "etcd/server_log.hpp"
#include "os/event_loop.hpp"
#include "os/file.hpp"
#include "os/host.hpp"
#include "os/log.hpp"

namespace cluster_lab::etcd {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStopGrace{5};

}  // namespace

Result<void> checkInstalled() {
  if (os::findProgram("etcd")) return {};
  return fail(ErrorCode::NotFound, "there is no program etcd on this node",
              "apt install etcd-server");
}

Server::Server(os::EventLoop& loop, ServerSettings settings, Events events)
    : loop_(loop), settings_(std::move(settings)), events_(std::move(events)) {}

Server::~Server() {
  stop();
}

Result<void> Server::start(Beginning beginning, const std::vector<Peer>& peers) {
  stop();
  if (auto made = os::ensureDirectory(settings_.directory, 0700); !made) {
    return fail(made.error().during("make etcd's folder"));
  }
  lastWords_.clear();
  etcd_ = std::make_unique<os::Supervisor>(
      loop_,
      os::Command{serverCommand(settings_, beginning, peers), serverEnvironment(os::machineName())},
      os::Supervisor::Events{[this](std::string_view line) { readLine(line); },
                             [this](const Error& error) { ended(error); }});
  etcd_->start();
  return {};
}

void Server::stop() {
  if (etcd_) etcd_->stop(kStopGrace);
  etcd_.reset();
}

bool Server::running() const {
  return etcd_ != nullptr && etcd_->running();
}

bool Server::hasData() const {
  return hasMemberData(settings_.directory);
}

Result<void> Server::removeData() {
  stop();
  std::error_code error;
  fs::remove_all(settings_.directory, error);
  if (error)
    return fail(ErrorCode::Io, "remove " + settings_.directory.string() + ": " + error.message());
  return {};
}

void Server::readLine(std::string_view line) {
  os::log::debug(line);
  auto complaint = complaintOf(line);
  // After that others follow, of connections that end.
  if (complaint && !tellsOfRemoval(lastWords_)) lastWords_ = *std::move(complaint);
}

/// Last statement: the user may destroy the server in `removed` and `failed`.
void Server::ended(const Error& error) {
  const auto words = std::exchange(lastWords_, {});
  if (tellsOfRemoval(words)) {
    const auto removed = events_.removed;
    etcd_.reset();
    return removed();
  }
  events_.failed(
      {error.code, words.empty() ? error.message : error.message + ": " + words, error.remedy});
}

}  // namespace cluster_lab::etcd
