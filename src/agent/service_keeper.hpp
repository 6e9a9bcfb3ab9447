#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/local_services.hpp"
#include "base/error.hpp"
#include "base/node_id.hpp"
#include "base/time.hpp"

namespace cluster_lab::registry {
class Registry;
}

namespace cluster_lab::agent {

/// Keeps what clients registered on this node: in a file over restarts, its checks running, the
/// catalog told of it. Calls from any thread. Registrations wait until they are on the card, and
/// until the leader has been told where there is one; no other call waits for either.
///
/// Threads of its own: one for time, one that tells the catalog, and up to 16 that run checks (none
/// without checks). Locks, in this order: the file's, the services'; neither is held while another
/// node or a check is waited for.
class ServiceKeeper {
 public:
  struct Options {
    NodeId self;
    std::filesystem::path file;  ///< services.json
    bool scriptChecks = false;
  };

  /// Reads the file; one that cannot be read is set aside, and the log says so.
  ServiceKeeper(registry::Registry& registry, Options options);
  /// Ends running checks.
  ~ServiceKeeper();
  ServiceKeeper(const ServiceKeeper&) = delete;
  ServiceKeeper& operator=(const ServiceKeeper&) = delete;

  /// There is a leader, which may know nothing of this node's services; there is none.
  void connected();
  void disconnected();

  // --- registrations. PermissionDenied: a script, which are not allowed here. Io: done, but not in
  // the file. Else as LocalServices.
  [[nodiscard]] Result<void> putService(const ServiceRegistration& registration,
                                        bool replaceChecks);
  [[nodiscard]] Result<void> putCheck(const CheckDefinition& check);
  [[nodiscard]] Result<void> removeService(const std::string& id);
  [[nodiscard]] Result<void> removeCheck(const std::string& id);
  [[nodiscard]] Result<void> setServiceMaintenance(const std::string& id, bool on,
                                                   const std::string& reason);
  [[nodiscard]] Result<void> setNodeMaintenance(bool on, const std::string& reason);

  /// What a client tells of a TTL check; the catalog hears of it within a second.
  [[nodiscard]] Result<void> report(const std::string& check, CheckResult result);

  /// Calls `use` with the services under the lock: be short, and call nothing of the keeper.
  void read(const std::function<void(const LocalServices&)>& use) const;
  /// Counts changes of what read() shows.
  [[nodiscard]] std::uint64_t version() const;
  /// Waits until version() is another than that, at most until the deadline, or stop().
  void waitChange(std::uint64_t version, TimePoint deadline) const;
  [[nodiscard]] bool stopped() const;
  /// How many checks have run.
  [[nodiscard]] std::uint64_t checkRuns() const;
  /// Ends all waiting for good.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::agent
