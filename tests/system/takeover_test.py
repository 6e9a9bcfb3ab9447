"""What was acknowledged outlives a leader, whichever way it goes."""
import json
import re
import time

from cases import always, case, check, equal, eventually
from inside import Writer
from virtual_lab import BUILD, Lab

TAKEOVER = 10  # seconds; generous, tests/bench/failover measures
COLD_START = "--election.cold-start-wait=2s"


def one_leader(lab, among=None):
    """Waits until these nodes (all) agree on one leader, who alone has the address."""
    lab.formed(among)
    leader = lab.leader()
    eventually("one node has the leader address", lambda: lab.holders() == [leader], 5)
    return leader


def put(lab, node, key):
    """Writes on the node; gives how many followers had it when it was acknowledged."""
    answer = lab.exec(node, f"curl -si -m 5 -X PUT --data written http://127.0.0.1:8500/v1/kv/{key}")
    check(answer.rstrip().endswith("true"), f"answer to the put of {key} on {node}: {answer}")
    replicas = re.search(r"(?im)^X-ClusterLab-Replicas: (\d+)", answer)
    check(replicas, f"the answer tells of replicas: {answer}")
    return int(replicas[1])


def has(lab, node, key):
    return lab.exec(node, f"curl -s -m 5 'http://127.0.0.1:8500/v1/kv/{key}?raw'") == "written"


def link_alone_is_cut(lab):
    """The switch drops what the cluster link carries, and lets the beacons pass."""
    lab.filter({"vlan": "ether type 8021q drop", "vxlan": "meta l4proto udp udp dport 14789 drop"}[lab.link()])


@case("takeover: what a follower had when it was acknowledged survives the leader's power cut")
def _():
    with Lab(3) as lab:
        old = lab.leader()
        writer = lab.followers()[0]
        for number in range(20):
            check(put(lab, writer, f"key-{number}") >= 1, "followers had it")
        lab.run("kill", old)
        began = time.monotonic()
        new = lab.new_leader(old)
        check(time.monotonic() - began < TAKEOVER, "another leads in time")
        for number in range(20):
            check(has(lab, new, f"key-{number}"), f"{new} has key-{number}")
        lab.run("start", old)
        equal(one_leader(lab), new, "leader after the old one is back")


@case("takeover: a leader without followers says that nobody else had the write")
def _():
    with Lab(1) as lab:
        equal(put(lab, "pi1", "alone"), 0, "followers that had it")


@case("takeover: the freshest copy goes first")
def _():
    with Lab(3) as lab:
        old = lab.leader()
        behind, fresh = lab.followers()
        lab.signal_daemon(behind, "STOP")
        for number in range(5):
            put(lab, fresh, f"key-{number}")
        lab.run("kill", old)
        lab.signal_daemon(behind, "CONT")
        equal(lab.new_leader(old), fresh, "leader")
        eventually(f"{behind} has what it missed", lambda: has(lab, behind, "key-4"))
        check(all(has(lab, fresh, f"key-{number}") for number in range(5)), "nothing is lost")


@case("takeover: a leader that is stopped properly hands over, and no acknowledged write is lost")
def _():
    with Lab(3) as lab:
        old = lab.leader()
        beside = lab.followers()[0]
        with Writer(lab.first_processes()[beside]) as writer:
            lab.stop_daemon(old)
            writer.after(time.monotonic())
        new = lab.new_leader(old)
        missing = [key for key, _ in writer.accepted if lab.exec(new, f"curl -s 127.0.0.1:8500/v1/kv/{key}?raw") != "x"]
        equal(missing, [], "acknowledged writes that the new leader has not")
        lab.run("start", old)
        equal(one_leader(lab), new, "leader after the old one is back")


@case("takeover: of two nodes that hear each other on the parent alone, the old leader goes on and the other says why")
def _():
    with Lab(2) as lab:
        leader = lab.leader()
        other, term = lab.followers()[0], lab.status(leader)["term"]
        link_alone_is_cut(lab)
        eventually(f"{other} follows no longer", lambda: lab.status(other)["state"] != "following", 10)
        always(f"{leader} leads and {other} does not", lambda: lab.leaders() == [leader], 5)
        status = lab.status(other)
        told = f"{status['reason']} {status['problems']}"
        check(leader in told, f"{other} says whom it waits for: {told}")
        equal(put(lab, leader, "meanwhile"), 0, "followers that had a write meanwhile")
        lab.heal()
        equal(one_leader(lab), leader, "leader")
        equal(lab.status(leader)["term"], term, "term")
        eventually(f"{other} has what it missed", lambda: has(lab, other, "meanwhile"))


