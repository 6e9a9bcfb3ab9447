#include "registry/txn_request.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "registry/base64.hpp"
#include "registry/go_object.hpp"

namespace cluster_lab::registry {
namespace {

constexpr std::size_t kMostOperations = 64;  // Consul's maxTxnOps
constexpr std::array<std::string_view, 7> kWritingVerbs = {
    "set", "delete", "delete-cas", "delete-tree", "cas", "lock", "unlock"};

/// The reader's words are those of other endpoints.
std::unexpected<Error> parseFailure(const Error& error) {
  const auto colon = error.message.find(": ");
  const auto why = colon == std::string::npos ? error.message : error.message.substr(colon + 2);
  return fail(ErrorCode::InvalidArgument, "Failed to parse body: " + why);
}

KvOperation kvFrom(const GoObject& object) {
  object.allowOnly({"Verb", "Key", "Value", "Flags", "Index", "Session", "Namespace"});
  const auto value = fromBase64(object.text("Value"));
  if (!value) object.refuse("illegal base64 data at input byte 0");
  return {.verb = object.text("Verb"),
          .key = object.text("Key"),
          .value = value.value_or(""),
          .flags = object.unsignedNumber("Flags"),
          .index = object.unsignedNumber("Index"),
          .session = object.text("Session")};
}

NodeOperation nodeFrom(const GoObject& object) {
  NodeOperation operation{.verb = object.text("Verb"), .node = {}};
  if (const auto node = object.object("Node")) {
    operation.node.node = node->text("Node");
    operation.node.nodeId = node->text("ID");
    operation.node.address = node->text("Address");
    operation.node.taggedAddresses = node->textMap("TaggedAddresses");
    operation.node.meta = node->textMap("Meta");
    operation.index = node->unsignedNumber("ModifyIndex");
  }
  return operation;
}

ServiceOperation serviceOperationFrom(const GoObject& object) {
  ServiceOperation operation{
      .verb = object.text("Verb"), .node = object.text("Node"), .service = {}};
  if (const auto service = object.object("Service")) {
    operation.service = namedServiceFrom(*service);
    operation.index = service->unsignedNumber("ModifyIndex");
  }
  return operation;
}

CheckOperation checkOperationFrom(const GoObject& object) {
  CheckOperation operation{.verb = object.text("Verb"), .node = {}, .check = {}};
  if (const auto check = object.object("Check")) {
    operation.node = check->text("Node");
    operation.check = checkFrom(*check);
    operation.index = check->unsignedNumber("ModifyIndex");
  }
  return operation;
}

/// What each names first counts; one that names nothing is nothing.
void append(const GoObject& object, Transaction& into) {
  object.allowOnly({"KV", "Node", "Service", "Check"});
  if (const auto kv = object.object("KV")) {
    into.emplace_back(kvFrom(*kv));
  } else if (const auto node = object.object("Node")) {
    into.emplace_back(nodeFrom(*node));
  } else if (const auto service = object.object("Service")) {
    into.emplace_back(serviceOperationFrom(*service));
  } else if (const auto check = object.object("Check")) {
    into.emplace_back(checkOperationFrom(*check));
  }
}

}  // namespace

Result<Transaction> parseTransaction(std::string_view body) {
  Transaction transaction;
  if (trim(body) == "null") return transaction;
  const auto objects = GoObject::parseArray(body);
  if (!objects) return parseFailure(objects.error());
  for (const auto& object : *objects) append(object, transaction);
  if (!objects->empty()) {
    if (auto good = objects->front().finish(); !good) return parseFailure(good.error());
  }
  if (objects->size() > kMostOperations) {
    return fail(ErrorCode::Exhausted, "Transaction contains too many operations (" +
                                          std::to_string(objects->size()) + " > " +
                                          std::to_string(kMostOperations) + ")");
  }
  return transaction;
}

bool isReadOnly(const Transaction& transaction) {
  return std::ranges::all_of(transaction, [](const Operation& operation) {
    const auto* kv = std::get_if<KvOperation>(&operation);
    if (kv != nullptr) return std::ranges::find(kWritingVerbs, kv->verb) == kWritingVerbs.end();
    return std::visit([](const auto& any) { return any.verb == "get"; }, operation);
  });
}

}  // namespace cluster_lab::registry
