#pragma once

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "base/text.hpp"
#include "http/router.hpp"
#include "registry/registry.hpp"

namespace cluster_lab::registry::test {

/// A folder that goes with it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "registry-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline NodeId idOf(std::uint8_t number) {
  NodeId id;
  id.bytes[15] = number;
  return id;
}

inline Ipv4 address(const char* text) {
  return Ipv4::parse(text).value();
}

/// A node: number 2 is "pi-2" at 192.168.200.102.
inline NodeRegistration nodeOf(std::uint8_t number, Role role = Role::Following) {
  NodeRegistration node;
  node.id = idOf(number);
  node.name = "pi-" + std::to_string(number);
  node.address = Ipv4(address("192.168.200.100").hostOrder() + number);
  node.mac = {{0xB8, 0x27, 0xEB, 0, 0, number}};
  node.role = role;
  node.labels = {{"size", "big"}};
  node.version = "1.0.0";
  return node;
}

inline Registry::Options optionsFor(std::uint8_t number, const std::filesystem::path& folder) {
  Registry::Options options;
  options.dataDirectory = folder;
  options.pageDirectory = folder / "ui";
  options.self = idOf(number);
  options.selfName = "pi-" + std::to_string(number);
  options.version = "1.0.0";
  options.clusterNetwork = Ipv4Network::parse("192.168.200.0/24").value();
  options.nodeTimeout = std::chrono::milliseconds(1000);
  options.holdTime = std::chrono::milliseconds(200);
  options.statusJson = [] { return std::string(R"({"state":"leading"})"); };
  return options;
}

inline const Ipv4 kLoopback(0x7F000001);
inline const Ipv4 kLeaderAddress(0xC0A8C801);

/// A request as the server would make it of "/path?a=b&c", from this machine.
inline http::Request requestOf(const std::string& method, const std::string& target,
                               const std::string& body = {}) {
  http::Request request;
  request.method = method;
  request.body = body;
  request.peer = kLoopback;
  request.local = kLoopback;
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question == std::string::npos) return request;
  for (const auto part : split(std::string_view(target).substr(question + 1), '&')) {
    const auto equals = part.find('=');
    request.query.emplace(part.substr(0, equals), equals == std::string_view::npos
                                                      ? std::string_view()
                                                      : part.substr(equals + 1));
  }
  return request;
}

/// A registry that leads, with its endpoints, without sockets.
struct LeadingRegistry {
  TemporaryFolder folder;
  std::unique_ptr<Registry> registry = Registry::open(optionsFor(1, folder.path())).value();
  http::Router router;

  LeadingRegistry() {
    registry->addRoutes(router);
    registry->lead(1, kLeaderAddress).value();
  }

  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& body = {}) const {
    return router.route(requestOf(method, target, body));
  }
  [[nodiscard]] http::Response get(const std::string& target) const { return ask("GET", target); }
};

inline std::string headerOf(const http::Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (toLower(key) == toLower(name)) return value;
  }
  return {};
}

/// Looks again and again until it is true; false: not within 10 s.
template <typename Look>
bool eventually(Look look) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!look()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace cluster_lab::registry::test
