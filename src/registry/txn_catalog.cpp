#include "registry/txn_catalog.hpp"

#include "registry/consul_json.hpp"
#include "registry/consul_services.hpp"
#include "registry/decide_catalog.hpp"
#include "registry/decide_rows.hpp"
#include "registry/decide_services.hpp"

namespace cluster_lab::registry::decide {
namespace {

std::unexpected<Error> refuse(std::string what) {
  return fail(ErrorCode::Conflict, std::move(what));
}

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

/// How the rows of an operation are called, and how they are put and deleted.
struct Target {
  const char* kind;  ///< "Node", for an unknown verb
  std::string what;  ///< `node "pi-1"`, for the errors
  bool exists;
  std::uint64_t modified;  ///< 0: it does not exist
  std::function<Result<ChangeSet>()> put;
  std::function<ChangeSet()> erase;
};

/// The verbs are the same for all kinds of rows.
Result<ChangeSet> decideVerb(const std::string& verb, std::uint64_t index, const Target& target) {
  if (verb == "get") {
    if (!target.exists) return refuse(target.what + " doesn't exist");
    return ChangeSet{};
  }
  if (verb == "set") return target.put();
  if (verb == "cas") {
    if (index != target.modified)
      return refuse("failed to set " + target.what + ", index is stale");
    return target.put();
  }
  if (verb == "delete") return target.erase();
  if (verb == "delete-cas") {
    if (!target.exists || index != target.modified) {
      return refuse("failed to delete " + target.what + ", index is stale");
    }
    return target.erase();
  }
  return refuse(std::string("unknown ") + target.kind + " verb " + quoted(verb));
}

/// By id where one is given, else by name; nullptr: there is none.
const Stored<NodeRegistration>* findNode(const State& state, const CatalogRegistration& wanted) {
  if (wanted.nodeId.empty()) return state.findNode(wanted.node);
  for (const auto& [key, node] : state.nodes()) {
    if (node.row.idText() == wanted.nodeId) return &node;
  }
  return nullptr;
}

/// The service or check that is meant, on the node of that name; nullptr: there is none.
const Stored<Service>* findService(const State& state, const ServiceOperation& operation) {
  const auto* node = state.findNode(operation.node);
  return node == nullptr ? nullptr : state.findService(node->row.id, operation.service.id);
}

const Stored<Check>* findCheck(const State& state, const CheckOperation& operation) {
  const auto* node = state.findNode(operation.node);
  return node == nullptr ? nullptr : state.findCheck(node->row.id, operation.check.id);
}

Result<ChangeSet> changesOf(Result<Decision<bool>> decision) {
  if (!decision) return fail(decision.error());
  return std::move(decision->changes);
}

Result<ChangeSet> putCheckOf(const State& state, const CheckOperation& operation) {
  const auto* node = state.findNode(operation.node);
  if (node == nullptr) return refuse("Missing node registration");
  auto check = operation.check;
  check.node = node->row.id;
  if (!check.serviceId.empty() && state.findService(check.node, check.serviceId) == nullptr) {
    return refuse("Missing service registration");
  }
  return putCheck(state, check).changes;
}

Result<ChangeSet> putServiceOf(const State& state, const ServiceOperation& operation) {
  const auto* node = state.findNode(operation.node);
  if (node == nullptr) return refuse("Missing node registration");
  auto service = operation.service;
  service.node = node->row.id;
  if (isClusterService(state, service.node, service.id)) return refuse(kOwnService);
  return putService(state, service).changes;
}

template <typename Row>
std::uint64_t modifiedOf(const Stored<Row>* stored) {
  return stored == nullptr ? 0 : stored->modified;
}

}  // namespace

std::string precheckNode(const NodeOperation& operation) {
  if (operation.verb == "get") return {};
  return operation.node.node.empty() ? "Must provide node" : "";
}

std::string precheckService(const ServiceOperation& operation) {
  if (operation.verb == "get") return {};
  const auto& service = operation.service;
  if (!service.id.empty() && service.name.empty()) return "Must provide service name with ID";
  const bool any = service.address == "0.0.0.0" || service.address == "::";
  return any ? "Invalid service address" : "";
}

Result<ChangeSet> decideOperation(const State& state, const NodeOperation& operation) {
  const auto* known = findNode(state, operation.node);
  return decideVerb(operation.verb, operation.index,
                    {.kind = "Node",
                     .what = "node " + quoted(operation.node.node),
                     .exists = known != nullptr,
                     .modified = modifiedOf(known),
                     .put = [&] { return changesOf(registerEntity(state, operation.node)); },
                     .erase =
                         [&] {
                           return known == nullptr ? ChangeSet{}
                                                   : removeNode(state, known->row.id).changes;
                         }});
}

Result<ChangeSet> decideOperation(const State& state, const ServiceOperation& operation) {
  const auto* known = findService(state, operation);
  return decideVerb(
      operation.verb, operation.index,
      {.kind = "Service",
       .what = "service " + quoted(operation.service.id) + " on node " + quoted(operation.node),
       .exists = known != nullptr,
       .modified = modifiedOf(known),
       .put = [&] { return putServiceOf(state, operation); },
       .erase =
           [&] {
             // A member's cluster-lab stays, as what is not there is no error either.
             const bool stays =
                 known == nullptr || isClusterService(state, known->row.node, known->row.id);
             return stays ? ChangeSet{}
                          : removeService(state, known->row.node, known->row.id).changes;
           }});
}

Result<ChangeSet> decideOperation(const State& state, const CheckOperation& operation) {
  const auto* known = findCheck(state, operation);
  return decideVerb(
      operation.verb, operation.index,
      {.kind = "Check",
       .what = "check " + quoted(operation.check.id) + " on node " + quoted(operation.node),
       .exists = known != nullptr,
       .modified = modifiedOf(known),
       .put = [&] { return putCheckOf(state, operation); },
       .erase =
           [&] {
             return known == nullptr ? ChangeSet{}
                                     : removeCheck(state, known->row.node, known->row.id).changes;
           }});
}

void writeResult(JsonWriter& json, const State& state, const NodeOperation& operation,
                 const std::string& datacenter) {
  const auto* node = findNode(state, operation.node);
  if (node == nullptr) return;
  json.beginObject().key("Node");
  consul::writeNode(json, *node, datacenter);
  json.endObject();
}

void writeResult(JsonWriter& json, const State& state, const ServiceOperation& operation,
                 const std::string& /*datacenter*/) {
  const auto* service = findService(state, operation);
  if (service == nullptr) return;
  json.beginObject().key("Service");
  consul::writeService(json, *service);
  json.endObject();
}

void writeResult(JsonWriter& json, const State& state, const CheckOperation& operation,
                 const std::string& /*datacenter*/) {
  const auto* check = findCheck(state, operation);
  if (check == nullptr) return;
  json.beginObject().key("Check");
  consul::writeCheck(json, state, *check);
  json.endObject();
}

}  // namespace cluster_lab::registry::decide
