"""What is wrong is said, with what to do."""
from cases import Skip, case, check, equal, eventually
from virtual_lab import LEADER_ADDRESS, Lab


def link_name(lab):
    return {"vlan": "eth0.200", "vxlan": "cluster200", "none": "eth0"}[lab.link()]


def make_link(lab, node):
    """Makes the cluster link by hand on a node whose daemon does not run."""
    kind = {"vlan": "link eth0 name eth0.200 type vlan id 200",
            "vxlan": "name cluster200 type vxlan id 200 dev eth0 group ff12::c1ab:c8 dstport 14789 "
                     "ttl 1"}
    lab.exec(node, f"ip link add {kind[lab.link()]}; ip link set {link_name(lab)} up")


def says(lab, node, code, *words):
    """Waits until the node has the problem, told with these words, and a remedy."""
    text = eventually(f"{node} has the problem {code}", lambda: lab.problems(node).get(code))
    for word in words:
        check(word in text, f"'{word}' in '{text}'")


@case("trouble: a switch that drops VLAN tags is named, and what to do")
def _():
    with Lab(1) as lab:
        if lab.link() != "vlan":
            raise Skip("this kernel has no 802.1Q; the vlan suite runs it")
        lab.filter("ether type 8021q drop")
        lab.run("add", "--no-wait")
        says(lab, "pi2", "vlan_dropped", "pi1", "link.kind=vxlan")
        check(lab.status("pi2")["state"] != "leading", "it founds no cluster of its own")
        lab.heal()
        lab.formed()
        eventually("the problem is gone", lambda: "vlan_dropped" not in lab.problems("pi2"))


@case("trouble: a stranger on the leader address is told apart from a leader")
def _():
    with Lab(1) as lab:
        lab.stop_daemon("pi1")
        make_link(lab, "pi1")
        lab.exec("pi1", f"ip address add {LEADER_ADDRESS}/24 dev {link_name(lab)}")
        lab.run("add", "--no-wait")
        says(lab, "pi2", "stranger", LEADER_ADDRESS)
        check(lab.status("pi2")["state"] not in ("leading", "following"), "it does not lead")
        lab.exec("pi1", f"ip address del {LEADER_ADDRESS}/24 dev {link_name(lab)}")
        eventually("it leads when the stranger is gone",
                   lambda: lab.status("pi2")["state"] == "leading", 30)
        eventually("the problem is gone", lambda: not lab.problems("pi2"))


@case("trouble: a foreign DHCP server on the segment is noticed, and its address not taken")
def _():
    with Lab(2) as lab:
        foreign = lab.followers()[0]
        lab.stop_daemon(foreign)
        make_link(lab, foreign)
        name = link_name(lab)
        lab.exec(foreign, f"ip address add 192.168.200.250/24 dev {name}")
        lab.exec(foreign, "dnsmasq --port=0 --user=root --pid-file=/run/foreign.pid --conf-file=/dev/null "
                 f"--interface={name} --bind-interfaces --dhcp-authoritative --no-ping "
                 "--leasefile-ro --dhcp-range=192.168.200.240,192.168.200.249")
        lab.exec(lab.leader(), "kill -STOP $(pidof dnsmasq)")  # so that the foreign one is faster
        lab.run("add", "--no-wait")
        added = lab.names()[-1]
        says(lab, added, "dhcp_foreign_server", "192.168.200.250")
        equal(lab.status(added)["node_address"], "", "address")
        lab.exec(lab.leader(), "kill -CONT $(pidof dnsmasq)")
        lab.exec(foreign, "kill $(cat /run/foreign.pid)")
        lab.formed([lab.leader(), added])
        check(not lab.status(added)["node_address"].startswith("192.168.200.24"),
              "with an address of the cluster's")


@case("trouble: when there is no address left it is said, and who waits joins when one gets free")
def _():
    range_of_two = "--network.range=192.168.200.101-192.168.200.102"
    with Lab(2, range_of_two) as lab:
        leaving = lab.followers()[0]
        lab.run("add", "--no-wait", "--", range_of_two)
        says(lab, lab.leader(), "dhcp_exhausted", "network.range")
        says(lab, "pi3", "dhcp_no_answer", "its 2 addresses are all given")
        equal(len(lab.leaders()), 1, "leaders")
        lab.stop_daemon(leaving)
        eventually("it joins", lambda: lab.status("pi3")["state"] == "following", 30)


@case("trouble: a configuration that is wrong stops the node with the reason, and up says it")
def _():
    with Lab(1) as lab:
        lab.run("add", "--", "--no-such-key=1", may_fail=True)
        log = lab.run("logs", "pi2")
        check("no-such-key" in log, f"log: {log}")
        equal(lab.list()[-1]["state"], "stopped", "state")
