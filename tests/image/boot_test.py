#!/usr/bin/env python3
"""boot_test.py armhf|arm64 IMAGE.img: two boards with the same flashed image on a switch become one cluster, and stay one
when the leader's plug is pulled. As root under unshare --net; image/test does all that."""
import contextlib
import json
import os
import re
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from cases import case, check, equal, eventually, run_all
from guest import MODEL, Guest, Switch, run, serial

BOOT_TIME = 600.0  # seconds; an emulated board on a busy machine
NAMES = {1: "pi-3f01", 2: "kitchen"}  # the first one's is made of its serial number
MISTAKE = "/boot/firmware/cluster-lab.conf:2: wifi.country = Germany: expected two capital letters, as in DE"
LOGS = Path(os.environ.get("CLUSTER_LAB_BOOT_LOGS", "/tmp"))
guests = {}


def make_guests(stack, architecture, image):
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cluster-lab-boot-", dir=LOGS)))
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key")
    switch = Switch(folder)
    stack.callback(switch.close)
    key = "user.ssh-key = " + (folder / "key.pub").read_text().strip()
    cards = {1: key + "\n", 2: f"host.name = kitchen\r\nwifi.country = Germany\r\n{key}\r\n"}
    for number, card in cards.items():
        guests[number] = Guest(switch, architecture, image, folder, number, card)
        stack.callback(guests[number].pull_the_plug)
    stack.callback(keep_logs, folder)


def keep_logs(folder):
    for log in folder.glob("*.log"):
        (LOGS / f"boot-{log.name}").write_bytes(log.read_bytes())


def get(guest, target):
    """What this board's :8500 answers over the LAN."""
    with urllib.request.urlopen(f"http://{guest.address}:8500{target}", timeout=10) as answer:
        return json.load(answer)


def listed(guest):
    return {node["Node"]: node["Address"] for node in get(guest, "/v1/catalog/nodes")}


def status(guest):
    return get(guest, "/cluster/v1/status")


def by_role():
    """The leading guest and the other one, which is listed a moment before it follows."""
    def look():
        roles = {status(guest)["role"]: guest for guest in guests.values()}
        equal(set(roles), {"leader", "follower"}, "roles")
        return roles["leader"], roles["follower"]
    return eventually("one leads and one follows", look, 60)


def alike(command):
    """What the command prints on both boards."""
    return [guest.ssh(command) for guest in guests.values()]


def show(guest, unit, *properties):
    """These properties of a unit, by systemd's word."""
    told = guest.ssh(" ".join(["systemctl", "show", unit, *(f"-p {each}" for each in properties)]))
    return dict(line.split("=", 1) for line in told.splitlines())


def tell_the_way(guest):
    """Prints how the time from power-on was spent, by systemd's word; of a busy machine it says little."""
    times = eventually("the boot has come to its end", lambda: guest.ssh("systemd-analyze time"), 180)
    print(f"board {guest.number}: {times.splitlines()[0]}", flush=True)
    for unit in ("cluster-lab-card", "cluster-start"):
        told = show(guest, unit, "InactiveExitTimestampMonotonic", "ActiveEnterTimestampMonotonic", "CPUUsageNSec")
        begin, ready = (int(told[each + "TimestampMonotonic"]) / 1e6 for each in ("InactiveExit", "ActiveEnter"))
        used = int(told["CPUUsageNSec"]) / 1e9
        print(f"board {guest.number}: {unit}: from {begin:.1f} to {ready:.1f} s, {used:.1f} s of processor time by now", flush=True)


def tell_the_log(guest):
    """Prints what the daemon said, with seconds since power-on."""
    print(guest.ssh("sudo journalctl -b -o short-monotonic --no-hostname -u cluster-start"), flush=True)


def age_of_daemon(guest):
    """Seconds since the daemon that came with the boot was ready; it must not have been started again."""
    told = show(guest, "cluster-start", "NRestarts", "ActiveState", "ActiveEnterTimestampMonotonic")
    equal((told["NRestarts"], told["ActiveState"]), ("0", "active"), f"the daemon of board {guest.number}")
    uptime = float(guest.ssh("cat /proc/uptime").split()[0])
    return uptime - int(told["ActiveEnterTimestampMonotonic"]) / 1e6


@case("boot: two boards with the same image list each other on :8500")
def _():
    for guest in guests.values():
        guest.power_on()
    waiting = set(guests.values())
    def look():
        for guest in list(waiting):
            check(guest.is_on(), f"board {guest.number} is off")
            if set(listed(guest)) == set(NAMES.values()):
                print(f"board {guest.number} lists both {time.monotonic() - guest.powered:.0f} s after power-on", flush=True)
                waiting.discard(guest)
        return not waiting
    eventually("both list both", look, BOOT_TIME)
    by_role()
    for guest in guests.values():
        tell_the_way(guest)
        tell_the_log(guest)


