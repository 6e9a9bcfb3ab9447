#include "etcd/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace cluster_lab::etcd {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kShortest = 50ms;       // a call of less would only fail
constexpr auto kConnect = 300ms;       // on one segment: who takes longer is away
constexpr auto kBetweenRounds = 50ms;  // all have failed: etcd may be electing a leader

std::chrono::milliseconds timeUntil(TimePoint deadline) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
}

/// Another server, or the same one later, may do it.
bool isPassing(const Error& error) {
  return error.code == ErrorCode::Unavailable || error.code == ErrorCode::TimedOut;
}

template <typename Answer>
Result<Answer> read(const Result<std::string>& body, Result<Answer> (*reader)(std::string_view)) {
  if (!body) return fail(body.error());
  auto answer = reader(*body);
  if (!answer) return fail(ErrorCode::Unavailable, answer.error().message);
  return answer;
}

}  // namespace

void Client::setServers(std::vector<Ipv4> servers) {
  const std::scoped_lock lock(mutex_);
  servers_ = std::move(servers);
}

std::vector<Ipv4> Client::servers() const {
  const std::scoped_lock lock(mutex_);
  auto servers = servers_;
  const auto first = preferred_ ? std::ranges::find(servers, *preferred_) : servers.end();
  if (first != servers.end()) std::rotate(servers.begin(), first, std::next(first));
  return servers;
}

void Client::prefer(Ipv4 server) {
  const std::scoped_lock lock(mutex_);
  preferred_ = server;
}

std::chrono::milliseconds timeFor(std::size_t bytes) {
  return std::chrono::milliseconds(bytes >> 10U);
}

Result<std::string> Client::askOne(Ipv4 server, const Request& request, TimePoint deadline) {
  const auto longest = std::clamp(timeUntil(deadline), kShortest,
                                  options_.answerTimeout + timeFor(request.body.size()));
  const auto answer =
      pool_.request({.host = server.toString(),
                     .port = options_.port,
                     .socketPath = {},
                     .connectTimeout = std::min<std::chrono::milliseconds>(longest, kConnect),
                     .answerTimeout = longest},
                    "POST", request.target, request.body);
  if (!answer) return fail(answer.error());
  if (answer->status != 200) return fail(readFailure(answer->status, answer->body));
  return answer->body;
}

Result<std::string> Client::ask(const Request& request, TimePoint deadline) {
  Error last{ErrorCode::Unavailable, "etcd has no server yet", {}};
  const auto interruptions = interruptions_.load();
  for (;;) {
    const auto order = servers();
    for (std::size_t i = 0; i < order.size(); ++i) {
      auto body = askOne(order[i], request, deadline);
      if (body || !isPassing(body.error())) return body;
      last = body.error();
      if (interruptions_ != interruptions) return fail(ErrorCode::Unavailable, "interrupted");
      prefer(order[(i + 1) % order.size()]);
      if (timeUntil(deadline) < kShortest) return fail(last);
    }
    if (timeUntil(deadline) < kBetweenRounds + kShortest) return fail(last);
    std::this_thread::sleep_for(kBetweenRounds);
  }
}

void Client::interrupt() {
  ++interruptions_;
  pool_.disconnect();
}

Result<RangeAnswer> Client::range(const RangeRequest& request, TimePoint deadline) {
  return read(ask(render(request), deadline), readRange);
}

Result<RangeAnswer> Client::rangeAt(Ipv4 server, const RangeRequest& request, TimePoint deadline) {
  return read(askOne(server, render(request), deadline), readRange);
}

Result<TransactionAnswer> Client::run(const Transaction& transaction, TimePoint deadline) {
  return read(ask(render(transaction), deadline), readTransaction);
}

Result<void> Client::compact(std::uint64_t revision, TimePoint deadline) {
  const auto body = ask(renderCompaction(revision), deadline);
  if (!body) return fail(body.error());
  return {};
}

Result<Lease> Client::grant(std::chrono::seconds lifetime, TimePoint deadline) {
  return read(ask(renderGrant(lifetime), deadline), readGrant);
}

Result<Lease> Client::keepAlive(std::uint64_t lease, TimePoint deadline) {
  return read(ask(renderKeepAlive(lease), deadline), readKeepAlive);
}

Result<void> Client::revoke(std::uint64_t lease, TimePoint deadline) {
  const auto body = ask(renderRevoke(lease), deadline);
  if (!body && body.error().code != ErrorCode::NotFound) return fail(body.error());
  return {};
}

Result<std::vector<Member>> Client::members(TimePoint deadline) {
  return read(ask(renderMemberList(), deadline), readMembers);
}

Result<std::vector<Member>> Client::changeMembers(const Request& change, TimePoint deadline) {
  return read(ask(change, deadline), readMembers);
}

Result<ServerStatus> Client::status(Ipv4 server, TimePoint deadline) {
  return read(askOne(server, renderStatus(), deadline), readStatus);
}

Result<void> Client::transfer(Ipv4 leader, std::uint64_t member, TimePoint deadline) {
  const auto body = askOne(leader, renderTransfer(member), deadline);
  if (!body) return fail(body.error());
  return {};
}

Census Client::count(TimePoint deadline) {
  Census census;
  for (const auto server : servers()) {
    ++census.asked;
    const auto answer = status(server, deadline);
    census.answering += answer ? 1U : 0U;
    census.withLeader += answer && answer->leader != 0 ? 1U : 0U;
  }
  return census;
}

std::string describe(const Census& census) {
  if (census.asked == 0) return "etcd has no server yet";
  if (census.withLeader * 2 > census.asked) {
    return fmt::format("etcd is late: {} of {} have a leader", census.withLeader, census.asked);
  }
  if (census.answering * 2 > census.asked) {
    return fmt::format("etcd has no leader yet: {} of {} answer", census.answering, census.asked);
  }
  return fmt::format("no majority of etcd: {} of {} {}", census.answering, census.asked,
                     census.answering == 1 ? "answers" : "answer");
}

}  // namespace cluster_lab::etcd
