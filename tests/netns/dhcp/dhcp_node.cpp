#include "dhcp_node.hpp"

#include <unistd.h>

#include <array>
#include <functional>
#include <sstream>

#include "base/text.hpp"
#include "dhcp/dhcp_client.hpp"
#include "dhcp/dhcp_server.hpp"
#include "os/event_loop.hpp"

namespace cluster_lab::test {
namespace {

class Teller {
 public:
  explicit Teller(int events) : events_(events) {}
  void operator()(const std::string& text) const {
    const auto line = text + '\n';
    if (write(events_, line.data(), line.size()) < 0) _exit(72);
  }

 private:
  int events_;
};

/// Runs the loop and hands each line of `orders` to `obey`, until the test hangs up.
int obeyOrders(os::EventLoop& loop, int orders,
               const std::function<void(const std::string&)>& obey) {
  std::string partial;
  auto watch = loop.watchReadable(orders, [&] {
    std::array<char, 4096> buffer{};
    const auto count = read(orders, buffer.data(), buffer.size());
    if (count <= 0) return loop.quit(0);
    partial.append(buffer.data(), static_cast<std::size_t>(count));
    for (auto end = partial.find('\n'); end != std::string::npos; end = partial.find('\n')) {
      obey(partial.substr(0, end));
      partial.erase(0, end + 1);
    }
  });
  return watch ? loop.run().value_or(73) : 74;
}

std::vector<dhcp::Lease> readLeases(std::istream& words) {
  std::vector<dhcp::Lease> leases;
  for (std::string word; words >> word;) {
    const auto parts = split(word, '=');
    leases.push_back({MacAddress::parse(parts[0]).value(), Ipv4::parse(parts[1]).value(), ""});
  }
  return leases;
}

void obeyServerOrder(dhcp::DhcpServer& server, const Teller& tell, const std::string& line) {
  std::istringstream words(line);
  std::string verb;
  words >> verb;
  if (verb == "start") {
    const auto started = server.start(readLeases(words));
    if (!started) tell("failed " + started.error().text());
  } else if (verb == "stop") {
    server.stop();
  } else if (verb == "leases") {
    tell("leases " + std::to_string(server.leases().size()));
  } else {
    std::string mac;
    words >> mac;
    const auto card = MacAddress::parse(mac).value();
    if (verb == "release") server.release(card);
    if (verb == "own") {
      const auto address = server.own(card, std::nullopt, "leader");
      tell(address ? "own " + address->toString() : "failed " + address.error().text());
    }
  }
  tell("done");
}

}  // namespace

int serverNode(const std::string& range, bool nodesOnly, const std::filesystem::path& folder,
               int orders, int events) {
  const auto loop = os::EventLoop::create();
  if (!loop) return 75;
  const Teller tell(events);
  dhcp::ServerSettings settings;
  settings.subnet = Ipv4Network::parse("192.168.200.0/24").value();
  settings.leaderAddress = Ipv4::parse("192.168.200.1").value();
  settings.range = Ipv4Range::parse(range).value();
  settings.nodesOnly = nodesOnly;
  settings.hook = LEASE_HOOK;
  dhcp::DhcpServer server(
      **loop, settings, folder,
      {[&](const dhcp::Lease& lease) {
         tell("lease " + lease.mac.toString() + ' ' + lease.address.toString() + ' ' +
              lease.hostName);
       },
       [&](MacAddress mac) { tell("released " + mac.toString()); }, [&] { tell("exhausted"); },
       [&] { tell("other server"); }, [&](const Error& error) { tell("failed " + error.text()); }});
  return obeyOrders(**loop, orders,
                    [&](const std::string& line) { obeyServerOrder(server, tell, line); });
}

int clientNode(const std::filesystem::path& folder, int orders, int events) {
  const auto loop = os::EventLoop::create();
  if (!loop) return 75;
  const Teller tell(events);
  const auto leader = Ipv4::parse("192.168.200.1").value();
  dhcp::DhcpClient client(**loop, {leader, "pi-" + folder.filename().string(), LEASE_HOOK, folder},
                          {[&](const dhcp::Bound& bound) {
                             tell("bound " + bound.address.toString() + '/' +
                                  std::to_string(bound.prefixLength) + ' ' +
                                  bound.server.toString());
                           },
                           [&] { tell("lost"); }, [&] { tell("no answer"); }, [&] { tell("nak"); },
                           [&](Ipv4 server) { tell("foreign " + server.toString()); },
                           [&](const Error& error) { tell("failed " + error.text()); }});
  return obeyOrders(**loop, orders, [&](const std::string& line) {
    const auto words = split(line, ' ');
    if (words[0] == "stop") client.stop();
    if (words[0] == "start") {
      const auto last =
          words.size() > 1 ? std::optional(Ipv4::parse(words[1]).value()) : std::nullopt;
      const auto started = client.start("eth0", last);
      if (!started) tell("failed " + started.error().text());
    }
    tell("done");
  });
}

}  // namespace cluster_lab::test
