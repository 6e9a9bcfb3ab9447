#include "cli/health.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/wording.hpp"

namespace cluster_lab::cli {
namespace {

/// A yes-or-no check; the remedy is kept only for a no.
Check check(std::string name, bool passed, std::string found, std::string remedy) {
  return {std::move(name), passed ? Outcome::Pass : Outcome::Fail, std::move(found),
          passed ? "" : std::move(remedy)};
}

/// The same where the cluster works without.
Check wish(std::string name, bool passed, std::string found, std::string remedy) {
  auto result = check(std::move(name), passed, std::move(found), std::move(remedy));
  if (!passed) result.outcome = Outcome::Warn;
  return result;
}

Check skip(std::string name, std::string found) {
  return {std::move(name), Outcome::Skip, std::move(found), ""};
}

Check serviceCheck(const Facts& facts) {
  const std::string name = "the service cluster-start is active";
  if (!facts.unit.hasSystemd) return skip(name, "this machine runs without systemd");
  return check(name, facts.unit.state == "active", facts.unit.state,
               "sudo cluster-lab start; why it ended: cluster-lab doctor");
}

Check configurationCheck(const Facts& facts) {
  const bool fine = facts.configurationError.empty();
  return check("the configuration can be read", fine, fine ? "no error" : facts.configurationError,
               "correct the line; cluster-labd --check-config checks it");
}

Check routeCheck(const Facts& facts) {
  return wish("this node has a way to the internet", facts.defaultRoute,
              facts.defaultRoute ? "a default route" : "no default route",
              "connect the switch to a router with DHCP; the cluster itself works without");
}

std::string addressesOf(const Interface& interface) {
  std::vector<std::string> texts;
  std::ranges::transform(interface.addresses, std::back_inserter(texts), &Ipv4::toString);
  return texts.empty() ? "no IPv4 address" : listText(texts);
}

std::vector<Check> parentChecks(const Facts& facts) {
  const auto& name = facts.wanted.parent;
  if (!facts.parent) {
    return {check("the interface " + name + " is there", false, "no such interface",
                  "plug in the network adapter, or set link.parent to the interface's name")};
  }
  const auto& parent = *facts.parent;
  const auto carrier = parent.carrier ? "link is up" : "no carrier";
  return {check("the interface " + name + " is there", true, addressesOf(parent), ""),
          check("a cable is plugged into " + name, parent.carrier, carrier,
                "plug in the cable, and switch the switch on"),
          wish(name + " has an address on the LAN", !parent.addresses.empty(), addressesOf(parent),
               "give the LAN a DHCP server, or " + name +
                   " a fixed address; the cluster works "
                   "without, but its page cannot be opened from the LAN")};
}

std::string kindAndId(const Interface& link) {
  auto text = link.kind.empty() ? "hardware" : link.kind;
  if (link.id) text += " " + std::to_string(*link.id);
  return text;
}

bool linkIsAsWanted(const Interface& link, const Wanted& wanted) {
  if (wanted.kind == LinkKind::None) return true;
  return link.kind == (wanted.kind == LinkKind::Vlan ? "vlan" : "vxlan") && link.id == wanted.id;
}

std::vector<Check> linkChecks(const Facts& facts) {
  const auto& wanted = facts.wanted;
  const auto exists = "the cluster link " + wanted.link + " is there with the right id";
  if (!facts.link) {
    return {check(exists, false, "no such interface", "sudo cluster-lab start")};
  }
  const auto& link = *facts.link;
  const auto own = std::ranges::find_if(link.addresses, [&wanted](Ipv4 address) {
    return wanted.subnet.contains(address) && address != wanted.leaderAddress;
  });
  return {check(exists, linkIsAsWanted(link, wanted), kindAndId(link),
                "remove it (sudo ip link delete " + wanted.link +
                    ") and start again, or set link.kind and link.id as it is"),
          check("the cluster link is up", link.up && link.carrier,
                !link.up ? "switched off" : (link.carrier ? "up" : "no carrier"),
                "sudo cluster-lab stop, then sudo cluster-lab start"),
          check("this node has an address in " + wanted.subnet.toString(),
                own != link.addresses.end(), addressesOf(link),
                "see: cluster-lab doctor (no leader that gives addresses was found)")};
}

Check leaderCheck(const Facts& facts) {
  const auto address = facts.wanted.leaderAddress.toString();
  return check("the leader answers at " + address, facts.leaderAnswers,
               facts.leaderAnswers ? "its registry answers" : "no answer",
               "see: cluster-lab doctor (who leads, and what lies between)");
}

Check dhcpCheck(const Facts& facts) {
  const bool leads = facts.status && facts.status->state == "leading";
  if (leads) {
    return check("the DHCP server runs on the leader", facts.dhcpServerRuns,
                 facts.dhcpServerRuns ? "dnsmasq runs" : "no dnsmasq of ours",
                 "cluster-lab dependencies; journalctl -u cluster-start");
  }
  const bool holds = facts.dhcpClientRuns && facts.status && !facts.status->nodeAddress.empty();
  return check("this node holds a lease of the leader's DHCP server", holds,
               holds ? facts.status->nodeAddress : "no lease",
               "see: cluster-lab doctor; journalctl -u cluster-start");
}

bool listsThisNode(const Facts& facts) {
  return facts.status && facts.nodes && std::ranges::any_of(*facts.nodes, [&](const auto& node) {
           return node.address == facts.status->nodeAddress && !node.address.empty();
         });
}

std::string sickText(const std::vector<NodeView>& nodes) {
  std::vector<std::string> names;
  for (const auto& node : nodes) {
    if (node.health != "passing") names.push_back(node.name + " is " + node.health);
  }
  return names.empty() ? countText(nodes.size(), "node") + " passing" : listText(names);
}

std::vector<Check> registryChecks(const Facts& facts) {
  const auto answers = "the registry answers at " + facts.asked;
  if (!facts.status || !facts.nodes) {
    const auto found = facts.statusError ? facts.statusError->message : "no list of nodes";
    return {check(answers, false, found, "sudo cluster-lab start; why not: cluster-lab doctor")};
  }
  const bool listed = listsThisNode(facts);
  return {check(answers, true, "status " + facts.status->state, ""),
          check("the registry lists this node", listed,
                listed ? facts.status->name : "no node with this node's address",
                "wait some seconds; if it stays: journalctl -u cluster-start"),
          check("all nodes are healthy", allPassing(*facts.nodes) && !facts.nodes->empty(),
                sickText(*facts.nodes),
                "look at the power and the cable of that node; on it: cluster-lab doctor")};
}

Check engineCheck(const Facts& facts) {
  const std::string name = "the Docker Engine runs";
  switch (facts.engine) {
    case EngineState::NotInstalled:
      return skip(name, "no Docker Engine is installed on this node");
    case EngineState::Stopped:
      return check(name, false, "installed, but does not answer", "sudo systemctl start docker");
    case EngineState::NoPermission:
      return skip(name, "this user may not ask it: run as root");
    case EngineState::Running:
      return check(name, true, "it answers", "");
  }
  return skip(name, "");
}

Check schedulerCheck(const Facts& facts) {
  const auto place =
      facts.wanted.leaderAddress.toString() + ":" + std::to_string(facts.wanted.schedulerPort);
  return check("the scheduler endpoint answers at " + place, facts.schedulerAnswers,
               facts.schedulerAnswers ? "it answers" : "no answer",
               "see: cluster-lab doctor (the leader serves it)");
}

void append(std::vector<Check>& to, std::vector<Check> more) {
  std::ranges::move(more, std::back_inserter(to));
}

struct Wording {
  const char* text;
  const char* json;
  Tone tone;
};

Wording wordingOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::Pass:
      return {"PASS", "pass", Tone::Good};
    case Outcome::Warn:
      return {"WARN", "warn", Tone::Warning};
    case Outcome::Fail:
      return {"FAIL", "fail", Tone::Bad};
    case Outcome::Skip:
      return {"SKIP", "skip", Tone::Quiet};
  }
  return {};
}

}  // namespace

