"""Where the clients find their registry: on a node of a virtual lab, or, to prove the cases themselves,
at a real Consul. Everything is on 127.0.0.1 of a network namespace of its own."""
import ctypes
import http.server
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from cases import Failure, Skip, eventually
from virtual_lab import Lab

TOP = Path(__file__).resolve().parents[2]
DEBIAN_11 = TOP / "build/debian11/usr/bin"
CLONE_NEWNET = 0x40000000  # sched.h

_libc = ctypes.CDLL(None, use_errno=True)


class Place:
    """A registry as its clients see it. A case takes the one it gets from here()."""

    def __init__(self, port=8500, dns_port=8600):
        self.port = port
        self.dns_port = dns_port
        self.address = f"127.0.0.1:{port}"
        self.url = f"http://{self.address}"

    def request(self, method, target, body=None):
        """(status, text, headers) of the answer."""
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        asked = urllib.request.Request(self.url + target, data=data, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(), refused.headers

    def ask(self, method, target, body=None):
        """The answer as JSON, None for an empty one; any other status than 200 is a failure."""
        status, text, _ = self.request(method, target, body)
        if status != 200:
            raise Failure(f"{method} {target}: {status} {text}")
        return json.loads(text) if text.strip() else None

    def get(self, target):
        return self.ask("GET", target)

    def put(self, target, body=None):
        return self.ask("PUT", target, body)

    def self(self):
        """(name, address) of the node that answers."""
        member = self.get("/v1/agent/self")["Member"]
        return member["Name"], member["Addr"]


_here = []


def here():
    """The registry that the running case is to use."""
    return _here[-1]


@contextmanager
def at(place):
    _here.append(place)
    try:
        yield place
    finally:
        _here.pop()


def debian_11(program):
    """The path of a program out of Debian 11; skips the case where that could not be had."""
    path = DEBIAN_11 / program
    if not path.exists():
        why = os.environ.get("CLUSTER_LAB_NO_DEBIAN_11") or "tests/support/consul_package was not run"
        raise Skip(f"no {program} of Debian 11: {why}")
    return str(path)


def _set_namespace(descriptor):
    if _libc.setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


@contextmanager
def network(path=None):
    """This process, and what it starts, live in that network namespace; None: in a new one."""
    own = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        if path:
            other = os.open(path, os.O_RDONLY)
            _set_namespace(other)
            os.close(other)
        else:
            if _libc.unshare(CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "unshare")
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        yield
    finally:
        _set_namespace(own)
        os.close(own)


class Program:
    """`with Program(words) as process:` runs it and ends it, its children too. Its output: log()."""

    def __init__(self, words, **options):
        self._words = [str(word) for word in words]
        self._options = options
        self._output = tempfile.TemporaryFile()

    def __enter__(self):
        self.process = subprocess.Popen(self._words, stdin=subprocess.DEVNULL, stdout=self._output,
                                        stderr=subprocess.STDOUT, start_new_session=True, **self._options)
        return self

    def __exit__(self, kind, wrong, trace):
        self.stop()
        if isinstance(wrong, Failure):
            print(f"--- output of {self._words[0]}\n{self.log()[-3000:]}", flush=True)

    def stop(self, how=signal.SIGTERM):
        for signal_, grace in ((how, 10), (signal.SIGKILL, 5)):
            try:
                os.killpg(self.process.pid, signal_)
                self.process.wait(grace)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self.process.wait(5)

    def log(self):
        return Path(f"/proc/self/fd/{self._output.fileno()}").read_text(errors="replace")


class _Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # the name that the library calls
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.text.encode())

    def log_message(self, *_):
        pass


@contextmanager
def answering(text="ok"):
    """A small web server on 127.0.0.1 in the registry's network: its `port`, `url`, settable `status`."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as server:
        server.port = server.server_address[1]
        server.url = f"http://127.0.0.1:{server.port}/"
        server.status, server.text = 200, text
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        try:
            yield server
        finally:
            server.shutdown()
            serving.join()


@contextmanager
def scratch(owner=None):
    """A folder for the time of a case."""
    folder = Path(tempfile.mkdtemp(prefix="cluster-lab-clients-"))
    try:
        if owner:
            shutil.chown(folder, owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def real_consul(offset=0, name="real", address="127.0.0.1"):
    """A Consul 1.8.7 that listens on the usual ports plus `offset`, with that name and address."""
    program = debian_11("consul")
    place = Place(8500 + offset, 8600 + offset)
    config = {"performance": {"raft_multiplier": 1}, "telemetry": {"prometheus_retention_time": "1h"},
              "leave_on_terminate": False, "disable_update_check": True, "enable_local_script_checks": False,
              "limits": {"http_max_conns_per_client": 4000}}
    ports = {"http": 8500, "dns": 8600, "server": 8300, "serf_lan": 8301, "serf_wan": 8302}
    config["ports"] = {port: number + offset for port, number in ports.items()}
    with scratch() as folder:
        (folder / "config.json").write_text(json.dumps(config))
        words = [program, "agent", "-server", "-bootstrap-expect=1", f"-node={name}", "-client=127.0.0.1",
                 f"-bind={address}", f"-data-dir={folder}/data",
                 f"-config-file={folder}/config.json"]
        with Program(words) as consul:
            place.process = consul.process
            eventually("the real Consul leads and its node's health is known",
                       lambda: place.get(f"/v1/health/node/{name}"), 30)
            eventually("its agent has told of itself", lambda: place.get("/v1/catalog/nodes")[0]["Meta"], 30)
            yield place


def _network_of(lab, node):
    """The node's network namespace: that of its first process."""
    state = json.loads(Path(f"/run/cluster-lab-lab/{lab.name}/lab.json").read_text())
    process = next(each["pid"] for each in state["nodes"] if f"pi{each['index']}" == node)
    return f"/proc/{process}/ns/net"


@contextmanager
def lab_place():
    """On the follower of a lab of two: there the whole way to the leader is in it."""
    with Lab(2) as lab:
        with network(_network_of(lab, lab.followers()[0])), at(Place()) as place:
            yield place


@contextmanager
def consul_place():
    with network(), real_consul() as place, at(place):
        yield place


@contextmanager
def one_node(kind, *options):
    """The registry that is compared with a real Consul: a lab's only node; a real Consul where `kind` says so."""
    if kind == "consul":
        with network(), real_consul() as place:
            yield place
    else:
        with Lab(1, *options) as lab, network(_network_of(lab, "pi1")):
            yield Place()
