#pragma once

#include <memory>
#include <string>

#include "base/error.hpp"
#include "os/event_loop.hpp"
#include "os/file_descriptor.hpp"
#include "os/netlink.hpp"
#include "unit/os/run_until.hpp"

namespace cluster_lab::os::test {

/// An empty network namespace for the rest of the case. False: not root, and the skip is said.
[[nodiscard]] bool enterNamespace();
/// The ip(8) command, which must succeed.
void ip(const std::string& arguments);
/// What ip(8) prints.
[[nodiscard]] std::string ipOutput(const std::string& arguments);
[[nodiscard]] std::size_t countOf(const std::string& text, const std::string& part);

/// "va" and "vb", two ends of a cable, switched on. Without the check for duplicates (RFC 4862
/// section 5.4), which takes a second or two, their link-local addresses work at once.
void plugCable(bool checkDuplicates = false);
[[nodiscard]] std::unique_ptr<Netlink> openNetlink();
[[nodiscard]] LinkInfo linkOf(Netlink& netlink, const std::string& name);

/// Takes a capability (linux/capability.h) from this thread while it lives.
class Without {
 public:
  explicit Without(int capability);
  ~Without();
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;

 private:
  int capability_;
};

/// A second network namespace; what is opened between enter() and leave() belongs to it.
class OtherNamespace {
 public:
  OtherNamespace();
  void take(const std::string& link) const;
  void enter() const;
  void leave() const;

 private:
  FileDescriptor home_;
  FileDescriptor other_;
};

/// Does the loop sleep while nothing happens? Runs it for 200 ms.
[[nodiscard]] bool sleeps(EventLoop& loop);

template <typename T>
[[nodiscard]] ErrorCode codeOf(const Result<T>& result) {
  return result ? ErrorCode{} : result.error().code;
}

}  // namespace cluster_lab::os::test
