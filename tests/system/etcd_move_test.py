"""Moving the registry to etcd and back, members that are replaced, and a majority that is lost."""
import json
import threading

from cases import case, check, equal, eventually
from command_test import ask
from etcd_members import MEMBERS_LIMIT, await_voters, etcd_lab, put, voters
from virtual_lab import Lab, need

END = "/var/lib/cluster-lab/writer-ends"
# Writes w/1, w/2 and so on until the file is there, and prints the number of each acknowledged one.
WRITER = f"""n=0
while [ ! -e {END} ]; do
  n=$((n + 1))
  code=$(curl -s -m 12 -o /dev/null -w '%{{http_code}}' -X PUT -d v http://127.0.0.1:8500/v1/kv/w/$n)
  [ "$code" = 200 ] && echo $n || :
done"""


class Writer:
    """A client of one node that writes until the block ends; then `acknowledged` has its keys."""

    def __init__(self, lab, node):
        self._lab, self._node = lab, node
        self.acknowledged = set()
        self._thread = threading.Thread(target=self._write)

    def _write(self):
        printed = self._lab.exec(self._node, WRITER)
        self.acknowledged = {f"w/{number}" for number in printed.split()}

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, wrong, trace):
        self._lab.exec(self._node, f"touch {END}")
        self._thread.join()


def keys(lab, node):
    return set(json.loads(lab.exec(node, "curl -s 'http://127.0.0.1:8500/v1/kv/w/?keys&consistent'")))


def storage(lab, node):
    """What `registry status` knows on that node."""
    return json.loads(ask(lab, node, "registry status --json")[0])


def convert(lab, node, kind):
    said, code = ask(lab, node, f"registry convert {kind}")
    equal(code, 0, f"convert {kind} on {node}: {said}")


@case("etcd: the registry moves there and back while a client writes, and nothing acknowledged is lost")
def _():
    need("etcd")
    with Lab(3) as lab:
        lab.formed()
        one, other = lab.followers()
        with Writer(lab, one) as client:
            convert(lab, other, "etcd")
            await_voters(lab, 3)
            equal(len(storage(lab, one)["members"]), 3, "members that a follower knows")
            convert(lab, lab.leader(), "embedded")
        check(client.acknowledged, "the client wrote")
        for node in lab.names():
            lost = client.acknowledged - keys(lab, node)
            check(not lost, f"{node} lacks {sorted(lost)}")
            eventually(f"{node} has no etcd any more", lambda at=node: lab.exec(
                at, "test -e /var/lib/cluster-lab/etcd/member || echo gone") == "gone\n")
        said, code = ask(lab, one, "registry status")
        check(code == 0 and "embedded" in said, said)
        said, code = ask(lab, one, "registry recover --yes")
        check(code == 1 and "nothing to recover" in said, said)


@case("etcd: with the majority lost for good one node goes on by recovery, and others join it")
def _():
    need("etcd")
    with etcd_lab(3) as lab:
        await_voters(lab, 3)
        left = lab.leader()
        equal(put(lab, left, "w/1", "v"), "200", "write")
        said, code = ask(lab, left, "registry recover --yes")
        check(code == 1 and "etcd has a majority" in said, said)
        for node in lab.followers():
            lab.run("kill", node)
        eventually("no majority is left", lambda: not storage(lab, left)["majority"])
        said, code = ask(lab, left, "registry recover </dev/null")
        check(code == 1 and "Nothing was changed" in said and "is lost: the copy" in said, said)
        said, code = ask(lab, left, "registry recover --yes")
        equal(code, 0, f"recover: {said}")
        eventually("it writes again", lambda: put(lab, left, "w/2", "v") == "200", 60)
        lab.run("add")
        new = lab.names()[-1]
        lab.formed([left, new])
        equal(keys(lab, new), {"w/1", "w/2"}, "what a node that joins finds")


@case("etcd: a member that stays away loses its seat to another node")
def _():
    need("etcd")
    with Lab(4, "--registry.store=etcd", "--registry.replace-after=10s") as lab:
        def seats():
            """The nodes that vote."""
            listed = json.dumps(voters(lab, lab.leader()))
            return {node for node, address in addresses.items() if f"//{address}:" in listed}

        lab.formed()
        addresses = lab.node_addresses()
        eventually("etcd has three voters", lambda: len(seats()) == 3, MEMBERS_LIMIT)
        free, = set(addresses) - seats()
        gone = (seats() - {lab.leader()}).pop()
        lab.run("kill", gone)
        eventually(f"{free} has the seat of {gone}",
                   lambda: seats() == set(addresses) - {gone}, MEMBERS_LIMIT)
        equal(put(lab, lab.leader(), "a", "v"), "200", "write")
