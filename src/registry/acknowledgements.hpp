#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "registry/replicas.hpp"

namespace cluster_lab::registry {

/// What a client is told whose write may last or not.
inline constexpr const char* kLeadershipLost = "leadership lost while committing log";

/// When a leader acknowledges a write.
struct Replication {
  bool wanted = true;  ///< only when a follower has it, too
  /// A follower that was answered and asks for nothing more that long is not waited for.
  Duration timeout = std::chrono::seconds(2);
};

/// Lets writes wait until a follower has them. Any thread; a call to await...() blocks, the others
/// do not.
class Acknowledgements {
 public:
  /// Counts this node's leaderships: what began in one must not be acknowledged in another.
  using Leadership = std::uint64_t;

  explicit Acknowledgements(const Replication& replication)
      : wanted_(replication.wanted), replicas_(replication.timeout) {}

  /// This node leads from now on; Replicas::begin() says what is expected. `alone`: a write waits
  /// for no follower, whatever is configured.
  [[nodiscard]] Leadership begin(const std::set<NodeId>& expected, bool alone = false);
  /// The same leadership goes on so.
  void waitForNobody(bool alone);
  /// It does not; who waits fails.
  void end();

  /// A follower's question, from when it came until it is answered. One of another leadership says
  /// nothing.
  class Question {
   public:
    Question(Acknowledgements& acknowledgements, Leadership leadership, const NodeId& node,
             std::uint64_t index);
    ~Question();
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;

   private:
    Acknowledgements& acknowledgements_;
    const Leadership leadership_;
    const NodeId node_;
  };
  void forget(const NodeId& node);
  void vouch();

  /// Waits until all up to `index` may be acknowledged; gives how many followers have it.
  /// Unavailable: this node led no more before; the change may last all the same.
  [[nodiscard]] Result<unsigned> await(Leadership leadership, std::uint64_t index);
  /// The highest index that await() ever gave leave to acknowledge; 0: none.
  [[nodiscard]] std::uint64_t told() const;
  /// Waits until a follower has all up to `index`, at most `longest`.
  [[nodiscard]] std::optional<NodeId> awaitHolder(std::uint64_t index,
                                                  std::chrono::milliseconds longest);

 private:
  const bool wanted_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Replicas replicas_;          // guarded by mutex_
  bool waits_ = true;          // guarded by mutex_
  Leadership leadership_ = 0;  // guarded by mutex_
  std::uint64_t told_ = 0;     // guarded by mutex_
  bool leads_ = false;         // guarded by mutex_
};

}  // namespace cluster_lab::registry
