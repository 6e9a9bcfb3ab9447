#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "http/server.hpp"
#include "raw_client.hpp"

namespace cluster_lab::http {

/// Answers "got " and the body.
Response small(const Request& request);
ServerOptions onLoopback();
/// A running server; the case ends here without one.
std::unique_ptr<Server> started(const ServerOptions& options, Handler handler = small);
/// All that the server answers to those bytes on a new connection, which it must close.
std::string answerTo(const Server& server, std::string_view bytes);
/// How many threads serve connections in this process.
std::size_t workerCount();
/// Looks again and again until it is true; false: not within 10 s.
bool eventually(const std::function<bool()>& look);

/// A gate that handlers wait at, and that counts them.
class Gate {
 public:
  void pass();
  /// false: not so many within 10 s.
  bool awaitWaiting(int count);
  void open();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

}  // namespace cluster_lab::http
