#include "machine.hpp"

#include <doctest/doctest.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "support/skip.hpp"

namespace cluster_lab::link::test {
namespace {

using Capabilities = std::array<__user_cap_data_struct, 2>;  // capget(2), version 3

void changeNetAdmin(bool on) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  Capabilities sets{};
  REQUIRE(syscall(SYS_capget, &header, sets.data()) == 0);
  const auto bit = 1U << static_cast<unsigned>(CAP_NET_ADMIN);
  sets[0].effective = on ? sets[0].effective | bit : sets[0].effective & ~bit;
  REQUIRE(syscall(SYS_capset, &header, sets.data()) == 0);
}

config::Settings::Link settingsFor(LinkKind kind, std::uint16_t vxlanPort) {
  config::Settings::Link settings;
  settings.kind = kind;
  settings.vxlanPort = vxlanPort;
  return settings;
}

}  // namespace

void ip(const std::string& arguments) {
  INFO("ip " << arguments);
  REQUIRE(std::system(("ip " + arguments).c_str()) == 0);
}

bool exists(const std::string& interface) {
  return if_nametoindex(interface.c_str()) != 0;
}

bool enterNamespace() {
  if (unshare(CLONE_NEWNET) != 0) {
    cluster_lab::test::skip("needs root: it makes a network namespace");
    return false;
  }
  ip("link set lo up");
  return true;
}

WithoutNetAdmin::WithoutNetAdmin() {
  changeNetAdmin(false);
}

WithoutNetAdmin::~WithoutNetAdmin() {
  changeNetAdmin(true);
}

void plugAdapter() {
  ip("link add eth0 type veth peer name wire0");
  plugCable();
}

void pullCable() {
  ip("link set wire0 down");
}

void plugCable() {
  ip("link set wire0 up");
}

Machine::Machine(LinkKind kind, std::uint16_t vxlanPort)
    : loop_(os::EventLoop::create().value()),
      netlink_(os::Netlink::open().value()),
      link(*loop_, *netlink_, settingsFor(kind, vxlanPort),
           {.up = [this](const os::LinkInfo&) { hear("up"); },
            .down = [this] { hear("down"); },
            .problem =
                [this](const std::string& state, const Error& error) {
                  lastProblem_ = error;
                  hear(state);
                }}) {}

void Machine::hear(const std::string& word) {
  heard_.push_back(word);
  if (wanted_ == 0 || heard_.size() < wanted_) return;
  wanted_ = 0;
  loop_->quit(0);
}

std::string Machine::next(std::size_t words) {
  wanted_ = words;
  if (heard_.size() < wanted_) {
    constexpr std::chrono::seconds kPatience{5};
    os::Timer patience(*loop_, [this] { loop_->quit(1); });
    patience.set(loop_->now() + kPatience);
    REQUIRE(loop_->run());
  }
  wanted_ = 0;
  std::string told;
  for (const auto& word : heard_) told += (told.empty() ? "" : " ") + word;
  heard_.clear();
  return told;
}

os::LinkInfo Machine::interface(const std::string& name) {
  const auto info = netlink_->link(name);
  INFO(name);
  REQUIRE(info);
  return *info;
}

}  // namespace cluster_lab::link::test
