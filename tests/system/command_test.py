"""The command cluster-lab on the nodes of a cluster, as a user types it there."""
import json

from cases import case, check, equal, eventually
from virtual_lab import BUILD, Lab

COMMAND = BUILD / "src/cli/cluster-lab"


def ask(lab, node, words):
    """Types `cluster-lab WORDS` on the node; gives what it prints on both outputs, and its exit code."""
    printed = lab.exec(node, f"{COMMAND} {words} 2>&1; code=$?; echo; echo $code")
    text, code = printed.rstrip("\n").rsplit("\n", 1)
    return text.rstrip("\n"), int(code)


def failed_checks(lab, node):
    """What `health` fails but for Docker's engine, which is the machine's own matter."""
    checks = json.loads(ask(lab, node, "health --json")[0])
    return {each["check"] for each in checks if each["result"] == "fail"} - {"the Docker Engine runs"}


@case("command: status, nodes, health and doctor tell that a cluster is well, on leader and follower")
def _():
    with Lab(3) as lab:
        lab.formed()
        leader = lab.leader()
        for node in (leader, lab.followers()[0]):
            status, code = ask(lab, node, "status")
            equal(code, 0, f"exit code of status on {node}: {status}")
            check(status.startswith(f"3 nodes, {leader} leads"), status)
            nodes, code = ask(lab, node, "nodes")
            equal(code, 0, f"exit code of nodes on {node}")
            equal(len(nodes.splitlines()), 4, f"lines of {nodes}")
            equal(failed_checks(lab, node), set(), f"failed checks on {node}")
            equal(ask(lab, node, "doctor"), ("Nothing is wrong.", 0), f"doctor on {node}")


@case("command: what only looks changes nothing")
def _():
    with Lab(2) as lab:
        lab.formed()
        node = lab.followers()[0]

        def seen():
            state = lab.status(node)
            addresses = json.loads(lab.exec(node, "ip -json address"))
            return ([state[key] for key in ("registry_index", "term", "state", "node_address")],
                    [[each["ifname"], each["flags"], [one["local"] for one in each["addr_info"]]]
                     for each in addresses])

        before = seen()
        for words in ("status", "nodes", "dependencies", "health", "doctor", "members", "services",
                      "kv list", "kv export", "events", "events --history"):
            ask(lab, node, words)
            ask(lab, node, f"{words} --json")
        equal(seen(), before, "state, interfaces and addresses")


@case("command: a node whose cable is pulled says so itself, and is named by the others")
def _():
    with Lab(3) as lab:
        lab.formed()
        victim = lab.followers()[0]
        lab.run("unplug", victim)
        eventually(f"doctor on {victim} finds the cable",
                   lambda: "no carrier" in ask(lab, victim, "doctor")[0])
        equal(ask(lab, victim, "status")[1], 1, "exit code of status there")
        check("a cable is plugged into eth0" in failed_checks(lab, victim), "health names the cable")
        leader = lab.leader()
        eventually(f"doctor on {leader} names {victim}",
                   lambda: f"{victim} (" in ask(lab, leader, "doctor")[0])
        lab.run("plug", victim)
        eventually(f"{leader} finds nothing wrong again",
                   lambda: ask(lab, leader, "doctor") == ("Nothing is wrong.", 0), 30)


@case("command: a stopped daemon is unreachable for status, and explained by doctor")
def _():
    with Lab(2) as lab:
        lab.formed()
        node = lab.followers()[0]
        lab.stop_daemon(node)
        text, code = ask(lab, node, "status")
        equal(code, 69, f"exit code of status: {text}")
        check("What to do:" in text, text)
        text, code = ask(lab, node, "doctor")
        equal(code, 1, f"exit code of doctor: {text}")
        check("does not answer at 127.0.0.1:8500" in text, text)
        equal(ask(lab, node, "stat")[1], 2, "exit code of a command that there is not")


