#include "cli/status_text.hpp"

#include <doctest/doctest.h>

#include "example_facts.hpp"

namespace cluster_lab::cli {

TEST_CASE("status text: a follower that is well fits on one screen") {
  CHECK(renderStatus(exampleStatus(), exampleNodes(), Style(false)) ==
        "3 nodes, pi-1 leads, all healthy\n"
        "\n"
        "  Node       pi-2, follower for 2 min\n"
        "  State      following: pi-1 leads\n"
        "  Cluster    cluster-lab, term 3\n"
        "  Leader     pi-1 at 192.168.200.1 (its own address: 192.168.200.101)\n"
        "  Link       eth0.200: vlan 200 on eth0, up\n"
        "  Addresses  192.168.200.102 on the cluster link, 10.0.0.12 on the LAN\n"
        "  Page       http://10.0.0.12:8500/ui/\n"
        "  Docker     docker -H tcp://192.168.200.1:2378 info\n"
        "\n"
        "Neighbours\n"
        "  NAME  ROLE    CLUSTER      LINK      HEARD ON      AGO\n"
        "  pi-1  leader  cluster-lab  vlan 200  cluster link  0 s\n");
  CHECK(isWell(exampleStatus(), exampleNodes()));
}

TEST_CASE("status text: a node without leader shows its problems with what to do") {
  auto status = exampleStatus();
  status.state = "probing";
  status.role = "searching";
  status.reason = "nobody answers";
  status.leader.reset();
  status.nodeAddress = "";
  status.lanAddresses.clear();
  status.neighbours.clear();
  status.problems = {{"vlan_dropped", "the switch drops VLAN tags", "set link.kind=vxlan"}};
  CHECK(renderStatus(status, {}, Style(false)) ==
        "No leader: probing whether there is one\n"
        "\n"
        "  Node       pi-2, searching for 2 min\n"
        "  State      probing: nobody answers\n"
        "  Cluster    cluster-lab, term 3\n"
        "  Leader     none\n"
        "  Link       eth0.200: vlan 200 on eth0, up\n"
        "  Addresses  none on the cluster link\n"
        "  Page       http://127.0.0.1:8500/ui/\n"
        "\n"
        "Problems\n"
        "  the switch drops VLAN tags\n"
        "    What to do: set link.kind=vxlan\n");
  CHECK_FALSE(isWell(status, {}));
}

TEST_CASE("status text: a registry that a majority keeps has a line with its members") {
  auto status = exampleStatus();
  status.registryKind = "etcd";
  status.registryMembers = {"pi-1", "pi-2", "pi-3"};
  CHECK(renderStatus(status, exampleNodes(), Style(false))
            .find("\n  Registry   in etcd on pi-1, pi-2, pi-3\n") != std::string::npos);
}

TEST_CASE("status text: a board has lines for what it tells") {
  auto status = exampleStatus();
  status.board = BoardView{.model = "Raspberry Pi 4, serial 10a",
                           .health = "48.3 °C, not throttled",
                           .memory = "",
                           .card = "SC32G, no errors"};
  const auto text = renderStatus(status, exampleNodes(), Style(false));
  CHECK(text.find("  Board      Raspberry Pi 4, serial 10a\n"
                  "  Health     48.3 °C, not throttled\n"
                  "  Card       SC32G, no errors\n") != std::string::npos);
}

TEST_CASE("status text: nodes that are boards have a column for the model, and labels without it") {
  auto nodes = exampleNodes();
  nodes.resize(2);
  nodes[1].labels["pi-model"] = "Raspberry Pi 4";
  nodes[1].labels["pi-serial"] = "10a";
  CHECK(
      renderNodes(nodes, Style(false)) ==
      "NAME  ROLE      HEALTH   ADDRESS          AGE        MODEL           LABELS                 "
      "NOTE\n"
      "pi-1  leader    passing  192.168.200.101  1 h 6 min\n"
      "pi-2  follower  passing  192.168.200.102  2 min      Raspberry Pi 4  rack=window, "
      "size=big\n");
}

TEST_CASE("status text: the sentence tells since when a leader leads and who is not healthy") {
  auto status = exampleStatus();
  status.state = "leading";
  auto nodes = exampleNodes();
  CHECK(stateSentence(status, nodes) == "3 nodes, pi-1 leads for 2 min, all healthy");
  nodes[2].health = "critical";
  CHECK(stateSentence(status, nodes) == "3 nodes, pi-1 leads for 2 min, pi-10 is not healthy");
  nodes[1].health = "warning";
  CHECK(stateSentence(status, nodes) ==
        "3 nodes, pi-1 leads for 2 min, pi-2 and pi-10 are not healthy");
  CHECK_FALSE(isWell(status, nodes));
  status.problems.resize(2);
  CHECK(stateSentence(status, exampleNodes()) == "3 nodes, pi-1 leads for 2 min, 2 problems here");
}

TEST_CASE("status text: nodes are an aligned table") {
  auto nodes = exampleNodes();
  nodes[2].health = "critical";
  nodes[2].healthNote = "silent for 2 s";
  CHECK(renderNodes(nodes, Style(false)) ==
        "NAME   ROLE      HEALTH    ADDRESS          AGE        LABELS                 NOTE\n"
        "pi-1   leader    passing   192.168.200.101  1 h 6 min\n"
        "pi-2   follower  passing   192.168.200.102  2 min      rack=window, size=big\n"
        "pi-10  follower  critical  192.168.200.103  1 min                             silent for "
        "2 s\n");
  CHECK(renderNodes({}, Style(false)) == "No node is registered yet.\n");
}

}  // namespace cluster_lab::cli
