"""The leader goes, one way or another, and another takes over."""
from cases import always, case, check, equal, eventually
from virtual_lab import Lab


def one_leader_everywhere(lab):
    """Waits until all agree on one leader, who alone has the address."""
    lab.formed()
    eventually("one node has the leader address", lambda: lab.holders() == [lab.leader()], 5)


@case("leader: when its power is cut, another leads and serves addresses")
def _():
    with Lab(3) as lab:
        old = lab.leader()
        lab.run("kill", old)
        new = lab.new_leader(old)
        lab.run("add")
        added = lab.names()[-1]
        address = lab.status(added)["node_address"]
        check(address.startswith("192.168.200."), f"address of {added}: {address}")
        check(address not in [lab.node_addresses()[node] for node in lab.names() if node != added],
              f"{address} is nobody else's")
        lab.run("start", old)
        one_leader_everywhere(lab)
        equal(lab.leader(), new, "leader after the old one is back")


@case("leader: when its daemon hangs, another leads; when it goes on, it follows")
def _():
    with Lab(3) as lab:
        old = lab.leader()
        lab.signal_daemon(old, "STOP")
        others = set(lab.names()) - {old}
        new = eventually("another leads", lambda: next(
            (node for node in others if lab.status(node)["state"] == "leading"), None))
        eventually("the old one has lost the address",
                   lambda: " 192.168.200.1/" not in lab.exec(old, "ip -4 address"), 6)
        lab.signal_daemon(old, "CONT")
        one_leader_everywhere(lab)
        equal(lab.leader(), new, "leader")


@case("leader: unplugged, it gives up, another leads, and plugged in again it follows")
def _():
    with Lab(3) as lab:
        old = lab.leader()
        lab.run("unplug", old)
        new = lab.new_leader(old)
        eventually("the unplugged one leads no longer",
                   lambda: lab.status(old)["state"] != "leading", 10)
        check("no_carrier" in lab.problems(old), f"problems of {old}: {lab.problems(old)}")
        lab.run("plug", old)
        one_leader_everywhere(lab)
        equal(lab.leader(), new, "leader")


@case("leader: an unplugged follower is critical, and well again when it is back")
def _():
    with Lab(3) as lab:
        lost, leader = lab.followers()[0], lab.leader()

        def health():
            return {check["Status"] for check in lab.get(leader, f"/v1/health/node/{lost}")}

        eventually(f"{lost} is well", lambda: health() == {"passing"}, 5)
        lab.run("unplug", lost)
        eventually(f"{lost} is critical", lambda: "critical" in health(), 5)
        lab.run("plug", lost)
        eventually(f"{lost} is well again", lambda: health() == {"passing"}, 10)
        equal(lab.leader(), leader, "leader")


@case("leader: two halves of a split have one leader each, and one when it heals")
def _():
    with Lab(4) as lab:
        leader = lab.leader()
        followers = lab.followers()
        near, far = [leader, followers[0]], followers[1:]
        lab.cut(near, far)
        lab.new_leader(leader, far)
        equal(len(lab.leaders()), 2, "leaders of the two halves")
        lab.heal()
        eventually("one leader", lambda: len(lab.leaders()) == 1, 10)
        one_leader_everywhere(lab)


@case("leader: while nothing happens, it stays")
def _():
    with Lab(3) as lab:
        before = lab.leader(), lab.status(lab.leader())["term"]
        always("the leader and its term stay",
               lambda: (lab.leader(), lab.status(lab.leader())["term"]) == before, 6)
