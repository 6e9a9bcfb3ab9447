#include "node.hpp"

#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "support/patience.hpp"

namespace cluster_lab::test {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    read = ends[0];
    write = ends[1];
  }
  int read;
  int write;
};

bool startsWith(const std::string& line, const std::string& start) {
  return line.starts_with(start);
}

}  // namespace

Node::Node(const Body& body) {
  const Pipe orders;
  const Pipe events;
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(orders.write);
    close(events.read);
    if (unshare(CLONE_NEWNET) != 0) _exit(70);
    if (write(events.write, "born\n", 5) != 5) _exit(71);
    _exit(body(orders.read, events.write));
  }
  close(orders.read);
  close(events.write);
  orders_ = orders.write;
  events_ = events.read;
  if (!hear("born", std::chrono::seconds(5))) throw std::runtime_error("the node did not start");
}

Node::~Node() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  close(orders_);
  close(events_);
}

void Node::order(const std::string& line) {
  const auto text = line + '\n';
  if (write(orders_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("the node takes no orders");
  }
}

std::optional<std::string> Node::hear(const std::string& start,
                                      std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patiently(patience);
  for (;;) {
    while (heard_ < told_.size()) {
      const auto& line = told_[heard_++];
      if (startsWith(line, start)) return line;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0 || !read(left)) return std::nullopt;
  }
}

bool Node::hasTold(const std::string& start) {
  while (read(std::chrono::milliseconds(0))) continue;
  return std::ranges::any_of(told_, [&](const auto& line) { return startsWith(line, start); });
}

int Node::run(const std::string& command) const {
  const auto line = "nsenter -t " + std::to_string(pid_) + " -n sh -c '" + command + "'";
  const int status = std::system(line.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::optional<pid_t> Node::child(const std::string& name) const {
  const auto own = std::to_string(pid_);
  std::ifstream children("/proc/" + own + "/task/" + own + "/children");
  for (pid_t pid = 0; children >> pid;) {
    std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
    std::string found;
    if (std::getline(comm, found) && found == name) return pid;
  }
  return std::nullopt;
}

bool Node::newChild(const std::string& name, pid_t old, std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  while (Clock::now() < deadline) {
    const auto found = child(name);
    if (found && *found != old) return true;
    read(std::chrono::milliseconds(10));
  }
  return false;
}

/// Waits for some output; false: none came, or no more will.
bool Node::read(std::chrono::milliseconds patience) {
  pollfd watched{events_, POLLIN, 0};
  if (poll(&watched, 1, static_cast<int>(patience.count())) <= 0) return false;
  std::array<char, 4096> buffer{};
  const auto count = ::read(events_, buffer.data(), buffer.size());
  if (count <= 0) return false;
  partial_.append(buffer.data(), static_cast<std::size_t>(count));
  for (auto end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n')) {
    told_.push_back(partial_.substr(0, end));
    partial_.erase(0, end + 1);
  }
  return true;
}

}  // namespace cluster_lab::test
