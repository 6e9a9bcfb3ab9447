#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "base/node_id.hpp"
#include "base/role.hpp"

namespace cluster_lab::registry {

/// Consul's check states (api-docs/health).
enum class Health : std::uint8_t { Passing, Warning, Critical };

/// What is known of a node that is no member of the cluster: a client registered it
/// (PUT /v1/catalog/register).
struct ExternalNode {
  std::string address;  ///< IPv4, IPv6 or a host name, as it was given
  std::string id;       ///< the UUID that the client gave; empty: none, ours is shown to nobody
  std::map<std::string, std::string> taggedAddresses;

  bool operator==(const ExternalNode&) const = default;
};

/// A node as it asks to be registered.
struct NodeRegistration {
  NodeId id;
  std::string name;  ///< wanted; the registry may give another where a living node has it already
  Ipv4 address;
  MacAddress mac;  ///< of the cluster link
  Role role = Role::Following;
  std::map<std::string, std::string> labels;  ///< become node meta
  std::string version;                        ///< of Cluster Lab
  std::optional<ExternalNode> external;       ///< nothing: a member

  // As clients see it.
  [[nodiscard]] std::string addressText() const {
    return external ? external->address : address.toString();
  }
  [[nodiscard]] std::string idText() const { return external ? external->id : id.toString(); }
};

/// A node as the registry has it.
struct Node {
  NodeRegistration registration;  ///< with the name that was given
  Health health = Health::Passing;
  std::string healthNote;       ///< output of its serfHealth check
  std::chrono::seconds age{0};  ///< since it was first seen by this copy or the leader's
};

/// A DHCP lease.
struct Lease {
  MacAddress mac;
  Ipv4 address;
  std::string hostName;  ///< may be empty
};

/// An engine as its node reported it to the scheduler endpoint. All empty or zero but the node: a
/// node without an engine.
struct Engine {
  NodeId node;
  std::string nodeName;
  Ipv4 address;
  std::map<std::string, std::string> labels;
  std::string version;  ///< Docker Engine's version; empty: no engine on that node
  std::string operatingSystem;
  std::string kernel;
  std::string architecture;
  unsigned processors = 0;
  std::uint64_t memoryBytes = 0;
  unsigned containers = 0, containersRunning = 0, containersPaused = 0, containersStopped = 0;
  unsigned images = 0;

  bool operator==(const Engine&) const = default;
};

inline constexpr std::string_view kEmbeddedStorage = "embedded";

/// Where all nodes have agreed to keep the registry: each one on its card, or with an authority.
struct Storage {
  /// A node that has a part in keeping it, and where the others reach it.
  struct Member {
    NodeId node;
    Ipv4 address;

    bool operator==(const Member&) const = default;
  };

  std::string kind = std::string(kEmbeddedStorage);  ///< or what the authority is called: "etcd"
  std::vector<Member> members;                       ///< none of the embedded one
  std::uint64_t number = 0;  ///< of agreements on another storage so far; 0: there was none
  NodeId founder = {};       ///< who made the nodes agree on it

  [[nodiscard]] bool isShared() const { return kind != kEmbeddedStorage; }
  bool operator==(const Storage&) const = default;
};

}  // namespace cluster_lab::registry
