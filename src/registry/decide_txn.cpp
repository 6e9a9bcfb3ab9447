#include "registry/decide_txn.hpp"

#include <utility>

#include "registry/consequences.hpp"
#include "registry/decide_kv.hpp"
#include "registry/decide_rows.hpp"
#include "registry/scratch_state.hpp"
#include "registry/txn_catalog.hpp"
#include "registry/txn_kv.hpp"

namespace cluster_lab::registry::decide {
namespace {

/// What is refused before anything is looked at; empty: nothing.
std::string precheck(const Operation& operation, const TransactionContext& context) {
  if (const auto* kv = std::get_if<KvOperation>(&operation)) return precheckKv(*kv, context);
  if (const auto* node = std::get_if<NodeOperation>(&operation)) return precheckNode(*node);
  if (const auto* service = std::get_if<ServiceOperation>(&operation)) {
    return precheckService(*service);
  }
  return {};
}

/// The state as the operations leave it, and how they do so.
class Trial {
 public:
  Trial(State scratch, const TransactionContext& context, JsonWriter& results)
      : scratch_(std::move(scratch)), context_(context), results_(results) {}

  Result<void> run(const Operation& operation) {
    auto wanted =
        std::visit([&](const auto& any) { return decideOperation(scratch_, any); }, operation);
    if (!wanted) return fail(wanted.error());
    auto changes = withConsequences(scratch_, *std::move(wanted));
    // The index that the whole transaction will have.
    if (auto done = scratch_.carryOut(changes, scratch_.position().index + 1); !done) return done;
    append(changes_, std::move(changes));
    std::visit([&](const auto& any) { writeResult(results_, scratch_, any, context_.datacenter); },
               operation);
    return {};
  }

  [[nodiscard]] ChangeSet takeChanges() { return std::move(changes_); }

 private:
  State scratch_;
  const TransactionContext& context_;
  JsonWriter& results_;
  ChangeSet changes_;
};

/// Calls `run(operation)` for each and collects what is wrong, which it gives or fails with.
template <typename Run>
std::vector<OperationError> errorsOf(const Transaction& transaction, Run run) {
  std::vector<OperationError> errors;
  for (std::size_t i = 0; i < transaction.size(); ++i) {
    const Result<void> done = run(transaction[i]);
    if (!done) errors.push_back({.operation = i, .what = done.error().message});
  }
  return errors;
}

}  // namespace

Decision<std::vector<OperationError>> transact(const State& state, const Transaction& transaction,
                                               const TransactionContext& context,
                                               JsonWriter& results) {
  auto errors = errorsOf(transaction, [&](const Operation& operation) -> Result<void> {
    auto what = precheck(operation, context);
    if (what.empty()) return {};
    return fail(ErrorCode::InvalidArgument, std::move(what));
  });
  if (!errors.empty()) return {.changes = {}, .answer = std::move(errors)};

  auto scratch = scratchFor(state, transaction);
  if (!scratch) return {.changes = {}, .answer = {{0, scratch.error().message}}};
  Trial trial(*std::move(scratch), context, results);
  errors = errorsOf(transaction, [&](const Operation& operation) { return trial.run(operation); });
  if (!errors.empty()) return {.changes = {}, .answer = std::move(errors)};
  return {.changes = trial.takeChanges(), .answer = {}};
}

}  // namespace cluster_lab::registry::decide
