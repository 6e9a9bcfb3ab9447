#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "etcd/client.hpp"
#include "etcd/server.hpp"
#include "os/event_loop.hpp"

namespace cluster_lab::etcd::test {

[[nodiscard]] NodeId idOf(std::uint8_t number);
/// 127.77.0.N
[[nodiscard]] Ipv4 addressOf(std::uint8_t number);
[[nodiscard]] TimePoint within(std::chrono::milliseconds time);
/// Asks again and again; false: it did not hold in time.
[[nodiscard]] bool eventually(const std::function<bool()>& condition,
                              std::chrono::milliseconds limit = std::chrono::seconds(20));
/// Why no etcd can run here; empty: it can.
[[nodiscard]] std::string hindrance();

/// etcd servers by their numbers, with their data in a folder of their own and a loop in a thread
/// of its own; all of it goes with this object.
class ServerGroup {
 public:
  ServerGroup();
  ~ServerGroup();
  ServerGroup(const ServerGroup&) = delete;
  ServerGroup& operator=(const ServerGroup&) = delete;

  void start(std::uint8_t number, Beginning beginning, const std::vector<std::uint8_t>& peers);
  /// Starts them together as a new cluster and waits until it has a leader.
  void found(const std::vector<std::uint8_t>& numbers);
  void stop(std::uint8_t number);
  [[nodiscard]] ServerSettings settingsOf(std::uint8_t number) const;
  /// SIGKILL, or SIGSTOP and SIGCONT.
  void signal(std::uint8_t number, int signal);
  /// Forgets its data.
  void forget(std::uint8_t number);
  [[nodiscard]] bool hasData(std::uint8_t number);
  [[nodiscard]] std::vector<Error> failures();
  [[nodiscard]] bool removed(std::uint8_t number);
  /// A client is pointed at these.
  static std::vector<Ipv4> addresses(const std::vector<std::uint8_t>& numbers);

 private:
  void onLoop(const std::function<void()>& call);
  [[nodiscard]] Server& server(std::uint8_t number);

  std::filesystem::path folder_;
  std::unique_ptr<os::EventLoop> loop_;
  std::map<std::uint8_t, std::unique_ptr<Server>> servers_;  ///< loop thread only
  std::mutex mutex_;
  std::vector<Error> failures_;           // guarded by mutex_
  std::map<std::uint8_t, bool> removed_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace cluster_lab::etcd::test
