"""The cluster's names, asked at every node, at the leader address, and by the C library."""
import json
import os
import struct
import subprocess
import tempfile
from pathlib import Path

from cases import Failure, case, check, equal, eventually
from virtual_lab import BUILD, COMMAND, LEADER_ADDRESS, Lab

TYPES = {"A": 1, "PTR": 12, "SRV": 33}
RCODES = {0: "NOERROR", 3: "NXDOMAIN", 5: "REFUSED"}

# Runs on a node: sends the bytes of a query to ADDRESS PORT, by udp or tcp, and prints those of the answer.
ASK = """
import socket, sys
address, port, kind, query = sys.argv[1], int(sys.argv[2]), sys.argv[3], bytes.fromhex(sys.argv[4])
if kind == "udp":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(3)
        one.connect((address, port))
        one.send(query)
        print(one.recv(65535).hex())
else:
    with socket.create_connection((address, port), 3) as one:
        one.sendall(len(query).to_bytes(2, "big") + query)
        with one.makefile("rb") as stream:
            print(stream.read(int.from_bytes(stream.read(2), "big")).hex())
"""

# Holds the port until it is hung up.
HOLD = """
import socket, sys
one = socket.socket()
one.bind(("", 8600))
one.listen()
print("held", flush=True)
sys.stdin.read()
"""


def wire_name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def read_name(data, at):
    labels = []
    while data[at]:
        if data[at] >= 0xC0:
            rest, _ = read_name(data, struct.unpack_from(">H", data, at)[0] & 0x3FFF)
            return ".".join([*labels, rest]), at + 2
        labels.append(data[at + 1:at + 1 + data[at]].decode())
        at += 1 + data[at]
    return ".".join(labels), at + 1


def read_answers(data):
    """The data of the answers of the types above, as text."""
    count = struct.unpack_from(">H", data, 6)[0]
    _, at = read_name(data, 12)
    at += 4
    found = []
    for _ in range(count):
        _, at = read_name(data, at)
        kind, _, _, size = struct.unpack_from(">HHIH", data, at)
        at += 10
        if kind == TYPES["A"]:
            found.append(".".join(str(byte) for byte in data[at:at + 4]))
        elif kind == TYPES["PTR"]:
            found.append(read_name(data, at)[0])
        elif kind == TYPES["SRV"]:
            found.append(f"{struct.unpack_from('>H', data, at + 4)[0]} {read_name(data, at + 6)[0]}")
        at += size
    return found


def ask(lab, node, name, kind="A", server="127.0.0.1:8600", by="udp"):
    """(rcode, sorted answers) that a server gives the node."""
    query = struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0) + wire_name(name) + struct.pack(">HH", TYPES[kind], 1)
    address, port = server.split(":")
    printed = lab.exec(node, f"python3 -c '{ASK}' {address} {port} {by} {query.hex()}")
    data = bytes.fromhex(printed.strip())
    return RCODES.get(data[3] & 0x0F, data[3] & 0x0F), sorted(read_answers(data))


def served(lab, node):
    """Does the node's own server know its name? It may be off."""
    try:
        return ask(lab, node, f"{node}.node.consul")[0] == "NOERROR"
    except Failure:
        return False


def register(lab, node, service):
    text = json.dumps(service)
    lab.exec(node, f"curl -sf -m 5 -X PUT --data '{text}' http://127.0.0.1:8500/v1/catalog/register")


@case("dns: every node knows the names of nodes and services, and so does the leader address")
def _():
    with Lab(2) as lab:
        addresses = lab.node_addresses()
        for name, address in addresses.items():
            register(lab, lab.leader(), {"Node": name, "Address": address, "SkipNodeUpdate": True,
                                         "Service": {"Service": "web", "Port": 80}})
        targets = sorted(f"80 {name}.node.dc1.consul" for name in addresses)
        for node in lab.names():
            for server in ("127.0.0.1:8600", f"{LEADER_ADDRESS}:53"):
                for name, address in addresses.items():
                    equal(ask(lab, node, f"{name}.node.consul", server=server), ("NOERROR", [address]),
                          f"{name} at {server} from {node}")
                eventually(f"{server} tells {node} the service", lambda: ask(
                    lab, node, "_web._tcp.service.consul", "SRV", server) == ("NOERROR", targets), 5)
                equal(ask(lab, node, "web.service.consul", server=server, by="tcp"),
                      ("NOERROR", sorted(addresses.values())), f"by TCP at {server}")
                equal(ask(lab, node, "nobody.node.consul", server=server)[0], "NXDOMAIN", "an unknown name")
                equal(ask(lab, node, "example.org", server=server)[0], "REFUSED", "a name outside")
            octets = addresses[node].split(".")
            equal(ask(lab, node, ".".join(reversed(octets)) + ".in-addr.arpa", "PTR"),
                  ("NOERROR", [f"{node}.node.dc1.consul"]), "the reverse name")


@case("dns: the names of a node that is silent go on, its services do not")
def _():
    with Lab(2) as lab:
        addresses = lab.node_addresses()
        gone = lab.followers()[0]
        register(lab, lab.leader(), {"Node": gone, "Address": addresses[gone], "SkipNodeUpdate": True,
                                     "Service": {"Service": "web", "Port": 80}})
        leader = lab.leader()
        eventually("the service is told", lambda: ask(lab, leader, "web.service.consul")[1] == [addresses[gone]], 5)
        lab.run("kill", gone)
        eventually("the service is not told any more",
                   lambda: ask(lab, leader, "web.service.consul")[0] == "NXDOMAIN", 10)
        equal(ask(lab, leader, f"{gone}.node.consul"), ("NOERROR", [addresses[gone]]), "its own name")


@case("dns: a port that is taken is told, and the node goes on")
def _():
    with Lab(1) as lab:
        lab.stop_daemon("pi1")
        with subprocess.Popen([*COMMAND, "--lab", lab.name, "exec", "pi1", "--", "python3", "-c", HOLD], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            equal(holder.stdout.readline(), "held\n", "the port's holder")
            lab.run("start", "pi1")
            lab.formed()
            eventually("it says so", lambda: "8600" in lab.problems("pi1").get("dns_port_taken", ""))
            holder.stdin.close()
        eventually("it serves names", lambda: served(lab, "pi1"))
        check("dns_port_taken" not in lab.problems("pi1"), "the problem is gone")


@case("dns: programs find the cluster's names by the C library, and all others as before")
def _():
    with Lab(2) as lab, tempfile.TemporaryDirectory() as folder:
        switch = Path(folder) / "nsswitch.conf"
        switch.write_text("hosts: files cluster_lab dns\n")
        os.chmod(folder, 0o755)
        library = BUILD / "src/nss"

        def look_up(node, words):
            command = f"mount --bind {switch} /etc/nsswitch.conf && LD_LIBRARY_PATH={library} getent {words}"
            return lab.exec(node, f"unshare -m sh -c '{command}'", may_fail=True)

        for node in lab.names():
            for name, address in lab.node_addresses().items():
                check(address in look_up(node, f"ahosts {name}.node.consul"), f"{name} on {node}")
                check(address in look_up(node, f"hosts {name}.node.consul"), f"{name} on {node}")
            equal(look_up(node, "ahosts nobody.node.consul"), "", "an unknown name")
            check("127.0.0.1" in look_up(node, "ahosts localhost"), "localhost")
