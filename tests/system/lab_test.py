"""The virtual lab itself, as a user sees it."""
import os
import subprocess
import time
from pathlib import Path

from cases import PATIENCE, case, check, equal, eventually
from virtual_lab import COMMAND, TOP, Lab

STATE = Path("/run/cluster-lab-lab")


@case("lab: ls --json tells name, addresses, role and state; the page opens from this machine")
def _():
    with Lab(2) as lab:
        for node in lab.list():
            for key in ("name", "lan_address", "node_address", "role", "state"):
                check(node[key], f"{key} of {node}")
            check(node["lan_address"].startswith("198.1"), f"LAN address {node['lan_address']}")
            import urllib.request
            with urllib.request.urlopen(lab.url(node["name"], "/ui/"), timeout=5) as page:
                check(b"<html" in page.read().lower(), f"page of {node['name']}")


@case("lab: a node has its own host name, processes, mounts and network")
def _():
    with Lab(2) as lab:
        equal(lab.exec("pi2", "hostname").strip(), "pi2", "host name")
        check(len(lab.exec("pi2", "ls /proc | grep -c '^[0-9]'").strip()) < 3, "few processes")
        equal(lab.exec("pi2", "ls /run/cluster-lab-lab", may_fail=True), "", "the host's /run")
        check("pi1" not in lab.exec("pi2", "ip -o link"), "interfaces of its own")
        check(lab.exec("pi2", "ls /var/lib/cluster-lab").strip(), "data directory")


@case("lab: kill takes all of a node, start brings it back with its data")
def _():
    with Lab(2) as lab:
        node = lab.followers()[0]
        identity = lab.status(node)["node_id"]
        lab.run("kill", node)
        equal([each["state"] for each in lab.list() if each["name"] == node], ["off"], "state")
        ports = subprocess.run(["ip", "-n", f"clab-{lab.name}", "-o", "link"], capture_output=True,
                               text=True, check=True).stdout
        check(f"{node}@" not in ports, f"ports {ports}")
        lab.run("start", node)
        equal(lab.status(node)["node_id"], identity, "node id")


@case("lab: start leaves a running daemon alone, so a stop that follows stops it")
def _():
    with Lab(1) as lab:
        pid = lab.daemon_pid("pi1")
        lab.run("start", "pi1")
        equal(lab.daemon_pid("pi1"), pid, "the daemon's process id")
        lab.stop_daemon("pi1")
        eventually("the daemon stays stopped", lambda: lab.list()[0]["state"] == "stopped")
        lab.run("start", "pi1")
        lab.formed()


@case("lab: up adds what is missing to a lab that is up")
def _():
    with Lab(2) as lab:
        lab.run("kill", "pi1")
        lab.run("up", "3")
        equal(lab.names(), ["pi1", "pi2", "pi3"], "nodes")
        lab.formed()


@case("lab: two labs run at once and do not meet")
def _():
    with Lab(1) as one:
        other = Lab(1)
        other.name = f"u{os.getpid()}"
        with other:
            check(one.list()[0]["lan_address"] != other.list()[0]["lan_address"], "LAN addresses")
            equal(one.catalog("pi1"), {"pi1"}, "nodes of the one")
            equal(other.leader(), "pi1", "leader of the other")


@case("lab: down removes everything, also a half-made lab, and may be said twice")
def _():
    with Lab(2) as lab:
        pids = [int(pid) for pid in subprocess.run(
            ["pgrep", "-f", f"lab-init pi. {STATE}/{lab.name}/"], capture_output=True, text=True,
            check=True).stdout.split()]
        equal(len(pids), 2, "first processes")
        lab.in_switch("ip", "link", "del", "lan")
        lab.run("down")
        check(not (STATE / lab.name).exists(), "the state is gone")
        check(not Path(f"/run/netns/clab-{lab.name}").exists(), "the switch is gone")
        check(not Path(f"/sys/class/net/clab-{lab.name}").exists(), "the interface is gone")
        eventually("the processes are gone",
                   lambda: not any(Path(f"/proc/{pid}/ns/net").exists() and _alive(pid) for pid in pids))
        lab.run("down")


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@case("lab: up that cannot succeed says which node waits for what, and leaves the lab for looking")
def _():
    with Lab(1, wait=False) as lab:
        lab.run("down")
        done = subprocess.run([*COMMAND, "--lab", lab.name, "up", "1", "--", "--no-such-key=1"],
                              capture_output=True, text=True, timeout=60, check=False)
        equal(done.returncode, 1, "exit status")
        check("pi1" in done.stderr and "no-such-key" in done.stderr, done.stderr)
        equal(lab.names(), ["pi1"], "nodes")


@case("lab: the script answers --help at once and is quick when nothing is to be built")
def _():
    if PATIENCE > 1:
        return  # a slow machine says nothing about speed
    began = time.monotonic()
    helped = subprocess.run([TOP / "lab", "--help"], capture_output=True, text=True, check=True)
    for word in ("up", "add", "ls", "exec", "kill", "start", "unplug", "plug", "logs", "down", "test"):
        check(f"lab {word}" in helped.stdout, f"'lab {word}' in the help")
    check(time.monotonic() - began < 1, "help within a second")
    subprocess.run([TOP / "lab", "ls", "--json"], capture_output=True, check=True)
    began = time.monotonic()
    subprocess.run([TOP / "lab", "ls", "--json"], capture_output=True, check=True)
    check(time.monotonic() - began < 2, "a second ls takes less than two seconds")


@case("lab: the script's exec finds the command cluster-lab of the same build")
def _():
    if PATIENCE > 1:
        return  # in a virtual machine the script would build
    with Lab(1) as lab:
        told = subprocess.run([TOP / "lab", "exec", "pi1", "--", "cluster-lab", "status"], capture_output=True,
                              text=True, check=False, env=dict(os.environ, CLUSTER_LAB_LAB=lab.name))
        check(told.returncode == 0 and "pi1" in told.stdout, f"its status, not {told.stdout}{told.stderr}")


@case("lab: a node's card has the size that was asked for, and keeps its data over a power cut")
def _():
    with Lab(1, card=16) as lab:
        check(" 16384 " in lab.exec("pi1", "df -k /var/lib/cluster-lab"), "16 MiB")
        identity = lab.exec("pi1", "cat /var/lib/cluster-lab/node-id")
        lab.run("kill", "pi1")
        lab.run("start", "pi1")
        equal(lab.exec("pi1", "cat /var/lib/cluster-lab/node-id"), identity, "node id")
    check("/run/cluster-lab-lab/" not in open("/proc/mounts").read(), "the cards are gone")
