#include "http/client_pool.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace cluster_lab::http {

ClientPool::Outcome ClientPool::call(
    const ClientOptions& to, const std::string& method, const std::string& target,
    const std::string& body, const std::vector<std::pair<std::string, std::string>>& headers,
    std::uint64_t era) {
  auto client = take(to, era);
  if (!client) {
    return {.answer = fail(ErrorCode::TimedOut, "too many calls to " + to.host + " are under way"),
            .sentNothing = true};
  }
  Outcome outcome{.answer = client->request(method, target, body, headers)};
  outcome.sentNothing = !outcome.answer && client->sentNothing();
  const bool usable = outcome.answer.has_value();
  giveBack(to, std::move(client), usable);
  return outcome;
}

Result<Response> ClientPool::request(
    const ClientOptions& to, const std::string& method, const std::string& target,
    const std::string& body, const std::vector<std::pair<std::string, std::string>>& headers) {
  return call(to, method, target, body, headers).answer;
}

std::unique_ptr<Client> ClientPool::take(const ClientOptions& to, std::uint64_t era) {
  std::unique_lock lock(mutex_);
  const auto isFree = [this] { return calls_ < limits_.calls; };
  if (!ended_.wait_for(lock, to.answerTimeout, isFree)) return nullptr;
  ++calls_;
  auto client = connectionTo(to);
  if (era < era_) {
    client->stop();
  } else {
    running_.emplace(client.get(), era);
  }
  return client;
}

std::unique_ptr<Client> ClientPool::connectionTo(const ClientOptions& to) {
  const auto oldest = std::chrono::steady_clock::now() - limits_.idleTime;
  std::erase_if(idle_, [oldest](const Idle& idle) { return idle.since < oldest; });
  const auto found = std::ranges::find_if(idle_, [&to](const Idle& idle) { return idle.to == to; });
  if (found == idle_.end()) return std::make_unique<Client>(to);
  auto client = std::move(found->client);
  idle_.erase(found);
  return client;
}

void ClientPool::giveBack(const ClientOptions& to, std::unique_ptr<Client> client, bool usable) {
  const std::scoped_lock lock(mutex_);
  --calls_;
  ended_.notify_one();
  const bool known = running_.erase(client.get()) > 0;
  if (!usable || !known) return;
  idle_.push_front({to, std::move(client), std::chrono::steady_clock::now()});
}

void ClientPool::disconnect() {
  const std::scoped_lock lock(mutex_);
  endCallsBefore(std::numeric_limits<std::uint64_t>::max());
}

void ClientPool::disconnect(std::uint64_t era) {
  const std::scoped_lock lock(mutex_);
  era_ = std::max(era_, era);
  endCallsBefore(era_);
}

void ClientPool::endCallsBefore(std::uint64_t era) {
  std::erase_if(running_, [era](const auto& running) {
    if (running.second >= era) return false;
    running.first->stop();
    return true;
  });
  idle_.clear();
}

}  // namespace cluster_lab::http
