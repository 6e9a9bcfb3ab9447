#include "http/connection_table.hpp"

#include <sys/socket.h>

#include <utility>

#include "http/connection.hpp"

namespace cluster_lab::http {

ConnectionTable::ConnectionTable() = default;

ConnectionTable::~ConnectionTable() = default;

Connection& ConnectionTable::add(std::unique_ptr<Connection> connection) {
  const std::scoped_lock lock(mutex_);
  ++perClient_[connection->peer().client];
  const int socket = connection->socket();
  return *connections_.insert_or_assign(socket, std::move(connection)).first->second;
}

void ConnectionTable::remove(Connection& connection) {
  const std::scoped_lock lock(mutex_);
  const auto client = perClient_.find(connection.peer().client);
  if (--client->second == 0) perClient_.erase(client);
  connections_.erase(connection.socket());
  if (connections_.empty()) emptied_.notify_all();
}

std::size_t ConnectionTable::size() const {
  const std::scoped_lock lock(mutex_);
  return connections_.size();
}

std::size_t ConnectionTable::sizeOf(std::uint64_t client) const {
  const std::scoped_lock lock(mutex_);
  const auto found = perClient_.find(client);
  return found == perClient_.end() ? 0 : found->second;
}

void ConnectionTable::shutDown(int how) {
  const std::scoped_lock lock(mutex_);
  for (const auto& [socket, connection] : connections_) connection->shutDown(how);
}

void ConnectionTable::shutDown(Ipv4 local) {
  const std::scoped_lock lock(mutex_);
  for (const auto& [socket, connection] : connections_) {
    if (connection->local() == local) connection->shutDown(SHUT_RDWR);
  }
}

void ConnectionTable::awaitEmpty() {
  std::unique_lock lock(mutex_);
  emptied_.wait(lock, [this] { return connections_.empty(); });
}

bool ConnectionTable::awaitEmpty(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, longest, [this] { return connections_.empty(); });
}

}  // namespace cluster_lab::http