@case("command: kv takes values byte for byte, from leader and follower, and says what it found")
def _():
    with Lab(2) as lab:
        lab.formed()
        leader, follower = lab.leader(), lab.followers()[0]
        kv = f"{COMMAND} kv"
        lab.exec(follower, f"printf 'a\\000b\\377\\n' | {kv} put 'a b/bytes'")
        equal(lab.exec(leader, f"{kv} get 'a b/bytes' | od -An -tx1").split(), ["61", "00", "62", "ff", "0a"],
              "the bytes at the leader")
        equal(ask(lab, leader, "kv put 'a b/text' hello --flags 42"), ("", 0), "put")
        equal(ask(lab, follower, "kv get 'a b/text'"), ("hello", 0), "get at the follower")
        entry = json.loads(ask(lab, follower, "kv get 'a b/text' --json")[0])[0]
        equal(entry["Flags"], 42, "flags")
        equal(ask(lab, leader, "kv list")[0].split("\n"), ["a b/"], "list")
        equal(ask(lab, leader, "kv list --recurse")[0].split("\n"), ["a b/bytes", "a b/text"], "all keys")
        text, code = ask(lab, leader, "kv put 'a b/text' mine --cas 1")
        equal((code, "nothing was changed" in text), (1, True), f"a check-and-set that is too late: {text}")
        equal(ask(lab, leader, f"kv put 'a b/text' mine --cas {entry['ModifyIndex']}"), ("", 0), "in time")
        lab.exec(leader, f"{kv} export > /run/keys && {kv} delete '' --recurse && {kv} import /run/keys")
        equal(ask(lab, follower, "kv get 'a b/text'"), ("mine", 0), "after export, delete and import")
        text, code = ask(lab, leader, "kv get nothing")
        equal((code, "there is no key 'nothing'" in text), (1, True), text)


@case("command: services, members and events tell what the registry knows")
def _():
    with Lab(2) as lab:
        lab.formed()
        leader, follower = lab.leader(), lab.followers()[0]
        lab.exec(follower, "curl -sf -X PUT http://127.0.0.1:8500/v1/agent/service/register -d '"
                 '{"Name":"web","Port":80,"Check":{"CheckID":"c","TTL":"10m","Status":"critical"}}\'')
        eventually("the leader knows the service", lambda: "web" in ask(lab, leader, "services")[0])
        text, code = ask(lab, leader, "services web")
        equal(code, 1, f"exit code for a critical instance: {text}")
        check(follower in text and "is critical" in text, text)
        lab.exec(follower, "curl -sf -X PUT http://127.0.0.1:8500/v1/agent/check/pass/c")
        eventually("it is healthy", lambda: ask(lab, leader, "services web")[1] == 0)
        text, code = ask(lab, leader, "members")
        equal((code, len(text.splitlines())), (0, 3), text)
        equal(ask(lab, follower, "events fire deploy v7"), ("", 0), "fire")
        eventually("the leader knows the event", lambda: "deploy  v7" in ask(lab, leader, "events")[0])
        check(f"{leader} leads" in ask(lab, follower, "events --history")[0], "the history")


@case("command: a snapshot brings back what was saved, and inspect tells what it holds")
def _():
    with Lab(1) as lab:
        lab.formed()
        equal(ask(lab, "pi1", "kv put a saved")[1], 0, "put")
        equal(ask(lab, "pi1", "snapshot save /run/snapshot")[1], 0, "save")
        held = json.loads(ask(lab, "pi1", "snapshot inspect /run/snapshot --json")[0])
        equal(held["rows"]["kv"], 1, f"keys in {held}")
        equal(ask(lab, "pi1", "kv put a changed")[1], 0, "put")
        equal(ask(lab, "pi1", "snapshot restore /run/snapshot")[1], 0, "restore")
        equal(ask(lab, "pi1", "kv get a"), ("saved", 0), "value")
        text, code = ask(lab, "pi1", "snapshot restore /proc/version")
        equal((code, "no snapshot" in text), (1, True), text)


@case("command: a node that is gone is forgotten, a living one only by force, and it comes back as it was")
def _():
    with Lab(3) as lab:
        lab.formed()
        gone, other = lab.followers()
        before = lab.node_addresses()
        text, code = ask(lab, other, f"forget {gone}")
        equal((code, "is alive" in text), (1, True), text)
        lab.run("kill", gone)
        eventually("it is critical", lambda: "critical" in ask(lab, other, "nodes")[0])
        equal(ask(lab, other, f"forget {gone}"), (f"{gone} is forgotten.", 0), "forget")
        check(gone not in ask(lab, lab.leader(), "nodes")[0], "the leader knows it no more")
        check(f"{gone} was silent" in ask(lab, lab.leader(), "events --history")[0], "the history")
        equal(ask(lab, other, f"forget {gone}")[1], 1, "a second time")
        lab.run("start", gone)
        lab.formed()
        equal(lab.node_addresses(), before, "names and addresses")