@case("takeover: after a power cut of all the same cluster comes back: leader, addresses, keys")
def _():
    with Lab(3, COLD_START) as lab:
        old, nodes = lab.leader(), lab.names()
        addresses, cluster = lab.node_addresses(), lab.status(old)["cluster_id"]
        put(lab, lab.followers()[0], "before")
        for node in nodes:
            lab.run("kill", node)
        late = next(node for node in nodes if node != old)
        first = [node for node in nodes if node != late]
        for node in first:
            lab.run("start", node, "--no-wait")
        equal(one_leader(lab, first), old, "leader: who has what was written last")
        check(has(lab, old, "before"), "the key is there")
        lab.run("start", late)
        equal(one_leader(lab), old, "leader when all are back")
        equal(lab.node_addresses(), addresses, "addresses")
        equal(lab.status(late)["cluster_id"], cluster, "cluster id")


@case("takeover: sessions, locks and leases go on under the next leader")
def _():
    with Lab(3) as lab:
        old, holder = lab.leader(), lab.followers()[0]
        addresses = {node: address for node, address in lab.node_addresses().items() if node != old}
        session = lab.exec(holder, "curl -s -X PUT http://127.0.0.1:8500/v1/session/create").split('"')[3]
        lock = f"http://127.0.0.1:8500/v1/kv/lock?acquire={session}"
        equal(lab.exec(holder, f"curl -s -X PUT '{lock}'").strip(), "true", "answer to the lock")
        lab.run("kill", old)
        new = lab.new_leader(old)
        eventually("a write is accepted", lambda: put(lab, new, "afterwards") >= 0)
        equal([each["ID"] for each in lab.get(new, "/v1/session/list")], [session], "sessions")
        equal(lab.get(new, "/v1/kv/lock")[0].get("Session"), session, "who holds the lock")
        equal({node: lab.node_addresses()[node] for node in addresses}, addresses, "addresses")


def command(lab, node, words):
    """What `cluster-lab WORDS` prints on the node."""
    return lab.exec(node, f"{BUILD}/src/cli/cluster-lab {words}", may_fail=True)


def lost_file(lab, node):
    """The name of the node's one file of lost writes."""
    files = json.loads(command(lab, node, "lost list --json"))
    equal(len(files), 1, f"files of lost writes on {node}: {files}")
    return files[0]["name"]


@case("takeover: what the losing half of a split wrote is told, shown, and written again by lost replay")
def _():
    with Lab(5) as lab:
        old, followers = lab.leader(), lab.followers()
        near, far = [old, followers[0]], followers[1:]
        lab.cut(near, far)
        new = lab.new_leader(old, far)
        put(lab, old, "near")
        put(lab, new, "far")
        lab.heal()
        equal(one_leader(lab), new, "leader: who has more followers")
        eventually("the loser tells of its lost writes", lambda: "lost_writes" in lab.problems(old))
        check(not has(lab, new, "near"), "the winner does not have what the loser wrote")
        file = lost_file(lab, old)
        check("near" in command(lab, old, f"lost show {file}"), "the file shows the key")
        command(lab, old, f"lost replay {file}")
        for key in ("near", "far"):
            eventually(f"all have {key}", lambda: all(has(lab, node, key) for node in lab.names()))


@case("takeover: a cold start without who wrote last goes on, and what that one wrote is not gone without a word")
def _():
    with Lab(3, COLD_START) as lab:
        old, followers, nodes = lab.leader(), lab.followers(), lab.names()
        put(lab, old, "unknown-to-cards")
        for node in nodes:
            lab.run("kill", node)
        for node in followers:
            lab.run("start", node, "--no-wait")
        new = one_leader(lab, followers)
        put(lab, new, "meanwhile")
        lab.run("start", old)
        equal(one_leader(lab), new, "leader")
        if not has(lab, new, "unknown-to-cards"):
            check("unknown-to-cards" in command(lab, old, f"lost show {lost_file(lab, old)}"), "it is in the file")
        eventually(f"{old} has what it missed", lambda: has(lab, old, "meanwhile"))


@case("takeover: a node that is forgotten is gone with its lease, and comes back with its name and address")
def _():
    with Lab(3) as lab:
        leader, gone = lab.leader(), lab.followers()[0]
        address = lab.node_addresses()[gone]
        lab.run("kill", gone)
        eventually(f"{gone} is forgotten", lambda: "forgotten" in command(lab, leader, f"forget {gone}"), 5)
        for node in (leader, *lab.followers()):
            eventually(f"{node} does not list it", lambda: gone not in lab.catalog(node), 5)
        lab.run("start", gone)
        equal(one_leader(lab), leader, "leader")
        equal(lab.node_addresses()[gone], address, "its address")


@case("takeover: the leader is found by the name of a service, also when it is another one")
def _():
    with Lab(3) as lab:
        def named(tag):
            target = f"/v1/health/service/cluster-lab?tag={tag}&passing"
            return {each["Node"]["Node"] for each in lab.get(lab.followers()[0], target)}

        eventually("the leader is named", lambda: named("leader") == {lab.leader()}, 5)
        eventually("the followers are", lambda: named("follower") == set(lab.followers()), 5)
        old = lab.leader()
        lab.run("kill", old)
        new = lab.new_leader(old)
        eventually("the new leader is named", lambda: named("leader") == {new}, 10)
