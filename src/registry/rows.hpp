#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "base/node_id.hpp"
#include "registry/records.hpp"

namespace cluster_lab::registry {

/// The check that every node has (Consul's name for "its agent answers").
inline constexpr std::string_view kSerfHealth = "serfHealth";

/// The service that every member has, tagged "leader" or "follower".
inline constexpr std::string_view kClusterService = "cluster-lab";

/// A health check of a node, or of a service on it.
struct Check {
  NodeId node;
  std::string id = std::string(kSerfHealth);
  std::string name;
  Health status = Health::Passing;
  std::string output;
  std::string notes;
  std::string serviceId;   ///< empty: of the whole node
  std::string type;        ///< Consul's "http", "tcp", "ttl", ...; may be empty
  std::string definition;  ///< a JSON object as the client gave it; empty: none

  bool operator==(const Check&) const = default;
};

/// An address of a service for one network ("lan", "wan"): IP or host name, and port.
struct ServiceAddress {
  std::string address;
  std::uint16_t port = 0;

  bool operator==(const ServiceAddress&) const = default;
};

/// An instance of a service.
struct Service {
  NodeId node;
  std::string id;  ///< unique on its node
  std::string name;
  std::vector<std::string> tags;
  std::string address;  ///< IP or host name; empty: its node's
  std::uint16_t port = 0;
  std::map<std::string, std::string> meta;
  std::map<std::string, ServiceAddress> taggedAddresses;
  unsigned passingWeight = 1;  ///< of DNS SRV records
  unsigned warningWeight = 1;
  bool enableTagOverride = false;

  bool operator==(const Service&) const = default;
};

/// All that a node's agent knows of its own.
struct NodeServices {
  NodeId node;
  std::vector<Service> services;
  std::vector<Check> checks;
};

/// What becomes of a session's keys when it ends.
enum class SessionBehavior : std::uint8_t { Release, Delete };

/// A session: what holds locks (api-docs/session).
struct Session {
  std::string id;  ///< a UUID
  std::string name;
  NodeId node;
  std::vector<std::string> nodeChecks;     ///< ids of checks of the node that end it
  std::vector<std::string> serviceChecks;  ///< ids of checks of services there that end it
  std::vector<std::string> checks;         ///< the same of either, as older clients name them
  std::chrono::nanoseconds lockDelay{std::chrono::seconds(15)};
  SessionBehavior behavior = SessionBehavior::Release;
  std::string ttl;  ///< as the client wrote it ("30s"); empty: never by time

  bool operator==(const Session&) const = default;
};

/// A user event (api-docs/event). Its key is its Lamport time in 20 digits.
struct UserEvent {
  std::string id;  ///< a UUID
  std::string name;
  std::string payload;  ///< any bytes
  std::string nodeFilter, serviceFilter, tagFilter;
  std::uint64_t lamportTime = 0;

  bool operator==(const UserEvent&) const = default;
};

/// Something that happened to the cluster. Its key is its number in 20 digits.
struct Occurrence {
  std::int64_t time = 0;  ///< Unix seconds; 0: the clock was not set
  std::string kind;       ///< "leads", "joined", "silent", "returned", "left", ...
  std::string node;       ///< its name
  std::string text;       ///< a sentence: what, and why

  bool operator==(const Occurrence&) const = default;
};

/// What a key of the key/value store holds.
struct KvPair {
  std::string value;  ///< any bytes
  std::uint64_t flags = 0;
  std::uint64_t lockIndex = 0;  ///< how often the key was locked
  std::string session;          ///< that holds the lock; empty: none
};

/// A row with Consul's CreateIndex and ModifyIndex.
template <typename Row>
struct Stored {
  Row row;
  std::uint64_t created = 0;
  std::uint64_t modified = 0;
};

template <typename Row>
using Rows = std::map<std::string, Stored<Row>, std::less<>>;

/// The rows whose keys begin so, in the order of their keys.
template <typename Row>
[[nodiscard]] auto rowsUnder(const Rows<Row>& rows, std::string_view prefix) {
  const auto begin = rows.lower_bound(prefix);
  auto end = begin;
  while (end != rows.end() && end->first.starts_with(prefix)) ++end;
  return std::ranges::subrange(begin, end);
}

// --- keys of the tables
[[nodiscard]] inline std::string nodeKey(const NodeId& id) {
  return id.toString();
}
[[nodiscard]] inline std::string checkKey(const NodeId& node, std::string_view check) {
  return node.toString().append("/").append(check);
}
[[nodiscard]] inline std::string serviceKey(const NodeId& node, std::string_view service) {
  return node.toString().append("/").append(service);
}
/// A number as a key, so that keys are in the order of their numbers.
[[nodiscard]] std::string orderedKey(std::uint64_t number);
[[nodiscard]] inline std::string leaseKey(MacAddress mac) {
  return mac.toString();
}
/// Of the only row of its table; where that is missing the storage is the embedded one.
inline constexpr std::string_view kStorageKey = "registry";

/// "passing", "warning", "critical".
[[nodiscard]] std::string_view toString(Health health);
/// "release", "delete".
[[nodiscard]] std::string_view toString(SessionBehavior behavior);

}  // namespace cluster_lab::registry
