"""What runs inside a node's network, in a thread of this process."""
import ctypes
import http.client
import threading
import time

from cases import check, eventually

LEADER = "192.168.200.1"
CLONE_NEWNET = 0x40000000
BETWEEN_TRIES = 0.01   # seconds
CONNECT_TIMEOUT = 0.1  # seconds
ANSWER_TIMEOUT = 5.0   # seconds


def enter_network(pid):
    """Puts this thread alone into the network namespace of a process; False: that has just ended."""
    try:
        with open(f"/proc/{pid}/ns/net", "rb") as network:
            return ctypes.CDLL(None, use_errno=True).setns(network.fileno(), CLONE_NEWNET) == 0
    except OSError:
        return False


class Writer(threading.Thread):
    """Puts one key after the other at the leader's address, from the network of a node's first process;
    a new connection each time, as one does who does not know whether the leader lives. Notes for each
    accepted write its key and when it ended."""

    def __init__(self, first_process):
        super().__init__(daemon=True)
        self.accepted, self._pid, self._stopped = [], first_process, threading.Event()

    def __enter__(self):
        self.start()
        eventually("the writer's first write is accepted", lambda: self.accepted)
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self.join()

    def run(self):
        check(enter_network(self._pid), "the writer's network")
        number = 0
        while not self._stopped.wait(BETWEEN_TRIES):
            number += 1
            if put(f"writer/{number}"):
                self.accepted.append((f"writer/{number}", time.monotonic()))

    def after(self, moment):
        """When the first write ended that was accepted after it."""
        return eventually("a write is accepted", lambda: next((end for _, end in self.accepted if end > moment), None))

    def longest_gap(self, begin, end):
        """The longest time between the ends of two accepted writes."""
        ends = [each for _, each in self.accepted if begin < each <= end]
        return max(later - earlier for earlier, later in zip(ends, ends[1:]))


def put(key):
    """Whether the write was accepted."""
    connection = http.client.HTTPConnection(LEADER, 8500, timeout=CONNECT_TIMEOUT)
    try:
        connection.connect()
        connection.sock.settimeout(ANSWER_TIMEOUT)
        connection.request("PUT", f"/v1/kv/{key}", "x")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