@case("boot: the cluster's segment is VLAN 200")
def _():
    for guest in guests.values():
        check("vlan protocol 802.1Q id 200" in guest.ssh("ip -d link show eth0.200"), "no VLAN 200")
        check(listed(guest)[NAMES[guest.number]].startswith("192.168.200."), f"{listed(guest)}")
    leader, other = by_role()
    check(" 192.168.200.1/" in leader.ssh("ip -4 address show eth0.200"), "the leader has no leader address")
    other.ssh("sudo ping -c 1 -W 10 -I eth0.200 192.168.200.1")


@case("boot: the two cards differ in all that makes a machine, and the name is the file's or the board's")
def _():
    for command in ("cat /etc/machine-id", "cat /etc/ssh/ssh_host_ed25519_key.pub", "cat /etc/ssh/ssh_host_ecdsa_key.pub"):
        one, other = alike(command)
        check(one and other and one != other, f"{command}: {one!r} and {other!r}")
    equal(alike("hostname"), list(NAMES.values()), "host names")
    one, other = (status(guest)["node_id"] for guest in guests.values())
    check(one != other, "the same node id")


@case("boot: a mistake in the file is told on the console and in the log, and the board takes part")
def _():
    told = guests[2].ssh("sudo journalctl -b -o cat -u cluster-lab-card")
    check(MISTAKE in told, f"log: {told}")
    check(MISTAKE in guests[2].console.read_text(errors="replace"), "not on the console")
    equal(guests[1].ssh("ls /run/cluster-lab-card"), "cluster-lab.conf", "mistakes of a file without any")


@case("boot: each node tells what board it is, to the cluster too")
def _():
    for guest in guests.values():
        told = status(guest)["board"]
        equal(told["model"], MODEL, "model")
        check(told["memory"]["total_bytes"] > 400 << 20, f"memory: {told['memory']}")
        metas = {node["Node"]: node["Meta"] for node in get(guest, "/v1/catalog/nodes")}
        for other in guests.values():
            equal(metas[NAMES[other.number]].get("pi-serial"), serial(other.number), "serial number")


@case("boot: the ACT LED shows the role of one, and the other's mistake")
def _():
    shown = {"leader": "default-on", "follower": "heartbeat"}[status(guests[1])["role"]]
    def trigger(guest):
        return re.search(r"\[(.+)\]", guest.ssh("cat /sys/class/leds/ACT/trigger")).group(1)
    equal(trigger(guests[1]), shown, "the LED's trigger")
    equal(trigger(guests[2]), "timer", "the LED's trigger where the file has a mistake")
    equal(guests[2].ssh("cat /sys/class/leds/ACT/delay_on"), "100", "milliseconds lit")


@case("boot: the root file system fills the card, which is spared; memory is counted by cgroups and swapped to itself")
def _():
    guest = guests[1]
    eventually("the root file system has grown",
               lambda: int(guest.ssh("df -BM --output=size / | tail -1").strip("M ")) > 2500, 120)
    options = guest.ssh("findmnt -n -o OPTIONS /")
    check("noatime" in options and "commit=60" in options, options)
    check("memory" in guest.ssh("cat /sys/fs/cgroup/cgroup.controllers"), "no cgroup of memory")
    swaps = guest.ssh("tail -n +2 /proc/swaps").split("\n")
    check(len(swaps) == 1 and swaps[0].startswith("/dev/zram0"), f"swap: {swaps}")
    equal(guest.ssh("sudo find /var/log/journal -type f"), "", "log on the card")
    equal(guest.ssh("systemctl --failed --no-legend"), "", "failed units")


@case("boot: a minute after it was ready the daemon, which has given its program's text back by then, is still the same")
def _():
    for guest in guests.values():
        eventually(f"board {guest.number} is a minute old", lambda guest=guest: age_of_daemon(guest) > 60, 120)
    by_role()


@case("boot: when the leader's plug is pulled the other leads, and has the first one as critical")
def _():
    leader, other = by_role()
    lost = NAMES[leader.number]
    leader.pull_the_plug()
    pulled = time.monotonic()
    eventually("the other leads", lambda: status(other)["role"] == "leader", 60)
    print(f"the other leads {time.monotonic() - pulled:.1f} s later", flush=True)
    def critical():
        checks = get(other, f"/v1/health/node/{lost}")
        return [each for each in checks if each["CheckID"] == "serfHealth" and each["Status"] == "critical"]
    eventually(f"{lost} is critical", critical, 60)
    equal(set(listed(other)), set(NAMES.values()), "the nodes that it lists")


if __name__ == "__main__":
    chosen, flashed = sys.argv[1:3]
    del sys.argv[1:3]
    with contextlib.ExitStack() as cleanup:
        make_guests(cleanup, chosen, flashed)
        run_all()
