"""Registry and scheduler endpoint, on a whole cluster."""
import json

from cases import case, check, equal, eventually
from virtual_lab import LEADER_ADDRESS, Lab, need


def put(lab, node, key, value):
    answer = lab.exec(node, f"curl -s -m 5 -X PUT --data '{value}' http://127.0.0.1:8500/v1/kv/{key}")
    equal(answer.strip(), "true", f"answer to the put of {key} on {node}")


def has(lab, node, key, value):
    return lab.exec(node, f"curl -s -m 5 'http://127.0.0.1:8500/v1/kv/{key}?raw'") == value


@case("registry: a value that is put on one node is read on all, also after the leader has gone")
def _():
    with Lab(3) as lab:
        for node in lab.names():
            put(lab, node, f"from-{node}", "written")
        for node in lab.names():
            for key in lab.names():
                eventually(f"{node} has {key}'s value", lambda: has(lab, node, f"from-{key}", "written"), 5)
        old = lab.leader()
        lab.run("kill", old)
        new = lab.new_leader(old)
        for key in (*lab.followers(), new, old):
            eventually("the value is still there", lambda: has(lab, new, f"from-{key}", "written"), 5)
        put(lab, new, "afterwards", "goes on")
        lab.run("start", old)
        eventually("the old leader has it too", lambda: has(lab, old, "afterwards", "goes on"), 10)


def named_leaders(lab, node):
    """The nodes that the service cluster-lab names as the leader, as that node's copy has it."""
    return [each["Node"] for each in lab.get(node, "/v1/catalog/service/cluster-lab?tag=leader")]


@case("registry: exactly one node is named as the leader, also after a change of leaders")
def _():
    with Lab(3) as lab:
        old = lab.leader()
        for node in lab.names():
            eventually(f"{node} names {old}", lambda: named_leaders(lab, node) == [old], 5)
        lab.run("kill", old)
        new = lab.new_leader(old)
        for node in (new, *lab.followers()):
            eventually(f"{node} names {new}", lambda: named_leaders(lab, node) == [new], 5)


@case("registry: the LAN may read and may not write")
def _():
    with Lab(1) as lab:
        put(lab, "pi1", "x", "1")
        check(lab.get("pi1", "/v1/kv/x"), "a read over the LAN")
        import urllib.error
        import urllib.request
        request = urllib.request.Request(lab.url("pi1", "/v1/kv/x"), data=b"2", method="PUT")
        try:
            urllib.request.urlopen(request, timeout=5)
            code = 200
        except urllib.error.HTTPError as refused:
            code = refused.code
        equal(code, 403, "status of a write over the LAN")
        check(has(lab, "pi1", "x", "1"), "the value is unchanged")


@case("scheduler: the real docker command lists the nodes, from any of them")
def _():
    need("docker")
    with Lab(3) as lab:
        def listed():
            text = lab.exec(lab.followers()[0], f"docker -H tcp://{LEADER_ADDRESS}:2378 info")
            return all(node in text for node in lab.names())
        eventually("docker info lists all nodes", listed, 10)
        version = json.loads(lab.exec("pi1", f"curl -sf http://{LEADER_ADDRESS}:2378/version"))
        check("ApiVersion" in version, f"version: {version}")
        lan = next(node["lan_address"] for node in lab.list() if node["name"] == lab.leader())
        refused = lab.exec(lab.followers()[0], f"curl -s -m 2 http://{lan}:2378/_ping || echo refused")
        check("refused" in refused, "the scheduler endpoint is not on the LAN")
