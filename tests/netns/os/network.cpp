#include "network.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>

#include "support/skip.hpp"

namespace cluster_lab::os::test {
namespace {

using namespace std::chrono_literals;

void changeCapability(int capability, bool on) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};  // capget(2), version 3
  REQUIRE(syscall(SYS_capget, &header, sets.data()) == 0);
  const auto bit = 1U << static_cast<unsigned>(capability);
  sets[0].effective = on ? sets[0].effective | bit : sets[0].effective & ~bit;
  REQUIRE(syscall(SYS_capset, &header, sets.data()) == 0);
}

FileDescriptor ownNamespace() {
  FileDescriptor fd(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  REQUIRE(fd.isOpen());
  return fd;
}

std::chrono::nanoseconds cpuTime() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

bool enterNamespace() {
  if (unshare(CLONE_NEWNET) == 0) return true;
  cluster_lab::test::skip("needs root: it makes a network namespace");
  return false;
}

void ip(const std::string& arguments) {
  INFO("ip " << arguments);
  REQUIRE(std::system(("ip " + arguments).c_str()) == 0);
}

std::string ipOutput(const std::string& arguments) {
  std::FILE* const pipe = popen(("ip " + arguments).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> part{};
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) text += part.data();
  REQUIRE(pclose(pipe) == 0);
  return text;
}

std::size_t countOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

void plugCable(bool checkDuplicates) {
  ip("link add va type veth peer name vb");
  for (const std::string end : {"va", "vb"}) {
    std::ofstream("/proc/sys/net/ipv6/conf/" + end + "/accept_dad") << (checkDuplicates ? 1 : 0);
  }
  ip("link set va up");
  ip("link set vb up");
}

std::unique_ptr<Netlink> openNetlink() {
  auto netlink = Netlink::open();
  REQUIRE(netlink);
  return std::move(*netlink);
}

LinkInfo linkOf(Netlink& netlink, const std::string& name) {
  INFO(name);
  const auto link = netlink.link(name);
  REQUIRE(link);
  return *link;
}

Without::Without(int capability) : capability_(capability) {
  changeCapability(capability_, false);
}

Without::~Without() {
  changeCapability(capability_, true);
}

OtherNamespace::OtherNamespace() : home_(ownNamespace()) {
  REQUIRE(unshare(CLONE_NEWNET) == 0);
  other_ = ownNamespace();
  leave();
}

void OtherNamespace::take(const std::string& link) const {
  ip("link set " + link + " netns /proc/" + std::to_string(getpid()) + "/fd/" +
     std::to_string(other_.get()));
}

void OtherNamespace::enter() const {
  REQUIRE(setns(other_.get(), CLONE_NEWNET) == 0);
}

void OtherNamespace::leave() const {
  REQUIRE(setns(home_.get(), CLONE_NEWNET) == 0);
}

bool sleeps(EventLoop& loop) {
  const auto before = cpuTime();
  const auto end = loop.at(loop.now() + 200ms, [&] { loop.quit(0); });
  REQUIRE(loop.run());
  return cpuTime() - before < 50ms;
}

}  // namespace cluster_lab::os::test
