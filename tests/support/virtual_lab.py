"""A virtual lab for one test case, driven as a user drives it."""
import json
import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from cases import Failure, Skip, check, eventually

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("CLUSTER_LAB_BUILD", TOP / "build"))
COMMAND = [str(BUILD / "src/cli/cluster-lab"), "lab"]
LEADER_ADDRESS = "192.168.200.1"
HOME = {"leading", "following"}


class Lab:
    """`with Lab(3) as lab:` powers three nodes on, waits until they are a cluster (wait=True), and
    removes all of it at the end, whatever happens. `options` are the daemon's; `card` is the size of
    each node's card in MiB."""

    def __init__(self, nodes, *options, wait=True, card=None):
        self.name = f"t{os.getpid()}"
        self._up = ["up", str(nodes)] + ([] if wait else ["--no-wait"])
        self._up += ["--card", str(card)] if card else []
        if os.environ.get("CLUSTER_LAB_LINK"):
            self._up += ["--link", os.environ["CLUSTER_LAB_LINK"]]
        self._up += ["--", *options]

    def __enter__(self):
        self.run("down")
        try:
            self.run(*self._up)
        except BaseException:
            self.run("down")
            raise
        return self

    def __exit__(self, kind, wrong, trace):
        try:
            if isinstance(wrong, Failure):
                self._describe()
        finally:
            self.run("down")

    def _describe(self):
        """What there is to see when a case has failed."""
        print(self.run("ls", may_fail=True))
        for node in self.names():
            tail = "\n".join(self.run("logs", node, may_fail=True).splitlines()[-30:])
            print(f"--- log of {node}\n{tail}", flush=True)

    def run(self, *words, may_fail=False):
        """Runs `lab WORDS` and gives what it printed."""
        done = subprocess.run([*COMMAND, "--lab", self.name, *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=240, check=False)
        if done.returncode and not may_fail:
            raise Failure(f"lab {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def exec(self, node, command, may_fail=False):
        """Runs a shell command on the node."""
        return self.run("exec", node, "--", "sh", "-c", command, may_fail=may_fail)

    def in_switch(self, *command, text=None):
        """Runs a command in the switch's network namespace."""
        done = subprocess.run(["ip", "netns", "exec", f"clab-{self.name}", *command], input=text,
                              capture_output=True, text=True, timeout=20, check=False)
        check(done.returncode == 0, f"{' '.join(command)}: {done.stderr}")

    # --- looking

    def list(self):
        return json.loads(self.run("ls", "--json"))

    def names(self):
        return [node["name"] for node in self.list()]

    def _state(self):
        """What the lab remembers of itself."""
        return json.loads((self.directory() / "lab.json").read_text())

    def directory(self):
        return Path(f"/run/cluster-lab-lab/{self.name}")

    def link(self):
        """The link kind that the lab runs with."""
        return self._state()["link"]

    def first_processes(self):
        """Node -> the process id of its first process, for those that are on."""
        return {f"pi{node['index']}": node["pid"] for node in self._state()["nodes"] if node["pid"]}

    def url(self, node, target):
        nodes = {each["name"]: each["lan_address"] for each in self.list()}
        check(node in nodes, f"lab ls has {node}; it has {', '.join(nodes) or 'none'}")
        return f"http://{nodes[node]}:8500{target}"

    def get(self, node, target):
        """What the node's :8500 answers over the LAN, as JSON."""
        try:
            with urllib.request.urlopen(self.url(node, target), timeout=5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise Failure(f"{node} {target}: {refused.code} {refused.read().decode()}") from refused

    def status(self, node):
        """The node's status, asked on the node itself: works for an unplugged one too."""
        return json.loads(self.exec(node, "curl -sf -m 5 http://127.0.0.1:8500/cluster/v1/status"))

    def problems(self, node):
        """The node's problems, code -> message and remedy."""
        return {each["code"]: f"{each['message']} {each.get('remedy', '')}"
                for each in self.status(node)["problems"]}

    def catalog(self, node):
        """The names that the node lists."""
        return {each["Node"] for each in self.get(node, "/v1/catalog/nodes")}

    def leaders(self):
        return [node["name"] for node in self.list() if node["state"] == "leading"]

    def leader(self):
        found = self.leaders()
        check(len(found) == 1, f"expected one leader, found {found}")
        return found[0]

    def followers(self):
        return [node["name"] for node in self.list() if node["state"] == "following"]

    def holders(self):
        """The nodes that have the leader address, as their kernels say."""
        living = [node["name"] for node in self.list() if node["state"] != "off"]
        return [node for node in living
                if f" {LEADER_ADDRESS}/" in self.exec(node, "ip -4 address")]

    def node_addresses(self):
        return {node["name"]: node["node_address"] for node in self.list()}

    # --- waiting

    def formed(self, names=None):
        """Waits until these nodes (all) lead or follow, one leads, and each lists all of them."""
        wanted = set(names or self.names())

        def look():
            states = {each["name"]: each["state"] for each in self.list() if each["name"] in wanted}
            check(set(states.values()) <= HOME, f"states {states}")
            check(list(states.values()).count("leading") == 1, f"states {states}")
            for node in wanted:
                check(wanted <= self.catalog(node), f"{node} lists {self.catalog(node)}")
            return True

        eventually(f"{sorted(wanted)} are one cluster", look, 30)

    def new_leader(self, old, among=None):
        """Waits until another leads, and gives it."""
        def look():
            leaders = [each for each in self.leaders() if each != old and (not among or each in among)]
            return leaders[0] if len(leaders) == 1 else None
        return eventually(f"another than {old} leads", look)

    # --- doing

    def daemon_pid(self, node):
        return self.exec(node, "pidof cluster-labd").split()[0]

    def signal_daemon(self, node, name):
        self.exec(node, f"kill -{name} $(pidof cluster-labd)")

    def stop_daemon(self, node):
        """Stops it properly and waits until it has ended."""
        self.signal_daemon(node, "TERM")
        eventually(f"the daemon on {node} ends",
                   lambda: not self.exec(node, "pidof cluster-labd", may_fail=True).strip())

    def cut(self, *halves):
        """The switch passes nothing any more between nodes of the one half and of the other."""
        one, other = (", ".join(f'"{node}"' for node in half) for half in halves)
        self.filter(f"iifname {{ {one} }} oifname {{ {other} }} drop",
                    f"iifname {{ {other} }} oifname {{ {one} }} drop")

    def filter(self, *rules):
        """The switch obeys these rules (nft, family bridge)."""
        lines = "\n".join(rules)
        self.in_switch("nft", "-f", "-", text="table bridge lab {\nchain forward {\n"
                       f"type filter hook forward priority 0;\n{lines}\n}}\n}}\n")

    def heal(self):
        self.in_switch("nft", "delete", "table", "bridge", "lab")


def need(program):
    """Skips the case where the program is missing."""
    if subprocess.run(["sh", "-c", f"command -v {program}"], capture_output=True,
                      check=False).returncode:
        raise Skip(f"there is no {program} here")
