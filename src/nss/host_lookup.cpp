#include "nss/host_lookup.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "os/udp_socket.hpp"
#include "wire/dns_message.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::nss {
namespace {

using wire::DnsMessage;
using wire::DnsRcode;
using wire::DnsType;

constexpr Ipv4 kLoopback{0x7F000001};
constexpr auto kPatience = 1s;
constexpr std::uint16_t kAnswerSize = 4096;

/// The type is the id, too: only one program can answer from that port of the loopback, so there is
/// nothing to guess.
wire::Bytes question(const wire::DnsName& name, DnsType type) {
  DnsMessage query;
  query.id = static_cast<std::uint16_t>(type);
  query.questions = {{name, type}};
  query.edns = wire::DnsEdns{.udpSize = kAnswerSize};
  return encode(query);
}

void take(const DnsMessage& answer, Host& host) {
  if (answer.rcode == DnsRcode::NoError) host.outcome = Host::Outcome::NoAddress;
  if (answer.rcode != DnsRcode::NoError && answer.rcode != DnsRcode::NxDomain) {
    host.outcome = Host::Outcome::NobodyAnswers;
  }
  for (const auto& record : answer.answers) {
    if (const auto* ipv4 = std::get_if<Ipv4>(&record.data)) host.ipv4.push_back(*ipv4);
    if (const auto* ipv6 = std::get_if<Ipv6>(&record.data)) host.ipv6.push_back(*ipv6);
  }
}

/// The next answer; nullopt: none until then, or the server is off.
std::optional<DnsMessage> receive(const os::UdpSocket& socket,
                                  std::chrono::steady_clock::time_point until) {
  std::array<std::uint8_t, kAnswerSize> buffer;
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd ready{socket.fd(), POLLIN, 0};
    if (left <= 0ms || poll(&ready, 1, static_cast<int>(left.count())) == 0) return std::nullopt;
    os::UdpSocket::Peer from;
    const auto bytes = socket.receive(buffer, from);
    if (!bytes) return std::nullopt;
    auto message = *bytes ? wire::decodeDns(**bytes) : Result<DnsMessage>(DnsMessage{});
    if (message && message->isResponse) return std::move(*message);
  }
}

}  // namespace

Host lookUp(std::string_view text, Wanted wanted, std::uint16_t port) {
  static constexpr auto kNobody = Host::Outcome::NobodyAnswers;
  Host host;
  const auto name = wire::DnsName::parse(text);
  if (!name || !name->isWithin({{"consul"}})) return host;
  const auto socket = os::UdpSocket::connect(kLoopback, port);
  if (!socket) return {.outcome = kNobody, .ipv4 = {}, .ipv6 = {}};
  std::vector<DnsType> open;
  if (wanted.ipv4) open.push_back(DnsType::A);
  if (wanted.ipv6) open.push_back(DnsType::Aaaa);
  for (const auto type : open) {
    if (!socket->send(question(*name, type))) return {.outcome = kNobody, .ipv4 = {}, .ipv6 = {}};
  }
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!open.empty()) {
    const auto answer = receive(*socket, until);
    if (!answer) return {.outcome = kNobody, .ipv4 = {}, .ipv6 = {}};
    if (std::erase(open, static_cast<DnsType>(answer->id)) > 0) take(*answer, host);
  }
  if (!host.ipv4.empty() || !host.ipv6.empty()) host.outcome = Host::Outcome::Found;
  return host;
}

}  // namespace cluster_lab::nss
