#include "dhcp/dhcp_server.hpp"

#include <unistd.h>

#include "dhcp/hook_call.hpp"
#include "dhcp/lease_table.hpp"
#include "os/child_process.hpp"
#include "os/event_loop.hpp"
#include "os/file.hpp"
#include "os/log.hpp"
#include "os/unix_socket.hpp"

namespace cluster_lab::dhcp {
namespace {

constexpr std::chrono::milliseconds kStopGrace{500};
constexpr std::chrono::seconds kTellInterval{1};

}  // namespace

struct DhcpServer::Impl {
  Impl(os::EventLoop& loop_of_all, ServerSettings wanted, std::filesystem::path directory,
       Events told)
      : loop(loop_of_all),
        settings(std::move(wanted)),
        run_directory(std::move(directory)),
        events(std::move(told)),
        table(settings.range),
        restart_timer(loop, [this] { restart(); }) {}

  [[nodiscard]] Result<void> prepare();
  void launch();
  void halt();
  void restart();
  void restartSoon();
  [[nodiscard]] std::string answer(const std::string& message);
  void take(const ServerEvent& event);
  void readLine(std::string_view line);
  void tellRarely(const std::function<void()>& event, std::optional<TimePoint>& told);
  void died(const Error& error);

  os::EventLoop& loop;
  ServerSettings settings;
  std::filesystem::path run_directory;
  Events events;
  LeaseTable table;
  os::Timer restart_timer;
  std::unique_ptr<os::UnixServer> hook_server;
  std::unique_ptr<os::Supervisor> dnsmasq;
  bool leases_read = false;  ///< by this dnsmasq
  std::string last_words;    ///< dnsmasq's last error line since it was started
  std::optional<TimePoint> told_exhausted;
  std::optional<TimePoint> told_other_server;
};

Result<void> DhcpServer::Impl::prepare() {
  const auto text = renderDnsmasqConfig(settings, geteuid() == 0);
  const auto written = os::writeFile(run_directory / "dnsmasq.conf", text);
  if (!written) return fail(written.error().during("write dnsmasq's configuration"));
  if (hook_server) return {};
  auto server =
      os::UnixServer::listen(loop, run_directory / "dhcp-server.sock",
                             [this](const std::string& message) { return answer(message); });
  if (!server) return fail(server.error().during("listen for dnsmasq's lease events"));
  hook_server = std::move(*server);
  return {};
}

void DhcpServer::Impl::launch() {
  const auto variable =
      std::string(kSocketVariable) + '=' + (run_directory / "dhcp-server.sock").string();
  const os::Command command{{"dnsmasq", "--conf-file=" + (run_directory / "dnsmasq.conf").string()},
                            {variable}};
  dnsmasq = std::make_unique<os::Supervisor>(
      loop, command,
      os::Supervisor::Events{[this](std::string_view line) { readLine(line); },
                             [this](const Error& error) { died(error); }});
  last_words.clear();
  leases_read = false;
  dnsmasq->start();
}

void DhcpServer::Impl::halt() {
  restart_timer.clear();
  if (dnsmasq) dnsmasq->stop(kStopGrace);
  dnsmasq.reset();
}

/// dnsmasq reads leases only when it starts.
void DhcpServer::Impl::restart() {
  if (!dnsmasq) return;
  halt();
  launch();
}

/// Not at once: its script may be waiting for our answer. Several changes make one restart, and
/// none is needed before it has read the leases.
void DhcpServer::Impl::restartSoon() {
  if (dnsmasq && leases_read) restart_timer.set(loop.now());
}

std::string DhcpServer::Impl::answer(const std::string& message) {
  const auto call = decodeHookCall(message);
  if (!call) return encode(HookAnswer{false, call.error().text()});
  const auto event = readServerEvent(*call);
  if (!event) return encode(HookAnswer{false, event.error().text()});
  if (event->kind == ServerEvent::Kind::Init) {
    leases_read = true;
    return encode(HookAnswer{true, renderLeaseFile(table)});
  }
  take(*event);
  return encode(HookAnswer{});
}

void DhcpServer::Impl::take(const ServerEvent& event) {
  const auto& lease = event.lease;
  switch (event.kind) {
    case ServerEvent::Kind::Given:
      if (table.set(lease)) events.leaseChanged(*table.of(lease.mac));
      return;
    case ServerEvent::Kind::Freed: {
      const auto known = table.of(lease.mac);
      if (!known || known->address != lease.address) return;
      table.remove(lease.mac);
      events.leaseReleased(lease.mac);
      return;
    }
    case ServerEvent::Kind::Expired:
      // The lease stands here: only dnsmasq has forgotten it and would give the address to another.
      if (table.of(lease.mac)) restartSoon();
      return;
    case ServerEvent::Kind::Init:
    case ServerEvent::Kind::Other:
      return;
  }
}

void DhcpServer::Impl::readLine(std::string_view line) {
  os::log::debug(line);
  constexpr std::string_view kComplaint = "dnsmasq: ";
  if (line.starts_with(kComplaint)) last_words = line.substr(kComplaint.size());
  switch (readDnsmasqLog(line)) {
    case LogMeaning::PoolExhausted:
      return tellRarely(events.exhausted, told_exhausted);
    case LogMeaning::OtherServer:
      return tellRarely(events.otherServer, told_other_server);
    case LogMeaning::Nothing:
      return;
  }
}

void DhcpServer::Impl::tellRarely(const std::function<void()>& event,
                                  std::optional<TimePoint>& told) {
  const auto now = loop.now();
  if (told && now - *told < kTellInterval) return;
  told = now;
  event();
}

void DhcpServer::Impl::died(const Error& error) {
  events.failed(explainDnsmasqFailure(error, last_words));
  const bool canDoWithoutNames = settings.servesNames && isDnsPortTaken(last_words);
  last_words.clear();
  if (!canDoWithoutNames) return;
  settings.servesNames = false;
  // It is started again in a moment, and reads this.
  if (const auto prepared = prepare(); !prepared) events.failed(prepared.error());
}

DhcpServer::DhcpServer(os::EventLoop& loop, ServerSettings settings,
                       std::filesystem::path runDirectory, Events events)
    : impl_(std::make_unique<Impl>(loop, std::move(settings), std::move(runDirectory),
                                   std::move(events))) {}

DhcpServer::~DhcpServer() {
  stop();
}

Result<void> DhcpServer::start(const std::vector<Lease>& leases) {
  impl_->halt();
  impl_->table = LeaseTable(impl_->settings.range);
  for (const auto& lease : leases) impl_->table.set(lease);
  impl_->settings.servesNames = true;
  if (const auto prepared = impl_->prepare(); !prepared) return prepared;
  impl_->launch();
  return {};
}

void DhcpServer::stop() {
  impl_->halt();
}

bool DhcpServer::running() const {
  return impl_->dnsmasq != nullptr;
}

Result<Ipv4> DhcpServer::own(MacAddress mac, std::optional<Ipv4> wanted,
                             const std::string& hostName) {
  if (const auto known = impl_->table.of(mac)) return known->address;
  const auto address = impl_->table.allocate(mac, wanted, hostName);
  if (address) impl_->restartSoon();
  return address;
}

void DhcpServer::release(MacAddress mac) {
  if (!impl_->table.remove(mac)) return;
  impl_->restartSoon();
  impl_->events.leaseReleased(mac);
}

std::vector<Lease> DhcpServer::leases() const {
  return impl_->table.all();
}

}  // namespace cluster_lab::dhcp
