#include "dhcp/hook_call.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cluster_lab::dhcp {
namespace {

constexpr std::string_view kArgument = "argument ";
constexpr std::string_view kVariable = "variable ";
constexpr std::string_view kOk = "ok\n";
constexpr std::string_view kFailed = "failed\n";

std::string line(std::string_view word, std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return std::string(word) + text + '\n';
}

std::string variable(const HookCall& call, const std::string& name) {
  const auto found = call.environment.find(name);
  return found == call.environment.end() ? std::string() : found->second;
}

Result<std::int64_t> seconds(const std::string& text) {
  return parseInteger(text, 0, INT64_MAX);
}

/// The lease ended by the clock: dnsmasq deletes a lease at once when its end has passed, and early
/// only when its client wants so. A build with HAVE_BROKEN_RTC tells no end; nothing is taken away
/// then.
bool endedByClock(const HookCall& call) {
  const auto end = seconds(variable(call, "DNSMASQ_LEASE_EXPIRES"));
  const auto now = seconds(variable(call, kNowVariable));
  if (!end || !now) return true;
  constexpr std::int64_t kNever = 0;
  return *end != kNever && *end <= *now;
}

Result<Lease> readLease(const HookCall& call) {
  if (call.arguments.size() < 3) {
    return fail(ErrorCode::InvalidArgument, "dnsmasq's script call has no MAC and address");
  }
  const auto mac = MacAddress::parse(call.arguments[1]);
  if (!mac) return fail(mac.error());
  const auto address = Ipv4::parse(call.arguments[2]);
  if (!address) return fail(address.error());
  std::string name = variable(call, "DNSMASQ_SUPPLIED_HOSTNAME");
  if (name.empty() && call.arguments.size() > 3) name = call.arguments[3];
  if (!isHostLabel(name)) name.clear();
  return Lease{*mac, *address, name};
}

}  // namespace

std::string encode(const HookCall& call) {
  std::string message;
  for (const auto& argument : call.arguments) message += line(kArgument, argument);
  for (const auto& [name, value] : call.environment) {
    message += line(kVariable, std::string(name).append("=").append(value));
  }
  return message;
}

Result<HookCall> decodeHookCall(std::string_view message) {
  HookCall call;
  for (const auto text : split(message, '\n')) {
    if (text.empty()) continue;
    if (text.starts_with(kArgument)) {
      call.arguments.emplace_back(text.substr(kArgument.size()));
      continue;
    }
    const auto equals = text.find('=');
    if (!text.starts_with(kVariable) || equals == std::string_view::npos) {
      return fail(
          ErrorCode::InvalidArgument,
          "expected 'argument TEXT' or 'variable NAME=TEXT', found '" + std::string(text) + "'");
    }
    const auto name = text.substr(kVariable.size(), equals - kVariable.size());
    call.environment.emplace(name, text.substr(equals + 1));
  }
  return call;
}

std::string encode(const HookAnswer& answer) {
  return std::string(answer.ok ? kOk : kFailed) + answer.text;
}

Result<HookAnswer> decodeHookAnswer(std::string_view message) {
  for (const auto word : {kOk, kFailed}) {
    if (message.starts_with(word)) {
      return HookAnswer{word == kOk, std::string(message.substr(word.size()))};
    }
  }
  return fail(ErrorCode::InvalidArgument, "the daemon's answer is neither 'ok' nor 'failed'");
}

Result<ServerEvent> readServerEvent(const HookCall& call) {
  using Kind = ServerEvent::Kind;
  const std::string action = call.arguments.empty() ? "" : call.arguments.front();
  if (action == "init") return ServerEvent{Kind::Init, {}};
  if (action != "add" && action != "old" && action != "del") return ServerEvent{};
  const auto lease = readLease(call);
  if (!lease) return fail(lease.error().during("read dnsmasq's '" + action + "'"));
  if (action != "del") return ServerEvent{Kind::Given, *lease};
  return ServerEvent{endedByClock(call) ? Kind::Expired : Kind::Freed, *lease};
}

Result<ClientEvent> readClientEvent(const HookCall& call) {
  using Kind = ClientEvent::Kind;
  const std::string action = call.arguments.empty() ? "" : call.arguments.front();
  ClientEvent event;
  if (action == "deconfig") event.kind = Kind::Deconfig;
  if (action == "nak") event.kind = Kind::Nak;
  if (action == "leasefail") event.kind = Kind::NoAnswer;
  if (action != "bound" && action != "renew") return event;

  event.kind = action == "bound" ? Kind::Bound : Kind::Renew;
  const auto address = Ipv4::parse(variable(call, "ip"));
  if (!address) return fail(address.error().during("read udhcpc's 'ip'"));
  const auto prefix = parseInteger(variable(call, "mask"), 1, 32);
  if (!prefix) return fail(prefix.error().during("read udhcpc's 'mask'"));
  event.address = *address;
  event.prefixLength = static_cast<int>(*prefix);
  event.server = Ipv4::parse(variable(call, "serverid")).value_or(Ipv4());
  event.leaseTime = std::chrono::seconds(seconds(variable(call, "lease")).value_or(0));
  return event;
}

}  // namespace cluster_lab::dhcp
