"""Nodes that are powered on become one cluster."""
import ipaddress

from cases import case, check, equal, eventually
from virtual_lab import Lab

FIRST, LAST = map(ipaddress.ip_address, ("192.168.200.101", "192.168.200.200"))


def check_one_cluster(lab, count):
    nodes = lab.list()
    names = {node["name"] for node in nodes}
    equal(len(nodes), count, "nodes")
    equal([node["role"] for node in nodes].count("leader"), 1, "leaders")
    equal(lab.holders(), [lab.leader()], "nodes with the leader address")
    addresses = [ipaddress.ip_address(node["node_address"]) for node in nodes]
    check(all(FIRST <= address <= LAST for address in addresses), f"addresses {addresses}")
    equal(len(set(addresses)), count, "different addresses")
    for node in names:
        equal(lab.catalog(node), names, f"nodes that {node} lists")
        equal(lab.get(node, "/v1/status/leader"), lab.get(lab.leader(), "/v1/status/leader"),
              f"leader that {node} names")


@case("forming: three nodes become one cluster, and each one's page lists all")
def _():
    with Lab(3) as lab:
        check_one_cluster(lab, 3)


@case("forming: five nodes powered on at the same moment have one leader")
def _():
    with Lab(5, "--election.probe-wait=0ms") as lab:
        check_one_cluster(lab, 5)


@case("forming: a node alone leads, and one that is added follows it")
def _():
    with Lab(1) as lab:
        check_one_cluster(lab, 1)
        lab.run("add")
        lab.formed()
        check_one_cluster(lab, 2)
        equal(lab.leader(), "pi1", "leader")


@case("forming: addresses stay the same when any node is restarted")
def _():
    with Lab(3) as lab:
        before = lab.node_addresses()
        for node in sorted(before):
            lab.run("kill", node)
            lab.run("start", node)
            lab.formed()
        equal(lab.node_addresses(), before, "addresses")


@case("forming: addresses stay the same when all nodes are restarted at once")
def _():
    with Lab(3) as lab:
        before = lab.node_addresses()
        for node in before:
            lab.run("kill", node)
        lab.run("up", "3")
        equal(lab.node_addresses(), before, "addresses")


@case("forming: a node that is stopped properly leaves the list")
def _():
    with Lab(3) as lab:
        leaving = lab.followers()[0]
        lab.stop_daemon(leaving)
        rest = set(lab.names()) - {leaving}
        for node in rest:
            eventually(f"{node} no longer lists {leaving}", lambda: lab.catalog(node) == rest, 5)
        check("eth0.200" not in lab.exec(leaving, "ip -o link"), "its cluster link is gone")
        lab.run("start", leaving)
        lab.formed()


@case("forming: two clusters with ids of their own share a LAN")
def _():
    with Lab(2) as lab:
        for _ in range(2):
            lab.run("add", "--", "--cluster.id=other")
        lab.formed(["pi1", "pi2"])
        lab.formed(["pi3", "pi4"])
        for node in ("pi1", "pi2"):
            equal(lab.catalog(node), {"pi1", "pi2"}, f"nodes that {node} lists")
        for node in ("pi3", "pi4"):
            equal(lab.catalog(node), {"pi3", "pi4"}, f"nodes that {node} lists")
        equal(len(lab.leaders()), 2, "leaders")
