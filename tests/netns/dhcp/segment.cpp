#include "segment.hpp"

#include <sched.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

#include "os/host.hpp"
#include "support/skip.hpp"

namespace cluster_lab::test {
namespace {

void shell(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::string missing() {
  if (geteuid() != 0) return "needs root to make network namespaces";
  for (const auto* program : {"dnsmasq", "udhcpc", "ip", "nsenter"}) {
    if (!os::findProgram(program)) return std::string(program) + " is not installed";
  }
  return {};
}

}  // namespace

bool cannotRun() {
  const auto why = missing();
  if (!why.empty()) skip(why);
  return !why.empty();
}

Segment::Segment() {
  std::string pattern = (std::filesystem::temp_directory_path() / "netns-dhcp-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  if (unshare(CLONE_NEWNET) != 0) throw std::runtime_error("no network namespace");
  shell("ip link add switch type bridge && ip link set switch up");
}

Segment::~Segment() {
  nodes_.clear();
  std::filesystem::remove_all(folder_);
}

Node& Segment::add(
    const std::function<int(const std::filesystem::path&, int orders, int events)>& body) {
  const auto number = nodes_.size() + 1;
  const auto folder = folderOf(number);
  std::filesystem::create_directory(folder);
  nodes_.push_back(
      std::make_unique<Node>([&](int orders, int events) { return body(folder, orders, events); }));
  auto& node = *nodes_.back();
  const auto port = "port" + std::to_string(number);
  shell("ip link add " + port + " type veth peer name eth0 address " + macOf(number) + " netns " +
        std::to_string(node.pid()) + " && ip link set " + port + " master switch up");
  if (node.run("ip link set eth0 up") != 0) throw std::runtime_error("no eth0");
  return node;
}

std::filesystem::path Segment::folderOf(std::size_t number) const {
  return folder_ / std::to_string(number);
}

std::string Segment::macOf(std::size_t number) {
  constexpr std::array<char, 17> kDigits{"0123456789abcdef"};
  return std::string("02:00:00:00:00:") + kDigits[number / 16] + kDigits[number % 16];
}

}  // namespace cluster_lab::test
