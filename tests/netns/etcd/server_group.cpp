#include "server_group.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <future>
#include <iterator>

#include "os/host.hpp"
#include "support/patience.hpp"

namespace cluster_lab::etcd::test {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// The process that was started with that folder; 0: there is none.
pid_t processIn(const fs::path& directory) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "cmdline");
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    if (line.starts_with("etcd") && line.find(directory.string() + '\0') != std::string::npos) {
      return static_cast<pid_t>(std::stoi(name));
    }
  }
  return 0;
}

}  // namespace

NodeId idOf(std::uint8_t number) {
  NodeId id;
  id.bytes[15] = number;
  return id;
}

Ipv4 addressOf(std::uint8_t number) {
  return Ipv4(Ipv4::parse("127.77.0.0").value().hostOrder() + number);
}

TimePoint within(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + cluster_lab::test::patiently(time);
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
  const auto deadline = within(limit);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

std::string hindrance() {
  return os::findProgram("etcd") ? "" : "etcd-server is not installed";
}

ServerGroup::ServerGroup() {
  auto name = (fs::temp_directory_path() / "etcd-test-XXXXXX").string();
  folder_ = mkdtemp(name.data());
  auto loop = os::EventLoop::create();
  REQUIRE(loop);
  loop_ = *std::move(loop);
  thread_ = std::thread([this] { CHECK(loop_->run()); });
}

ServerGroup::~ServerGroup() {
  for (const auto& [number, server] : servers_) signal(number, SIGCONT);
  onLoop([this] { servers_.clear(); });
  loop_->quit(0);
  thread_.join();
  fs::remove_all(folder_);
}

void ServerGroup::onLoop(const std::function<void()>& call) {
  std::promise<void> done;
  loop_->post([&] {
    call();
    done.set_value();
  });
  done.get_future().wait();
}

Server& ServerGroup::server(std::uint8_t number) {
  auto& made = servers_[number];
  if (!made) {
    made = std::make_unique<Server>(*loop_, settingsOf(number),
                                    Server::Events{.failed =
                                                       [this](const Error& error) {
                                                         const std::scoped_lock lock(mutex_);
                                                         failures_.push_back(error);
                                                       },
                                                   .removed =
                                                       [this, number] {
                                                         const std::scoped_lock lock(mutex_);
                                                         removed_[number] = true;
                                                       }});
  }
  return *made;
}

ServerSettings ServerGroup::settingsOf(std::uint8_t number) const {
  return {.node = idOf(number),
          .address = addressOf(number),
          .directory = folder_ / std::to_string(number),
          .clusterId = folder_.filename().string()};
}

void ServerGroup::start(std::uint8_t number, Beginning beginning,
                        const std::vector<std::uint8_t>& peers) {
  std::vector<Peer> all;
  all.reserve(peers.size());
  for (const auto peer : peers) all.push_back({idOf(peer), addressOf(peer)});
  onLoop([&] { REQUIRE(server(number).start(beginning, all)); });
}

void ServerGroup::found(const std::vector<std::uint8_t>& numbers) {
  for (const auto number : numbers) start(number, Beginning::New, numbers);
  Client client({});
  client.setServers(addresses(numbers));
  REQUIRE(eventually([&] { return client.count(within(1s)).withLeader == numbers.size(); }));
}

void ServerGroup::stop(std::uint8_t number) {
  onLoop([&] { server(number).stop(); });
}

void ServerGroup::signal(std::uint8_t number, int signal) {
  if (const auto process = processIn(folder_ / std::to_string(number)); process != 0) {
    ::kill(process, signal);
  }
}

void ServerGroup::forget(std::uint8_t number) {
  onLoop([&] { REQUIRE(server(number).removeData()); });
}

bool ServerGroup::hasData(std::uint8_t number) {
  bool has = false;
  onLoop([&] { has = server(number).hasData(); });
  return has;
}

std::vector<Error> ServerGroup::failures() {
  const std::scoped_lock lock(mutex_);
  return failures_;
}

bool ServerGroup::removed(std::uint8_t number) {
  const std::scoped_lock lock(mutex_);
  return removed_[number];
}

std::vector<Ipv4> ServerGroup::addresses(const std::vector<std::uint8_t>& numbers) {
  std::vector<Ipv4> all;
  all.reserve(numbers.size());
  for (const auto number : numbers) all.push_back(addressOf(number));
  return all;
}

}  // namespace cluster_lab::etcd::test
