#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "fixture.hpp"
#include "http/server.hpp"

/// Leader and followers in one process, each with its server on a loopback address of its own and
/// the same port.
namespace cluster_lab::registry::test {

inline constexpr std::chrono::seconds kLongest{10};

/// Node `number` at 127.0.0.`number`.
class Machine {
 public:
  Machine(std::uint8_t number, std::uint16_t port, Registry::Options wanted = {})
      : address_(0x7F000000U + number) {
    auto options = optionsFor(number, folder_.path());
    options.port = port;
    options.leaderGone = std::move(wanted.leaderGone);
    options.holdTime = wanted.holdTime;
    options.authority = wanted.authority;
    registry_ = Registry::open(options).value();
    registry_->addRoutes(router_);
    serve(port);
  }
  ~Machine() { crash(); }

  /// The server and the registry's threads end; the copy stays as it is.
  void crash() {
    if (!server_) return;
    registry_->stop();
    server_.reset();
  }

  void lead(std::uint64_t term) { registry_->lead(term, address_).value(); }
  void follow(const Machine& leader) {
    registry_->follow(leader.address_);
    CHECK(registry_->waitSynced(kLongest));
  }
  [[nodiscard]] Registry& registry() { return *registry_; }
  [[nodiscard]] Ipv4 address() const { return address_; }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& body = {}) {
    return route(requestOf(method, target, body));
  }
  http::Response route(const http::Request& request) { return router_.route(request); }
  std::string value(const std::string& key) { return ask("GET", "/v1/kv/" + key + "?raw").body; }

  /// Waits until this copy has the other's index.
  [[nodiscard]] bool catchesUp(Machine& with) {
    const auto deadline = std::chrono::steady_clock::now() + kLongest;
    while (registry_->index() != with.registry().index()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      ask("GET", "/v1/kv/?keys&wait=20ms&index=" + std::to_string(registry_->index() + 1));
    }
    return true;
  }

 private:
  void serve(std::uint16_t port) {
    server_ =
        http::Server::start({.address = address_.toString(), .port = port},
                            [this](const http::Request& request) { return router_.route(request); })
            .value();
  }

  Ipv4 address_;
  TemporaryFolder folder_;
  std::unique_ptr<Registry> registry_;
  http::Router router_;
  std::unique_ptr<http::Server> server_;
};

/// A port that is free on all of 127.0.0.0/8.
inline std::uint16_t freePort() {
  return http::Server::start({.address = "0.0.0.0"},
                             [](const http::Request&) { return http::Response{}; })
      .value()
      ->port();
}

/// A leader with the key "a" and its follower.
struct Pair {
  std::uint16_t port = freePort();
  Machine leader{1, port};
  Machine follower{2, port};

  Pair() {
    leader.lead(1);
    leader.ask("PUT", "/v1/kv/a", "x");
    follower.follow(leader);
  }
};

}  // namespace cluster_lab::registry::test
