#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/time.hpp"
#include "etcd/gateway.hpp"
#include "http/client_pool.hpp"

namespace cluster_lab::etcd {

/// How many of etcd's servers answer.
struct Census {
  std::size_t asked = 0;
  std::size_t answering = 0;
  std::size_t withLeader = 0;  ///< they know a leader of theirs: a majority was there a moment ago
};

/// Asks etcd's servers by their HTTP/JSON gateway: the one that answered last first, the others
/// where it fails, until one answers or the time is over. What is asked may so reach etcd twice.
/// Calls block, their deadline at most; any number of threads.
///
/// Errors: Unavailable with how many servers answer, where none could do it; TimedOut; Conflict,
/// NotFound, InvalidArgument and Exhausted (etcd's database is full) as etcd said.
class Client {
 public:
  struct Options {
    std::uint16_t port = 2379;
    std::chrono::milliseconds answerTimeout{1500};  ///< of one server, small requests
  };

  explicit Client(const Options& options) : options_(options) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Whom to ask, the nearest first.
  void setServers(std::vector<Ipv4> servers);
  [[nodiscard]] std::vector<Ipv4> servers() const;

  /// What a majority knows, unless it is local.
  [[nodiscard]] Result<RangeAnswer> range(const RangeRequest& request, TimePoint deadline);
  /// Of that server and no other.
  [[nodiscard]] Result<RangeAnswer> rangeAt(Ipv4 server, const RangeRequest& request,
                                            TimePoint deadline);
  [[nodiscard]] Result<TransactionAnswer> run(const Transaction& transaction, TimePoint deadline);
  [[nodiscard]] Result<void> compact(std::uint64_t revision, TimePoint deadline);
  [[nodiscard]] Result<Lease> grant(std::chrono::seconds lifetime, TimePoint deadline);
  /// A lifetime of 0: the lease has ended.
  [[nodiscard]] Result<Lease> keepAlive(std::uint64_t lease, TimePoint deadline);
  [[nodiscard]] Result<void> revoke(std::uint64_t lease, TimePoint deadline);
  [[nodiscard]] Result<std::vector<Member>> members(TimePoint deadline);
  /// A change of members: one of the requests renderMember...().
  [[nodiscard]] Result<std::vector<Member>> changeMembers(const Request& change,
                                                          TimePoint deadline);
  /// Of that server itself, without a majority.
  [[nodiscard]] Result<ServerStatus> status(Ipv4 server, TimePoint deadline);
  /// Makes `member` etcd's leader in the place of that server, which must be it.
  [[nodiscard]] Result<void> transfer(Ipv4 leader, std::uint64_t member, TimePoint deadline);
  /// Ends the calls that are under way: Unavailable. Does not wait; later calls are as ever.
  void interrupt();
  /// Asks every server for its status, one after the other.
  [[nodiscard]] Census count(TimePoint deadline);

 private:
  /// The body of the answer 200.
  [[nodiscard]] Result<std::string> ask(const Request& request, TimePoint deadline);
  [[nodiscard]] Result<std::string> askOne(Ipv4 server, const Request& request, TimePoint deadline);
  /// Ask that one first from now on.
  void prefer(Ipv4 server);

  const Options options_;
  http::ClientPool pool_;
  std::atomic<unsigned> interruptions_ = 0;
  mutable std::mutex mutex_;
  std::vector<Ipv4> servers_;      // guarded by mutex_
  std::optional<Ipv4> preferred_;  // guarded by mutex_
};

/// What so much takes longer on a small machine: a second per MiB.
[[nodiscard]] std::chrono::milliseconds timeFor(std::size_t bytes);

/// "no majority of etcd: 1 of 3 answers".
[[nodiscard]] std::string describe(const Census& census);

}  // namespace cluster_lab::etcd
