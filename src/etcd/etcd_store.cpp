#include "etcd/etcd_store.hpp"

#include <algorithm>
#include <utility>

#include "etcd/client.hpp"
#include "etcd/leader_key.hpp"
#include "os/log.hpp"

namespace cluster_lab::etcd {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kRowsPerPage = 128;
constexpr std::size_t kPartBytes = std::size_t{1} << 20U;
constexpr std::chrono::seconds kCompactionLimit{1};
constexpr std::chrono::milliseconds kCensusLimit{500};  // for counting who answers, to say why

const std::string kHeader(kHeaderKey);

/// The header among what a transaction read that was not done.
const KeyValue* headerIn(const std::vector<KeyValue>& found) {
  const auto pair = std::ranges::find(found, kHeader, &KeyValue::key);
  return pair == found.end() ? nullptr : &*pair;
}

const std::string* headerPutBy(const Transaction& transaction) {
  const auto put = std::ranges::find(transaction.puts, kHeader, &Put::key);
  return put == transaction.puts.end() ? nullptr : &put->value;
}

}  // namespace

EtcdStore::EtcdStore(Client& client, LeaderKey& key, const Options& options)
    : client_(client), key_(key), options_(options) {}

Result<registry::State> EtcdStore::load() {
  loaded_ = false;
  created_.clear();
  auto snapshot = read();
  if (!snapshot) return fail(snapshot.error().during("read the registry in etcd"));
  auto state = registry::State::from(*snapshot);
  if (!state) return fail(ErrorCode::Corrupt, "the registry in etcd: " + state.error().message);
  loaded_ = true;
  return state;
}

Result<registry::Snapshot> EtcdStore::read() {
  const auto deadline = Clock::now() + options_.loadTimeout;
  const auto found = client_.range({.key = kHeader, .end = {}}, deadline);
  if (!found) return fail(found.error());
  current_ = {};
  headerRevision_ = 0;
  if (found->found.empty()) return registry::Snapshot{};
  headerRevision_ = found->found.front().modified;
  auto header = readHeader(found->found.front().value);
  if (!header) return fail(ErrorCode::Corrupt, header.error().message);
  current_ = *std::move(header);

  registry::Snapshot snapshot{current_.header, {}};
  auto from = prefixOf(current_.generation);
  const auto end = endOfPrefix(from);
  for (bool more = true; more;) {
    const auto page = client_.range(
        {.key = from, .end = end, .revision = found->revision, .limit = kRowsPerPage}, deadline);
    if (!page) return fail(page.error());
    for (const auto& pair : page->found) {
      auto row = readRow(current_.generation, pair);
      if (!row) return fail(ErrorCode::Corrupt, row.error().message);
      created_.emplace(pair.key, row->created);
      snapshot.rows.push_back(*std::move(row));
    }
    more = page->more && !page->found.empty();
    if (more) from = page->found.back().key + '\0';
  }
  return snapshot;
}

Result<void> EtcdStore::commit(std::span<const registry::Entry> entries,
                               const registry::StateHeader& after) {
  auto outcome = outcomeOf(current_.generation, entries, created_);
  Transaction transaction;
  transaction.puts = std::move(outcome.puts);
  transaction.erases = std::move(outcome.erases);
  if (auto done = writeHeader(std::move(transaction), {current_.generation, after}); !done) {
    return done;
  }
  for (const auto& key : outcome.erased) created_.erase(key);
  created_.merge(outcome.created);
  return {};
}

Result<void> EtcdStore::replaceAll(const registry::Snapshot& snapshot) {
  const auto before = prefixOf(current_.generation);
  const auto generation = current_.generation + 1;
  const auto prefix = prefixOf(generation);
  Transaction leftOver;
  leftOver.erases = {{prefix, endOfPrefix(prefix)}};
  if (auto done = write(std::move(leftOver)); !done) return done;
  CreateIndexes created;
  for (auto& puts : inParts(generation, snapshot.rows, kPartBytes)) {
    Transaction part;
    part.puts = std::move(puts);
    if (auto done = write(std::move(part)); !done) return done;
  }
  for (const auto& row : snapshot.rows) {
    created.emplace(keyOf(generation, row.table, row.key), row.created);
  }
  Transaction turn;
  turn.erases = {{before, endOfPrefix(before)}};
  if (auto done = writeHeader(std::move(turn), {generation, snapshot.header}); !done) return done;
  created_ = std::move(created);
  return {};
}

Result<void> EtcdStore::writeHeader(Transaction transaction, const StoredHeader& header) {
  transaction.puts.push_back({kHeader, toText(header)});
  if (auto done = write(std::move(transaction)); !done) return done;
  current_ = header;
  return {};
}

Result<void> EtcdStore::write(Transaction transaction) {
  const auto guard = key_.guard();
  if (!guard || !loaded_) {
    return fail(ErrorCode::Unavailable, "this node does not hold the leader's key in etcd");
  }
  const auto size = sizeOf(transaction);
  if (size > options_.mostBytes) {
    return fail(ErrorCode::Exhausted,
                "more than etcd takes in one transaction: " + std::to_string(size >> 20U) + " MiB");
  }
  transaction.guards = {*guard, {kHeader, headerRevision_}};
  transaction.otherwiseRead = {kHeader};
  const auto revision = settle(transaction);
  if (!revision) return fail(revision.error().during("write to etcd"));
  if (headerPutBy(transaction) != nullptr) headerRevision_ = *revision;
  compactNowAndThen(size, *revision);
  return {};
}

/// Asking may repeat a transaction that etcd did already: then the header says so.
Result<std::uint64_t> EtcdStore::settle(const Transaction& transaction) {
  const auto longest = options_.writeTimeout + timeFor(sizeOf(transaction));
  const auto answer = client_.run(transaction, Clock::now() + longest);
  if (answer && answer->done) return answer->revision;
  if (answer) {
    const auto* there = headerIn(answer->found);
    const auto* wanted = headerPutBy(transaction);
    if (there != nullptr && wanted != nullptr && there->value == *wanted) return there->modified;
    loaded_ = false;
    const std::string why = "another node has written to the registry in etcd";
    key_.forsake(why);
    return fail(ErrorCode::Unavailable, why);
  }
  const auto code = answer.error().code;
  if (code == ErrorCode::Unavailable || code == ErrorCode::TimedOut) {
    loaded_ = false;
    const auto why = describe(client_.count(Clock::now() + kCensusLimit));
    key_.forsake(why);
    return fail(ErrorCode::Unavailable, why + ": " + answer.error().message);
  }
  return fail(answer.error());
}

/// etcd compacts by itself every five minutes only: large values would fill its database sooner.
void EtcdStore::compactNowAndThen(std::size_t written, std::uint64_t revision) {
  sinceCompaction_ += written;
  if (sinceCompaction_ < options_.compactAfter) return;
  sinceCompaction_ = 0;
  const auto done = client_.compact(revision, Clock::now() + kCompactionLimit);
  if (!done) os::log::warning(done.error().during("compact etcd's database").text());
}

}  // namespace cluster_lab::etcd