std::vector<Check> checkHealth(const Facts& facts) {
  std::vector<Check> checks = {configurationCheck(facts), serviceCheck(facts), routeCheck(facts)};
  append(checks, parentChecks(facts));
  append(checks, linkChecks(facts));
  checks.push_back(leaderCheck(facts));
  checks.push_back(dhcpCheck(facts));
  append(checks, registryChecks(facts));
  checks.push_back(engineCheck(facts));
  checks.push_back(schedulerCheck(facts));
  return checks;
}

bool anyFailed(const std::vector<Check>& checks) {
  return std::ranges::any_of(checks, [](const Check& one) { return one.outcome == Outcome::Fail; });
}

std::string renderHealth(const std::vector<Check>& checks, const Style& style) {
  std::string text;
  for (const auto& one : checks) {
    const auto wording = wordingOf(one.outcome);
    text += style.paint(wording.tone, wording.text) + "  " + one.name + ": " + one.found + "\n";
    if (!one.remedy.empty()) text += "      What to do: " + one.remedy + "\n";
  }
  return text;
}

std::string healthJson(const std::vector<Check>& checks) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& one : checks) {
    list.push_back({{"check", one.name},
                    {"result", wordingOf(one.outcome).json},
                    {"found", one.found},
                    {"remedy", one.remedy}});
  }
  return list.dump(2) + "\n";
}

}  // namespace cluster_lab::cli
