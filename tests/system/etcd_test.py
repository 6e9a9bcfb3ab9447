"""The registry in etcd: a majority's word for every write."""
from cases import case, check, equal, eventually
from etcd_members import await_voters, etcd_lab, put, voters
from virtual_lab import need


def value(lab, node, key):
    return lab.exec(node, f"curl -s -m 5 'http://127.0.0.1:8500/v1/kv/{key}?raw'", may_fail=True)


@case("etcd: a cluster founds it, three nodes become members, and the leader's death loses nothing")
def _():
    need("etcd")
    with etcd_lab(3) as lab:
        await_voters(lab, 3)
        old = lab.leader()
        equal(put(lab, old, "a", "1"), "200", "write")
        lab.run("kill", old)
        new = lab.new_leader(old)
        eventually("the new leader writes", lambda: put(lab, new, "b", "2") == "200", 15)
        equal(value(lab, new, "a"), "1", "what the old leader acknowledged")


@case("etcd: a node without a majority does not lead, and says why")
def _():
    need("etcd")
    with etcd_lab(3) as lab:
        await_voters(lab, 3)
        leader = lab.leader()
        for node in lab.followers():
            lab.run("kill", node)
        eventually("the last node gives up", lambda: "cannot_lead" in lab.problems(leader), 15)
        check("no majority of etcd" in lab.problems(leader)["cannot_lead"], "it says why")
        check(put(lab, leader, "a", "1") != "200", "nothing is acknowledged")


@case("etcd: a leader that stops properly hands the key over, and a stopped follower's seat goes on")
def _():
    need("etcd")
    with etcd_lab(3) as lab:
        await_voters(lab, 3)
        old = lab.leader()
        equal(put(lab, old, "a", "1"), "200", "write")
        lab.stop_daemon(old)
        new = lab.new_leader(old)
        eventually("the successor writes", lambda: put(lab, new, "b", "2") == "200", 5)
        lab.run("start", old)
        lab.formed()
        equal(value(lab, old, "b"), "2", "what the node missed")
        equal(put(lab, old, "c", "3"), "200", "a write through it")


@case("etcd: after a power cut of all nodes the cluster comes back with what it had")
def _():
    need("etcd")
    with etcd_lab(3) as lab:
        await_voters(lab, 3)
        equal(put(lab, lab.leader(), "a", "1"), "200", "write")
        names = lab.names()
        for node in names:
            lab.run("kill", node)
        for node in names:
            lab.run("start", node)
        lab.formed()
        leader = lab.leader()
        eventually("it writes again", lambda: put(lab, leader, "b", "2") == "200", 20)
        equal(value(lab, leader, "a"), "1", "what was acknowledged before")
        equal(len(voters(lab, leader)), 3, "members of etcd")
