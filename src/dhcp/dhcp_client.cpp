#include "dhcp/dhcp_client.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "base/text.hpp"
#include "dhcp/dnsmasq_config.hpp"
#include "dhcp/hook_call.hpp"
#include "dhcp/leader_request.hpp"
#include "os/child_process.hpp"
#include "os/event_loop.hpp"
#include "os/log.hpp"
#include "os/unix_socket.hpp"

namespace cluster_lab::dhcp {
namespace {

constexpr std::chrono::milliseconds kStopGrace{200};
constexpr std::chrono::milliseconds kFirstRetry{20};
constexpr std::chrono::milliseconds kLastRetry{5000};

}  // namespace

struct DhcpClient::Impl {
  Impl(os::EventLoop& loop_of_all, ClientSettings wanted, Events told)
      : loop(loop_of_all),
        settings(std::move(wanted)),
        events(std::move(told)),
        socket(settings.runDirectory / "dhcp-client.sock"),
        arrived_timer(loop, [this] { takeArrived(); }),
        retry_timer(loop, [this] { launch(); }) {}

  [[nodiscard]] Result<void> listen();
  [[nodiscard]] os::Command command() const;
  void launch();
  void halt();
  void retryLater();
  [[nodiscard]] std::string answer(const std::string& message);
  void takeArrived();
  void take(const ClientEvent& event);
  void takeLease(const Bound& lease);
  void lose();
  void askLeaderAlone();

  os::EventLoop& loop;
  ClientSettings settings;
  Events events;
  std::filesystem::path socket;
  std::string link_name;     ///< empty: not started
  std::optional<Ipv4> hint;  ///< asked for first
  std::optional<Bound> bound;
  std::chrono::milliseconds retry_delay{kFirstRetry};
  bool fresh = true;                ///< this udhcpc has not called its script yet
  std::deque<ClientEvent> arrived;  ///< waits until udhcpc has its answer
  os::Timer arrived_timer;
  os::Timer retry_timer;
  std::unique_ptr<os::UnixServer> hook_server;
  std::unique_ptr<os::Supervisor> udhcpc;
  std::unique_ptr<LeaderRequest> leader_request;  ///< instead of udhcpc
};

Result<void> DhcpClient::Impl::listen() {
  if (hook_server) return {};
  auto server = os::UnixServer::listen(
      loop, socket, [this](const std::string& message) { return answer(message); });
  if (!server) return fail(server.error().during("listen for udhcpc's events"));
  hook_server = std::move(*server);
  return {};
}

os::Command DhcpClient::Impl::command() const {
  // A round is three requests, a second apart, and a second of rest. udhcpc sends the MAC as client
  // id by itself (option 61, hardware type 1).
  os::Command call{{"udhcpc", "-f", "-i", link_name, "-s", settings.hook.string(), "-t", "3", "-T",
                    "1", "-A", "1", "-V", kVendorClass},
                   {std::string(kSocketVariable) + '=' + socket.string()}};
  auto& arguments = call.arguments;
  if (isHostLabel(settings.hostName)) {
    arguments.insert(arguments.end(), {"-x", "hostname:" + settings.hostName});
  }
  if (hint) arguments.insert(arguments.end(), {"-r", hint->toString()});
  return call;
}

void DhcpClient::Impl::launch() {
  halt();
  fresh = true;
  udhcpc = std::make_unique<os::Supervisor>(
      loop, command(),
      os::Supervisor::Events{[](std::string_view line) { os::log::debug(line); },
                             [this](const Error& error) {
                               fresh = true;
                               events.failed(error);
                             }});
  udhcpc->start();
}

void DhcpClient::Impl::halt() {
  retry_timer.clear();
  arrived_timer.clear();
  arrived.clear();
  if (udhcpc) udhcpc->stop(kStopGrace);
  udhcpc.reset();
  leader_request.reset();
}

/// Ends udhcpc, which would rest 3 s after a NAK, and begins anew.
void DhcpClient::Impl::retryLater() {
  halt();
  retry_timer.set(loop.now() + retry_delay);
  retry_delay = std::min(retry_delay * 2, kLastRetry);
}

std::string DhcpClient::Impl::answer(const std::string& message) {
  const auto call = decodeHookCall(message);
  if (!call) return encode(HookAnswer{false, call.error().text()});
  const auto event = readClientEvent(*call);
  if (!event) return encode(HookAnswer{false, event.error().text()});
  if (udhcpc) {
    arrived.push_back(*event);
    arrived_timer.set(loop.now());
  }
  return encode(HookAnswer{});
}

void DhcpClient::Impl::takeArrived() {
  while (!arrived.empty()) {
    const auto event = arrived.front();
    arrived.pop_front();
    take(event);
  }
}

void DhcpClient::Impl::take(const ClientEvent& event) {
  // Its first word is always "deconfig", for an interface in an unknown state: ours is not.
  const bool first = std::exchange(fresh, false);
  switch (event.kind) {
    case ClientEvent::Kind::Deconfig:
      if (!first) lose();
      return;
    case ClientEvent::Kind::Bound:
    case ClientEvent::Kind::Renew:
      return takeLease({event.address, event.prefixLength, event.server, event.leaseTime});
    case ClientEvent::Kind::Nak:
      hint.reset();
      retryLater();
      lose();
      return events.nak();
    case ClientEvent::Kind::NoAnswer:
      return events.noAnswer();
    case ClientEvent::Kind::Other:
      return;
  }
}

void DhcpClient::Impl::takeLease(const Bound& lease) {
  if (lease.server != settings.leaderAddress) {
    askLeaderAlone();
    return events.foreignServer(lease.server);
  }
  retry_delay = kFirstRetry;
  hint = lease.address;
  if (bound == lease) return;
  bound = lease;
  events.bound(lease);
}

void DhcpClient::Impl::askLeaderAlone() {
  halt();
  auto request = LeaderRequest::start(
      loop, settings, link_name, hint,
      {[this](const Bound& lease) { takeLease(lease); }, [this] { events.noAnswer(); }});
  if (request) {
    leader_request = std::move(*request);
    return;
  }
  retryLater();
  events.failed(request.error());
}

void DhcpClient::Impl::lose() {
  if (std::exchange(bound, std::nullopt)) events.lost();
}

DhcpClient::DhcpClient(os::EventLoop& loop, ClientSettings settings, Events events)
    : impl_(std::make_unique<Impl>(loop, std::move(settings), std::move(events))) {}

DhcpClient::~DhcpClient() {
  stop();
}

Result<void> DhcpClient::start(const std::string& linkName, std::optional<Ipv4> last) {
  stop();
  if (const auto listening = impl_->listen(); !listening) return listening;
  impl_->link_name = linkName;
  impl_->hint = last;
  impl_->retry_delay = kFirstRetry;
  impl_->launch();
  return {};
}

void DhcpClient::stop() {
  impl_->halt();
  impl_->link_name.clear();
  impl_->bound.reset();
}

bool DhcpClient::running() const {
  return !impl_->link_name.empty();
}

}  // namespace cluster_lab::dhcp
