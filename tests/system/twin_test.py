"""Two cards with one identity: a card was copied while its node ran."""
import shutil

from cases import case, check, equal, eventually
from virtual_lab import Lab


def add_copy_of(lab, original, name):
    """Powers on a node whose card is a copy of another's."""
    shutil.copytree(lab.directory() / original / "data", lab.directory() / name / "data")
    lab.run("add", "--no-wait")


def ids(lab):
    return {node: lab.status(node)["node_id"] for node in lab.names()}


@case("twins: a copy of a running node's card takes an identity of its own, and the node stays as it is")
def _():
    with Lab(2) as lab:
        leader, follower = lab.leader(), lab.followers()[0]
        before = ids(lab)
        addresses = lab.node_addresses()
        for original, copy in ((follower, "pi3"), (leader, "pi4")):
            add_copy_of(lab, original, copy)
            eventually(f"{original} tells of its twin", lambda of=original: "twin" in lab.problems(of))
            lab.formed()
            check("taking a new one" in lab.run("logs", copy), f"{copy} says why")
        equal({node: ids(lab)[node] for node in before}, before, "the ids of the first two")
        equal(len(set(ids(lab).values())), 4, "ids")
        equal({node: lab.node_addresses()[node] for node in addresses}, addresses, "their addresses")
        equal(len(set(lab.node_addresses().values())), 4, "addresses")
        equal(lab.leader(), leader, "the leader")
        health = {node["name"]: node["health"] for node in lab.get(leader, "/cluster/v1/nodes")}
        equal(set(health.values()), {"passing"}, "everybody's health")
        for node in (leader, follower):
            eventually(f"{node} has no twin any more", lambda of=node: not lab.problems(of))
