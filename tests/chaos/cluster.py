"""The cluster that is tried: a virtual lab, its clients, and the questions that are asked of it."""
import base64
import json
import os
import signal
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass

from cases import check, equal, eventually
from clients import Power, now, start_clients
from etcd_members import await_voters, etcd_lab
from history import OK
from history_lost import WRITES
from virtual_lab import HOME, Lab

COPIES = 10.0  # seconds until all copies are the same


@dataclass(frozen=True)
class Store:
    """What a cluster is like by where it keeps its registry."""
    card: int         # MiB of a node's card
    takeover: float   # seconds until writes are accepted again; generous, tests/bench/failover measures
    settle: float     # seconds until all agree on one leader
    by_majority: bool  # a write is acknowledged when a majority of the nodes has it


STORES = {"embedded": Store(card=32, takeover=10.0, settle=20.0, by_majority=False),
          "etcd": Store(card=256, takeover=20.0, settle=30.0, by_majority=True)}


class Cluster:
    """`with Cluster("etcd", 5, seed, pace) as cluster:` forms one and lets clients loose on it, who make a
    call every `pace` seconds each. With etcd every node has a vote."""

    def __init__(self, store, nodes, seed, pace):
        self.store = STORES[store]
        make = etcd_lab if self.store.by_majority else Lab
        self.lab = make(nodes, "--election.cold-start-wait=2s", card=self.store.card)
        self._seed, self._pace = seed, pace
        self._power, self._clients = Power(), []
        self.names, self.term = [], 0
        self.power_cut_at = 0.0  # of the whole cluster, the last one

    def __enter__(self):
        self.lab.__enter__()
        try:
            self.names = self.lab.names()
            if self.store.by_majority:
                await_voters(self.lab, len(self.names))
        except BaseException:
            self.lab.__exit__(*sys.exc_info())
            raise
        self._note_power()
        self._clients = start_clients(self.names, self._power, self._seed, self._pace)
        return self

    def __exit__(self, *wrong):
        self.stop_clients()
        self.lab.__exit__(*wrong)

    def stop_clients(self):
        for client in self._clients:
            client.stop()
        for client in self._clients:
            client.join(30)

    def history(self):
        return [operation for client in self._clients for operation in client.history]

    @property
    def majority(self):
        return len(self.names) // 2 + 1

    def others(self, chance, node, count):
        """So many nodes, `node` not among them."""
        return chance.sample([each for each in self.names if each != node], count)

    # --- plugs

    def _note_power(self):
        running = self.lab.first_processes()
        for node in self.names:
            self._power.set(node, running.get(node))

    def kill(self, *nodes):
        """Cuts the power of all these at once; gives when."""
        running = self.lab.first_processes()
        for node in nodes:
            with suppress(ProcessLookupError):
                os.kill(running[node], signal.SIGKILL)
        since = now()
        for node in nodes:
            self.lab.run("kill", node)
        self._note_power()
        return since

    def start(self, *nodes):
        for node in nodes:
            self.lab.run("start", node, "--no-wait")
        self._note_power()

    # --- looking

    def status(self, node):
        """What the node tells of itself over the LAN."""
        return json.loads(self._get(node, "/cluster/v1/status"))

    def _get(self, node, target):
        with urllib.request.urlopen(self.lab.url(node, target), timeout=2) as answer:
            return answer.read()

    def agreed(self, among=None):
        """Waits until these nodes (all) agree on one leader, who alone has the address, and gives it.
        Terms never go back."""
        nodes = among or self.names

        def look():
            states = {node: self.status(node) for node in nodes}
            told = {node: (each["state"], (each["leader"] or {}).get("name")) for node, each in states.items()}
            leading = [node for node in nodes if told[node][0] == "leading"]
            check(len(leading) == 1, f"{told}")
            for node in nodes:
                check(told[node][0] in HOME and told[node][1] == leading[0], f"{told}")
            equal(self.lab.holders(), leading, "nodes that have the leader address")
            return leading[0], states[leading[0]]["term"]

        leader, term = eventually(f"{', '.join(nodes)} agree on one leader", look, self.store.settle)
        check(term >= self.term, f"the term went back from {self.term} to {term}")
        self.term = term
        return leader

    def writes_again(self, since, but=()):
        """Waits until a write is accepted at the leader's address that a client began after `since`
        on another node than `but`; gives how long that took."""
        clients = [client for client in self._clients if client.node not in but]

        def look():
            accepted = list(filter(None, (client.first_write(since) for client in clients)))
            return min(accepted) - since if accepted else None
        return eventually("a write is accepted again", look, self.store.takeover)

    def accepted(self, since, nodes):
        """The writes that clients on these nodes began after `since`, and that were acknowledged."""
        return [each for client in self._clients if client.node in nodes for each in client.history
                if each.start > since and each.kind in WRITES and each.outcome == OK and each.done]

    def card_is_told_full(self, since):
        eventually("a client is told that the card is full",
                   lambda: any(client.card_full > since for client in self._clients),
                   self.store.takeover)

    def hold(self, seconds):
        """Lets a fault last."""
        time.sleep(seconds)

    # --- the end

    def final_state(self):
        """Waits until all nodes have the same keys; gives key -> value."""
        def look():
            copies = [self._keys(node) for node in self.names]
            check(all(copy == copies[0] for copy in copies), _difference(copies))
            return copies[0] or {"": ""}
        return eventually("all copies are the same", look, COPIES)

    def _keys(self, node):
        rows = json.loads(self._get(node, "/v1/kv/?recurse"))
        return {row["Key"]: base64.b64decode(row["Value"] or "").decode() for row in rows}

    def lost_files(self):
        """The texts of what nodes noted as lost."""
        return [file.read_text() for file in self.lab.directory().glob("pi*/data/lost/*.json")]

    def keep_networks(self, directory):
        """For whoever looks why nodes do not reach each other."""
        directory.mkdir(parents=True, exist_ok=True)
        look = "ip address; ip neigh; bridge fdb; ip maddr; ip -s link"
        for node in self.names:
            (directory / f"{node}.network").write_text(self.lab.exec(node, look, may_fail=True))

    def keep_logs(self, directory):
        """For whoever looks why something failed."""
        directory.mkdir(parents=True, exist_ok=True)
        for node in self.names:
            (directory / f"{node}.log").write_text(self.lab.run("logs", node, may_fail=True))
        for number, text in enumerate(self.lost_files()):
            (directory / f"lost-{number}.json").write_text(text)


def _difference(copies):
    keys = {key for copy in copies for key in copy if len({each.get(key) for each in copies}) > 1}
    return f"{len(keys)} keys differ, as {sorted(keys)[:3]}"
