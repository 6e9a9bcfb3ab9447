#include "http/client_pool.hpp"

#include <algorithm>

namespace cluster_lab::http {

ClientPool::Outcome ClientPool::call(
    const ClientOptions& to, const std::string& method, const std::string& target,
    const std::string& body, const std::vector<std::pair<std::string, std::string>>& headers) {
  auto client = take(to);
  if (!client) {
    return {.answer = fail(ErrorCode::TimedOut, "too many calls to " + to.host + " are under way"),
            .sentNothing = true};
  }
  Outcome outcome{.answer = client->request(method, target, body, headers)};
  outcome.sentNothing = !outcome.answer && client->sentNothing();
  giveBack(to, outcome.answer ? std::move(client) : nullptr);
  return outcome;
}

Result<Response> ClientPool::request(
    const ClientOptions& to, const std::string& method, const std::string& target,
    const std::string& body, const std::vector<std::pair<std::string, std::string>>& headers) {
  return call(to, method, target, body, headers).answer;
}

std::unique_ptr<Client> ClientPool::take(const ClientOptions& to) {
  std::unique_lock lock(mutex_);
  const auto isFree = [this] { return calls_ < limits_.calls; };
  if (!ended_.wait_for(lock, to.answerTimeout, isFree)) return nullptr;
  ++calls_;
  const auto oldest = std::chrono::steady_clock::now() - limits_.idleTime;
  std::erase_if(idle_, [oldest](const Idle& idle) { return idle.since < oldest; });
  const auto found = std::ranges::find_if(idle_, [&to](const Idle& idle) { return idle.to == to; });
  if (found == idle_.end()) return std::make_unique<Client>(to);
  auto client = std::move(found->client);
  idle_.erase(found);
  return client;
}

void ClientPool::giveBack(const ClientOptions& to, std::unique_ptr<Client> client) {
  const std::scoped_lock lock(mutex_);
  --calls_;
  ended_.notify_one();
  if (client) idle_.push_front({to, std::move(client), std::chrono::steady_clock::now()});
}

}  // namespace cluster_lab::http
