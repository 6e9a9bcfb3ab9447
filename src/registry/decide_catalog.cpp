#include "registry/decide_catalog.hpp"

#include <algorithm>
#include <utility>

#include "registry/decide_rows.hpp"
#include "registry/decide_services.hpp"

namespace cluster_lab::registry::decide {
namespace {

std::unexpected<Error> refuse(std::string why) {
  return fail(ErrorCode::InvalidArgument, std::move(why));
}

Result<void> checkRequest(const CatalogRegistration& wanted) {
  if (wanted.node.empty()) return refuse("Must provide node");
  if (wanted.address.empty() && !wanted.skipNodeUpdate) {
    return refuse("Must provide address if SkipNodeUpdate is not set");
  }
  if (!wanted.nodeId.empty()) {
    if (auto id = NodeId::parse(wanted.nodeId); !id) {
      return refuse("Bad node ID: " + id.error().message);
    }
  }
  if (wanted.service && wanted.service->name.empty()) {
    return refuse("Must provide service name with ID");
  }
  for (const auto& named : wanted.checkNodes) {
    if (!named.empty() && named != wanted.node) {
      return refuse("check node \"" + named + "\" does not match node \"" + wanted.node + "\"");
    }
  }
  return {};
}

/// An id for a node whose client gave none: made from the name, so that the same name gives the
/// same. FNV-1a, 64 bits twice.
NodeId idFromName(const std::string& name, std::uint8_t salt) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t hash = 0xCBF29CE484222325U + half;
    const auto mix = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001B3U; };
    mix(salt);
    for (const char letter : name) mix(static_cast<std::uint8_t>(letter));
    for (std::size_t i = 0; i < 8; ++i) {
      bytes[half * 8 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
    }
  }
  return NodeId::fromRandom(bytes);
}

NodeId freeId(const State& state, const std::string& name) {
  std::uint8_t salt = 0;
  while (state.findNode(idFromName(name, salt)) != nullptr) ++salt;
  return idFromName(name, salt);
}

/// The node that is meant: the one with the id given, else the one with the name. nullptr: none.
const Stored<NodeRegistration>* findMeant(const State& state, const CatalogRegistration& wanted) {
  if (!wanted.nodeId.empty()) {
    for (const auto& [key, node] : state.nodes()) {
      if (node.row.idText() == wanted.nodeId) return &node;
    }
  }
  return state.findNode(wanted.node);
}

/// Consul: a name belongs to the id that has it, and to whoever comes without one.
Result<void> checkName(const State& state, const CatalogRegistration& wanted,
                       const Stored<NodeRegistration>* meant) {
  const auto* holder = state.findNode(wanted.node);
  if (holder == nullptr) return {};
  const auto holderId = holder->row.idText();
  const bool own =
      holder == meant && (holderId.empty() || wanted.nodeId.empty() || holderId == wanted.nodeId);
  if (own) return {};
  return refuse("node name " + wanted.node + " is reserved by node " + holderId + " with name " +
                holder->row.name);
}

NodeRegistration externalNode(const State& state, const CatalogRegistration& wanted,
                              const Stored<NodeRegistration>* known) {
  NodeRegistration node;
  node.id = known != nullptr ? known->row.id : freeId(state, wanted.node);
  node.name = wanted.node;
  node.labels = wanted.meta;
  node.external = ExternalNode{
      .address = wanted.address, .id = wanted.nodeId, .taggedAddresses = wanted.taggedAddresses};
  if (known != nullptr && wanted.nodeId.empty()) node.external->id = known->row.external->id;
  return node;
}

/// Adds the checks to the decision; a check of a service needs that service.
Result<void> addChecks(const State& state, const CatalogRegistration& wanted, const NodeId& node,
                       ChangeSet& changes) {
  for (auto check : wanted.checks) {
    check.node = node;
    if (check.id.empty()) return refuse("a check without CheckID or Name");
    const bool known = check.serviceId.empty() ||
                       (wanted.service && wanted.service->id == check.serviceId) ||
                       state.findService(node, check.serviceId) != nullptr;
    if (!known) {
      return refuse("failed inserting check: Missing service registration on node \"" +
                    wanted.node + "\"");
    }
    append(changes, putCheck(state, check).changes);
  }
  return {};
}

}  // namespace

Result<Decision<bool>> registerEntity(const State& state, const CatalogRegistration& wanted) {
  if (auto good = checkRequest(wanted); !good) return fail(good.error());
  const auto* known = findMeant(state, wanted);
  if (auto good = checkName(state, wanted, known); !good) return fail(good.error());

  Decision<bool> decision{.changes = {}, .answer = true};
  auto id = known != nullptr ? known->row.id : NodeId{};
  const bool member = known != nullptr && !known->row.external;
  if (known == nullptr || (!member && !wanted.skipNodeUpdate)) {
    const auto node = externalNode(state, wanted, known);
    id = node.id;
    append(decision.changes, putRow(state.nodes(), Table::Nodes, nodeKey(id), node).changes);
  }
  if (wanted.service) {
    auto service = *wanted.service;
    service.node = id;
    if (isClusterService(state, id, service.id)) return refuse(kOwnService);
    append(decision.changes, putService(state, service).changes);
  }
  if (auto done = addChecks(state, wanted, id, decision.changes); !done) return fail(done.error());
  return decision;
}

Result<Decision<bool>> deregisterEntity(const State& state, const CatalogDeregistration& wanted) {
  if (wanted.node.empty()) return refuse("Must provide node");
  Decision<bool> decision{.changes = {}, .answer = true};
  const auto* node = state.findNode(wanted.node);
  if (node == nullptr) return decision;
  const auto& id = node->row.id;
  if (isClusterService(state, id, wanted.serviceId)) return refuse(kOwnService);
  if (!wanted.serviceId.empty()) {
    decision.changes = removeService(state, id, wanted.serviceId).changes;
  } else if (!wanted.checkId.empty()) {
    decision.changes = removeCheck(state, id, wanted.checkId).changes;
  } else {
    decision.changes = removeNode(state, id).changes;
  }
  return decision;
}

}  // namespace cluster_lab::registry::decide
