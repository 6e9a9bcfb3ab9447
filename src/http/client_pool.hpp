#pragma once

#include <condition_variable>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "http/client.hpp"

namespace cluster_lab::http {

/// Kept-alive connections for calls to the same server, so that not each call makes its own. Calls
/// block; any number of threads.
class ClientPool {
 public:
  struct Limits {
    std::size_t calls = 32;  ///< at once; further ones wait for one to end
    /// A connection that is idle longer is not used again: behind the same address may be another
    /// machine meanwhile, to which the connection does not lead.
    std::chrono::milliseconds idleTime{1000};
  };

  ClientPool() = default;
  explicit ClientPool(const Limits& limits) : limits_(limits) {}
  ClientPool(const ClientPool&) = delete;
  ClientPool& operator=(const ClientPool&) = delete;

  struct Outcome {
    Result<Response> answer;
    bool sentNothing = false;  ///< it failed before the server can have got anything of it
  };
  /// As Client::request(). TimedOut also when no other call ended within the time for an answer.
  /// era: what the caller knew when it chose the server, for disconnect().
  [[nodiscard]] Outcome call(const ClientOptions& to, const std::string& method,
                             const std::string& target, const std::string& body = {},
                             const std::vector<std::pair<std::string, std::string>>& headers = {},
                             std::uint64_t era = 0);
  /// Ends all calls that are under way, as Client::stop() does, and forgets the connections: what
  /// they lead to serves no more.
  void disconnect();
  /// The same for the calls of earlier eras than this one, those that are yet to begin included;
  /// the later ones go on.
  void disconnect(std::uint64_t era);
  /// The answer alone.
  [[nodiscard]] Result<Response> request(
      const ClientOptions& to, const std::string& method, const std::string& target,
      const std::string& body = {},
      const std::vector<std::pair<std::string, std::string>>& headers = {});

 private:
  struct Idle {
    ClientOptions to;
    std::unique_ptr<Client> client;
    TimePoint since;
  };
  /// nullptr: too many calls, for too long.
  [[nodiscard]] std::unique_ptr<Client> take(const ClientOptions& to, std::uint64_t era);
  /// With mutex_ held: a connection that is idle, or a new one.
  [[nodiscard]] std::unique_ptr<Client> connectionTo(const ClientOptions& to);
  /// With mutex_ held: and forgets the connections.
  void endCallsBefore(std::uint64_t era);
  void giveBack(const ClientOptions& to, std::unique_ptr<Client> client, bool usable);

  const Limits limits_{};
  std::mutex mutex_;  // guards what follows
  std::condition_variable ended_;
  std::size_t calls_ = 0;
  std::uint64_t era_ = 0;                     ///< calls of earlier ones are refused
  std::map<Client*, std::uint64_t> running_;  ///< with their eras
  std::list<Idle> idle_;                      ///< the last used first
};

}  // namespace cluster_lab::http
