#include "cli/doctor.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/wording.hpp"

namespace cluster_lab::cli {
namespace {

using Findings = std::vector<Finding>;

void tell(Findings& findings, std::string what, std::string why, std::string remedy,
          Severity severity = Severity::Problem) {
  findings.push_back({severity, std::move(what), std::move(why), std::move(remedy)});
}

/// How a problem that the daemon reports comes about, by its code.
std::string whyOf(const std::string& code) {
  static const std::map<std::string, std::string> kWhy = {
      {"link_missing", "without this interface there is nothing to build the cluster link on"},
      {"link_differs",
       "an interface of that name was there already, made otherwise; it is never changed unasked"},
      {"no_carrier", "no cable is plugged in, or the switch at its other end is off"},
      {"no_permission", "making links and sending ARP needs CAP_NET_ADMIN and CAP_NET_RAW"},
      {"unsupported_link", "the running kernel lacks the module for this kind of link"},
      {"vlan_dropped",
       "the nodes hear each other on the LAN, but frames with a VLAN tag do not arrive: some "
       "managed switches, and all Wi-Fi, drop them"},
      {"stranger",
       "a machine that is no Cluster Lab node holds the leader address; it is never taken away "
       "from it, since both would then fail"},
      {"foreign_cluster",
       "another cluster uses the same cluster link; two clusters on one segment would mix up "
       "their addresses"},
      {"dhcp_no_answer",
       "the leader answers, but gives no address: all of its range are given already, or its DHCP "
       "server does not run"},
      {"dhcp_foreign_server",
       "a second DHCP server answers on the cluster link, often a router on the same VLAN"},
      {"dhcp_exhausted", "every address of the range is given to a node already"},
      {"port_taken", "two programs cannot listen on one port"},
      {"dns_port_taken", "two programs cannot listen on one port"},
      {"tool_missing", "the cluster uses this program and does not bring it along"},
      {"store_corrupt", "the file was damaged, as a pulled plug or a worn SD card does it"},
      {"disk_full", "every change of the registry goes onto the card before it is acknowledged"},
      {"card_read_only", "the kernel turns a card read-only when it fails, or it was mounted so"},
      {"other_cluster", "the card, or its data directory, was in a node of another cluster before"},
      {"lost_writes",
       "this node led, or followed who led, in a split or before a power cut, and another's copy "
       "won when they met"},
      {"cannot_lead",
       "who keeps the registry in etcd needs most of etcd's members, lest two halves of a cluster "
       "write; members lost for good: cluster-lab registry recover"},
      {"etcd_failed", "this node keeps the registry with others, and its etcd server does not run"},
      {"registry_unreachable", "the leader holds its address, but its registry does not answer"},
  };
  const auto found = kWhy.find(code);
  return found == kWhy.end() ? "" : found->second;
}

bool reports(const Facts& facts, std::string_view code) {
  return facts.status && std::ranges::any_of(facts.status->problems, [code](const auto& problem) {
           return problem.code == code;
         });
}

void judgeConfiguration(const Facts& facts, Findings& findings) {
  if (facts.configurationError.empty()) return;
  tell(findings, "The configuration cannot be used: " + facts.configurationError,
       "the daemon does not start with a configuration that it does not understand",
       "correct that line; cluster-labd --check-config checks it");
}

void judgeTools(const Facts& facts, Findings& findings) {
  for (const auto& [dependency, found, version] : facts.dependencies) {
    if (found || dependency.need == Need::Optional) continue;
    if (reports(facts, "tool_missing") && !dependency.isModule) continue;
    if (reports(facts, "unsupported_link") && dependency.isModule) continue;
    const bool linkWorks = facts.link && facts.link->up;
    if (dependency.isModule && linkWorks) continue;  // built in, with no file that says so
    if (dependency.isModule) {
      tell(findings, "This kernel has no module " + dependency.name,
           "the cluster link is of a kind that needs it",
           "boot the distribution's kernel, or set another link.kind on all nodes");
    } else {
      tell(findings, "The program " + dependency.name + " is not installed",
           "it is the " + dependency.purpose, "apt install " + dependency.package);
    }
  }
}

void judgeParent(const Facts& facts, Findings& findings) {
  const auto& name = facts.wanted.parent;
  if (!facts.parent) {
    if (reports(facts, "link_missing")) return;
    tell(findings, "There is no interface " + name, whyOf("link_missing"),
         "plug in the network adapter, or set link.parent to the name of the interface to use");
    return;
  }
  if (!facts.parent->carrier && !reports(facts, "no_carrier")) {
    tell(findings, "The interface " + name + " has no carrier", whyOf("no_carrier"),
         "plug in the cable and switch the switch on");
  }
  if (facts.wanted.kind == LinkKind::Vlan && name.starts_with("wl")) {
    tell(findings, name + " is Wi-Fi, and the cluster link is a VLAN",
         "Wi-Fi does not carry VLAN tags", "set link.kind=vxlan on all nodes");
  }
  if (facts.parentWithoutIpv6) {
    tell(findings, "IPv6 is off on " + name,
         "nodes find each other, and VXLAN finds its way, by IPv6 link-local multicast; no IPv6 "
         "router is needed",
         "sudo sysctl net.ipv6.conf." + name + ".disable_ipv6=0, and keep it so in /etc/sysctl.d");
  }
}

void judgeLan(const Facts& facts, Findings& findings) {
  if (!facts.parent || facts.wanted.kind == LinkKind::None) return;
  for (const auto address : facts.parent->addresses) {
    if (!facts.wanted.subnet.contains(address)) continue;
    tell(findings,
         "The LAN on " + facts.wanted.parent + " uses the cluster's own subnet " +
             facts.wanted.subnet.toString() + " (" + address.toString() + ")",
         "one subnet on two interfaces: answers leave by the wrong one",
         "set network.subnet, network.leader-address and network.range to another subnet on all "
         "nodes");
  }
}

void judgeLink(const Facts& facts, Findings& findings) {
  const auto& wanted = facts.wanted;
  if (!facts.link || wanted.kind == LinkKind::None || reports(facts, "link_differs")) return;
  const auto* kind = wanted.kind == LinkKind::Vlan ? "vlan" : "vxlan";
  if (facts.link->kind == kind && facts.link->id == wanted.id) return;
  tell(findings,
       "The interface " + wanted.link + " is not a " + kind + " with id " +
           std::to_string(wanted.id),
       whyOf("link_differs"),
       "sudo ip link delete " + wanted.link + ", or set link.kind and link.id as it is");
}

/// Nobody, or somebody else, answers for the daemon.
void judgeDaemon(const Facts& facts, Findings& findings) {
  if (facts.status) return;
  const auto message = facts.statusError ? facts.statusError->message : "no answer";
  if (facts.statusError && facts.statusError->code == ErrorCode::Corrupt) {
    tell(findings, "Another program answers at " + facts.asked + ": " + message,
         whyOf("port_taken"), "find it with: sudo ss -ltnp; then stop it, or set registry.port");
    return;
  }
  if (!facts.unit.hasSystemd) {
    tell(findings, "The daemon does not answer at " + facts.asked,
         "it does not run; this machine has no systemd that starts it",
         "run cluster-labd as root and read what it says");
  } else if (facts.unit.state == "failed") {
    tell(findings, "The service cluster-start has failed",
         facts.unit.statusLine.empty() ? "it ended with an error"
                                       : "it said last: " + facts.unit.statusLine,
         "journalctl -u cluster-start -n 30 tells more; then: sudo cluster-lab start");
  } else if (facts.unit.state == "active" || facts.unit.state == "activating") {
    tell(findings, "The service cluster-start runs, but nobody answers at " + facts.asked,
         facts.unit.statusLine.empty() ? "it is still starting, or listens on another port"
                                       : "it says: " + facts.unit.statusLine,
         "wait some seconds; if it stays: journalctl -u cluster-start");
  } else {
    tell(findings, "The cluster is not started on this node",
         "the service cluster-start is " + facts.unit.state, "sudo cluster-lab start");
  }
}

void judgeReported(const Facts& facts, Findings& findings) {
  if (!facts.status) return;
  for (const auto& problem : facts.status->problems) {
    tell(findings, problem.message, whyOf(problem.code), problem.remedy);
  }
}

/// A leader of the cluster that is there now: it shows itself every second, and what a node heard
/// of one that has gone is no proof of two.
bool leadsNow(const StatusView::Neighbour& one, const StatusView& status) {
  return one.role == "leader" && one.clusterId == status.clusterId && one.secondsAgo <= 3;
}

std::string leaderName(const StatusView& status) {
  if (status.state == "leading") return status.name;
  return status.leader ? status.leader->name : "";
}

/// Leaders of our own cluster that are not the one this node knows.
void judgeOtherLeaders(const StatusView& status, Findings& findings) {
  const auto known = leaderName(status);
  if (known.empty()) return;
  for (const auto& one : status.neighbours) {
    if (!leadsNow(one, status) || one.name == known) continue;
    const bool onLink = one.heardOn == "link";
    tell(findings, known + " and " + one.name + " both lead the cluster " + status.clusterId,
         onLink ? "two halves have just met; the one with the lower term gives up by itself"
                : "they hear each other on " + status.link.parent +
                      ", but not on the cluster link, so each half has its own leader",
         onLink ? "wait some seconds"
                : "let the switch pass VLAN tags, or set link.kind=vxlan on all nodes");
  }
}

/// A leader that is heard on the parent while this node cannot join it.
void judgeUnreachedLeader(const Facts& facts, Findings& findings) {
  const auto& status = *facts.status;
  if (status.inCluster() || reports(facts, "vlan_dropped") || status.link.kind == "none") return;
  const auto leads = [&status](const auto& one, std::string_view where) {
    return leadsNow(one, status) && one.heardOn == where;
  };
  const auto onParent = std::ranges::find_if(status.neighbours,
                                             [&](const auto& one) { return leads(one, "parent"); });
  const bool onLink =
      std::ranges::any_of(status.neighbours, [&](const auto& one) { return leads(one, "link"); });
  if (onParent == status.neighbours.end() || onLink) return;
  if (onParent->link != status.link.carrier()) return;  // told by judgeOtherLinks
  tell(findings,
       onParent->name + " leads, and is heard on " + status.link.parent +
           ", but not on the cluster link " + status.link.name,
       whyOf("vlan_dropped"), "let the switch pass VLAN tags, or set link.kind=vxlan on all nodes");
}

void judgeOtherLinks(const Facts& facts, Findings& findings) {
  const auto& status = *facts.status;
  if (reports(facts, "link_differs")) return;
  std::vector<std::string> told;
  for (const auto& one : status.neighbours) {
    if (one.clusterId != status.clusterId || one.link == status.link.carrier()) continue;
    if (std::ranges::find(told, one.name) != told.end()) continue;
    told.push_back(one.name);
    tell(findings, one.name + " uses the link " + one.link + ", this node " + status.link.carrier(),
         "nodes meet only on the same kind of link with the same id",
         "set link.kind and link.id alike on all nodes, and start them again");
  }
}

void judgeForeignClusters(const Facts& facts, Findings& findings) {
  const auto& status = *facts.status;
  std::vector<std::string> told;
  for (const auto& one : status.neighbours) {
    if (one.clusterId == status.clusterId) continue;
    if (std::ranges::find(told, one.clusterId) != told.end()) continue;
    told.push_back(one.clusterId);
    const bool clash = one.heardOn == "link" || one.link == status.link.carrier();
    if (clash && reports(facts, "foreign_cluster")) continue;
    const auto what = "Another cluster, " + one.clusterId + ", is on this network (" + one.name;
    if (clash) {
      tell(findings, what + "), on the same link " + one.link, whyOf("foreign_cluster"),
           "give one of the clusters another link.id on all its nodes");
    } else {
      tell(findings, what + ", link " + one.link + ")", "they are kept apart by their links", "",
           Severity::Notice);
    }
  }
}

void judgeNodes(const Facts& facts, Findings& findings) {
  if (!facts.nodes) return;
  for (const auto& node : *facts.nodes) {
    if (node.health == "passing") continue;
    tell(findings, node.name + " (" + node.address + ") is " + node.health,
         node.healthNote.empty() ? "the leader does not hear it" : node.healthNote,
         "look at its power and its cable; on it: cluster-lab doctor");
  }
}

/// Neither in a cluster nor anything found that explains it.
void judgeWaiting(const Facts& facts, Findings& findings) {
  if (!facts.status || facts.status->inCluster() || anyProblem(findings)) return;
  tell(findings, "This node is in no cluster yet: " + facts.status->state, facts.status->reason,
       "wait some seconds and ask again");
}

}  // namespace

std::vector<Finding> diagnose(const Facts& facts) {
  Findings findings;
  judgeConfiguration(facts, findings);
  judgeTools(facts, findings);
  judgeParent(facts, findings);
  judgeLan(facts, findings);
  judgeLink(facts, findings);
  judgeReported(facts, findings);
  judgeDaemon(facts, findings);
  if (facts.status) {
    judgeOtherLeaders(*facts.status, findings);
    judgeUnreachedLeader(facts, findings);
    judgeOtherLinks(facts, findings);
    judgeForeignClusters(facts, findings);
  }
  judgeNodes(facts, findings);
  judgeWaiting(facts, findings);
  return findings;
}

bool anyProblem(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings,
                             [](const Finding& one) { return one.severity == Severity::Problem; });
}

std::string renderFindings(const std::vector<Finding>& findings, const Style& style) {
  std::string text;
  if (!anyProblem(findings)) text += style.paint(Tone::Good, "Nothing is wrong.") + "\n";
  for (const auto& one : findings) {
    const bool problem = one.severity == Severity::Problem;
    text += style.paint(problem ? Tone::Bad : Tone::Quiet, problem ? "PROBLEM" : "NOTICE ");
    text += "  " + style.paint(Tone::Strong, one.what) + "\n";
    if (!one.why.empty()) text += "         Why: " + one.why + "\n";
    if (!one.remedy.empty()) text += "         What to do: " + one.remedy + "\n";
  }
  return text;
}

std::string findingsJson(const std::vector<Finding>& findings) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& one : findings) {
    list.push_back({{"severity", one.severity == Severity::Problem ? "problem" : "notice"},
                    {"what", one.what},
                    {"why", one.why},
                    {"remedy", one.remedy}});
  }
  const nlohmann::ordered_json json = {{"healthy", !anyProblem(findings)}, {"findings", list}};
  return json.dump(2) + "\n";
}

}  // namespace cluster_lab::cli
