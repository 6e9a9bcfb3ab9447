"""Labs that keep their registry in etcd."""
import json

from cases import check, eventually
from virtual_lab import Lab

MEMBERS_LIMIT = 60  # seconds; etcd takes a change of members only when all have been connected for 5 s


def etcd_lab(nodes, *options, **more):
    """A lab of 1, 3 or 5 nodes, each a member of etcd."""
    return Lab(nodes, "--registry.store=etcd", f"--registry.etcd-members={nodes}", *options, **more)


def voters(lab, node):
    """The members with a vote, as that node's etcd lists them, asked on the node itself."""
    url = f"http://{lab.node_addresses()[node]}:2379/v3/cluster/member/list"
    members = json.loads(lab.exec(node, f"curl -sf -m 5 -d '{{}}' {url}"))["members"]
    return [each for each in members if not each.get("isLearner")]


def await_voters(lab, wanted):
    """Waits until etcd has so many."""
    def look():
        found = voters(lab, lab.leader())
        check(len(found) == wanted, f"it has {len(found)}")
        return found
    eventually(f"etcd has {wanted} voters", look, MEMBERS_LIMIT)
