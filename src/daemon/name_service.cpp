#include "daemon/name_service.hpp"

#include <chrono>
#include <utility>

#include "dns/server.hpp"
#include "registry/registry.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::daemon {
namespace {

constexpr auto kRetry = 5s;

dns::ServerOptions optionsOf(const config::Settings& settings) {
  dns::ServerOptions options;
  options.port = settings.registry.dnsPort;
  options.zone.datacenter = settings.cluster.datacenter;
  options.zone.subnet = settings.network.subnet;
  for (const auto& text : settings.registry.recursors) {
    const auto recursor = dns::Recursor::parse(text);
    if (recursor) options.recursors.push_back(*recursor);
  }
  return options;
}

}  // namespace

NameService::NameService(os::EventLoop& loop, registry::Registry& registry,
                         const config::Settings& settings, Events events)
    : loop_(loop),
      registry_(registry),
      settings_(settings),
      events_(std::move(events)),
      retry_(loop, [this] { start(); }) {}

NameService::~NameService() = default;

void NameService::start() {
  auto server = dns::Server::start(
      optionsOf(settings_),
      [&registry = registry_](const std::function<void(const registry::State&)>& use) {
        registry.read(use);
      });
  if (!server) {
    const bool isTaken = server.error().code == ErrorCode::Conflict;
    events_.problem(isTaken ? "dns_port_taken" : "dns_failed", server.error().during("DNS server"));
    return retry_.set(loop_.now() + kRetry);
  }
  server_ = std::move(*server);
  for (const auto* code : {"dns_port_taken", "dns_failed"}) events_.solved(code);
}

}  // namespace cluster_lab::daemon
