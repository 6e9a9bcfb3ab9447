#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/api_write.hpp"
#include "registry/decide_txn.hpp"

namespace cluster_lab::registry {
namespace {

constexpr std::size_t kLargestBody = std::size_t{512} * 1024;  // Consul's txn_max_req_len

/// What a transaction answers with: the whole document, and whether it was done.
struct Document {
  std::string body;
  bool done = false;
};

/// Members that only the answer to a read-only transaction has.
void writeReadMembers(JsonWriter& json) {
  json.member("Index", 0).member("LastContact", 0);
  json.key("KnownLeader").boolean(true).member("ConsistencyLevel", "");
}

void writeErrors(JsonWriter& json, const std::vector<decide::OperationError>& errors) {
  json.key("Results").null().key("Errors").beginArray();
  for (const auto& error : errors) {
    json.beginObject().member("OpIndex", error.operation).member("What", error.what).endObject();
  }
  json.endArray();
}

decide::Decision<Document> transact(const State& state, const Transaction& transaction,
                                    const decide::TransactionContext& context, bool pretty) {
  JsonWriter results(pretty);
  results.beginObject().key("Results").beginArray();
  auto decision = decide::transact(state, transaction, context, results);
  const bool done = decision.answer.empty();
  if (done) {
    results.endArray().key("Errors").null();
  } else {
    results = JsonWriter(pretty);
    writeErrors(results.beginObject(), decision.answer);
  }
  if (isReadOnly(transaction)) writeReadMembers(results);
  return {.changes = std::move(decision.changes),
          .answer = {.body = results.endObject().finish(), .done = done}};
}

http::Response responseOf(Document document) {
  auto response = http::json(std::move(document.body));
  if (!document.done) response.status = 409;
  return response;
}

/// From this node's own copy.
http::Response look(Api& api, const http::Request& request, const Transaction& transaction) {
  const decide::TransactionContext context{.datacenter = api.options.datacenter, .isHeldBack = {}};
  return responseOf(api.core.read([&](const Core::View& view) {
    return transact(view.state, transaction, context, request.has("pretty")).answer;
  }));
}

http::Response change(Api& api, const http::Request& request, const Transaction& transaction) {
  auto document = api.core.write([&](const WriteQueue::View& view) {
    const decide::TransactionContext context{.datacenter = api.options.datacenter,
                                             .isHeldBack = [&](const std::string& key) {
                                               return view.lockDelays.holdsBack(key, view.now);
                                             }};
    return transact(view.state, transaction, context, request.has("pretty"));
  });
  return document ? responseOf(*std::move(document)) : errorResponse(document.error());
}

http::Response run(Api& api, const http::Request& request) {
  if (request.body.size() > kLargestBody) {
    return requestTooLarge(request.body.size(), kLargestBody, "txn_max_req_len");
  }
  const auto transaction = parseTransaction(request.body);
  if (!transaction) {
    const bool tooMany = transaction.error().code == ErrorCode::Exhausted;
    return http::text(tooMany ? 413 : 400, transaction.error().message);
  }
  if (isReadOnly(*transaction)) {
    const auto refusal = refuseDatacenter(api, request);
    return refusal ? *refusal : look(api, request, *transaction);
  }
  return answerWrite(api, request, Permission::Client,
                     [&] { return change(api, request, *transaction); });
}

}  // namespace

void addTransactionRoutes(http::Router& router, Api& api) {
  addPut(router, api, "/v1/txn", run);
}

}  // namespace cluster_lab::registry
