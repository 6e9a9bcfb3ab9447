#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cluster_lab::test {

/// A process in a network namespace of its own that takes orders and tells events, a line each.
class Node {
 public:
  /// `orders` and `events` are open descriptors in the child; what it returns is its exit status.
  using Body = std::function<int(int orders, int events)>;

  explicit Node(const Body& body);
  ~Node();  ///< SIGKILL: everything in its namespace that hangs on it goes too
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  void order(const std::string& line);
  /// The next event that starts with `start`, within `patience`; events before it are passed over.
  [[nodiscard]] std::optional<std::string> hear(const std::string& start,
                                                std::chrono::milliseconds patience);
  /// Has an event that starts so been told, heard or not, up to now?
  [[nodiscard]] bool hasTold(const std::string& start);
  /// Runs a shell command in its network namespace; its exit status.
  [[nodiscard]] int run(const std::string& command) const;
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Its child process of that name.
  [[nodiscard]] std::optional<pid_t> child(const std::string& name) const;
  /// Waits until it has a child of that name which is not `old`.
  [[nodiscard]] bool newChild(const std::string& name, pid_t old,
                              std::chrono::milliseconds patience);

 private:
  bool read(std::chrono::milliseconds patience);

  pid_t pid_ = -1;
  int orders_ = -1;
  int events_ = -1;
  std::string partial_;
  std::vector<std::string> told_;
  std::size_t heard_ = 0;
};

}  // namespace cluster_lab::test
