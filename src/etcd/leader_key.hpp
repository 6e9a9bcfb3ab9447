#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "base/node_id.hpp"
#include "base/time.hpp"
#include "etcd/gateway.hpp"

namespace cluster_lab::etcd {

class Client;

/// The key in etcd that its owner leads by. It hangs on a lease that a thread renews; when that
/// fails for the lease's lifetime, or the lease has ended, the key counts as lost here, earlier
/// than etcd gives it to another. Calls from any thread; claim() and resign() block, and are not
/// called at the same time.
class LeaderKey {
 public:
  struct Options {
    NodeId self;
    /// Longer than etcd's own election (1 s at most), lest that costs the key.
    std::chrono::seconds lifetime{2};
    /// Lost without resign(); called on the renewing thread, once per claim. Neither claim() nor
    /// resign() may be called in it.
    std::function<void(const std::string& why)> lost;
  };

  LeaderKey(Client& client, Options options);
  /// Leaves the key to its lease, where it is held.
  ~LeaderKey();
  LeaderKey(const LeaderKey&) = delete;
  LeaderKey& operator=(const LeaderKey&) = delete;

  /// Takes the key for `term`, at the latest at `deadline`; waits until another's lease ends, and
  /// takes over one of this node's own. Conflict: another node keeps it. Unavailable: etcd has no
  /// majority, in words.
  [[nodiscard]] Result<void> claim(std::uint64_t term, TimePoint deadline);
  /// Gives the key back at once, if etcd answers in a second.
  void resign();
  /// The key is wanted no more: guard() gives nothing from now on, and a claim() that goes on fails
  /// at its next step. Does not wait; resign() is to follow.
  void abandon();
  /// What a transaction must be guarded by; nullopt: the key is not held.
  [[nodiscard]] std::optional<Guard> guard() const;
  /// Stops counting on the key, as if its lease had ended: what etcd has is not known any more.
  void forsake(const std::string& why);

 private:
  struct Held {
    std::uint64_t lease = 0;
    std::uint64_t revision = 0;  ///< of the transaction that took the key
    TimePoint until;             ///< by then it must have been renewed
  };
  struct Attempt {
    std::optional<Held> held;
    std::string holder;  ///< the key's value where another holds it
  };
  [[nodiscard]] Result<Attempt> attempt(std::uint64_t term, TimePoint deadline);
  /// Renews it from now on, unless it is wanted no more.
  void begin(const Held& held);
  [[nodiscard]] bool isAbandoned() const;
  void endRenewing();
  void renew();
  /// What came of one attempt to renew.
  struct Renewal {
    bool renewed = false;
    std::string lost;  ///< why the key is lost; empty: it is not
  };
  [[nodiscard]] Renewal renewOnce();

  Client& client_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Held> held_;  // guarded by mutex_
  std::string forsaken_;      // guarded by mutex_
  bool ending_ = false;       // guarded by mutex_
  bool abandoned_ = false;    // guarded by mutex_
  std::thread thread_;        ///< claim(), resign() and the destructor only
};

}  // namespace cluster_lab::etcd
