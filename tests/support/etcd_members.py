"""Labs that keep their registry in etcd."""
import json

from cases import check, eventually
from virtual_lab import Lab

MEMBERS_LIMIT = 60  # seconds; etcd takes a change of members only when all have been connected for 5 s


def etcd_lab(nodes, *options, **more):
    """A lab of 1, 3 or 5 nodes, each a member of etcd."""
    return Lab(nodes, "--registry.store=etcd", f"--registry.etcd-members={nodes}", *options, **more)


def _ask(lab, node, target, *options):
    """What that node's etcd answers, asked on the node itself."""
    url = f"http://{lab.node_addresses()[node]}:2379{target}"
    return json.loads(lab.exec(node, " ".join(["curl -sf -m 5", *options, url])))


def voters(lab, node):
    """The members with a vote, as that node's etcd lists them."""
    members = _ask(lab, node, "/v3/cluster/member/list", "-d '{}'")["members"]
    return [each for each in members if not each.get("isLearner")]


def await_voters(lab, wanted):
    """Waits until etcd has so many, and runs and knows its leader on as many nodes."""
    def look():
        found = voters(lab, lab.leader())
        check(len(found) == wanted, f"it has {len(found)}")
        healthy = [node for node in lab.names() if _ask(lab, node, "/health")["health"] == "true"]
        check(len(healthy) == wanted, f"healthy are {healthy}")
        return found
    eventually(f"etcd has {wanted} voters", look, MEMBERS_LIMIT)


def etcd_leader(lab):
    """The node whose etcd leads the others."""
    asked = lab.leader()
    leader = _ask(lab, asked, "/v3/maintenance/status", "-d '{}'")["leader"]
    urls = next(each["clientURLs"] for each in voters(lab, asked) if each["ID"] == leader)
    return next(node for node, address in lab.node_addresses().items() if f"//{address}:" in urls[0])


def put(lab, node, key, value):
    """The status of the answer to a write, asked on the node itself; empty: there was none."""
    return lab.exec(node, "curl -s -m 12 -o /dev/null -w '%{http_code}' -X PUT -d "
                    f"{value} http://127.0.0.1:8500/v1/kv/{key}", may_fail=True).strip()
