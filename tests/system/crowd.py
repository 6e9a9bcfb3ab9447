"""A crowd at a node's :8500, for load_test.py: crowd.py DAEMON-PID PATIENCE siege|overflow. Runs on
the node and prints what it saw as JSON.

The crowd comes from many loopback addresses, since each may have 200 connections only."""
import json
import resource
import selectors
import socket
import sys
import time

PER_ADDRESS = 100
FEW_THREADS = 50  # of a daemon that has nothing to do
SERVER = ("127.0.0.1", 8500)
PATIENCE = float(sys.argv[2])


def get(target):
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def put(target, value):
    return (f"PUT {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(value)}\r\n\r\n"
            f"{value}").encode()


class Crowd:
    """Connections from addresses 127.0.GROUP.x."""

    def __init__(self, group, count):
        self.sockets = []
        for number in range(count):
            one = socket.socket()
            one.bind((f"127.0.{group}.{1 + number // PER_ADDRESS}", 0))
            one.settimeout(10 * PATIENCE)
            one.connect(SERVER)
            self.sockets.append(one)

    def send(self, data):
        for one in self.sockets:
            one.sendall(data)

    def answers(self, seconds, enough=None):
        """The status lines of those that are answered within that time, or until enough are."""
        seen = {}
        with selectors.DefaultSelector() as selector:
            for one in self.sockets:
                selector.register(one, selectors.EVENT_READ)
            deadline = time.monotonic() + seconds * PATIENCE
            while len(seen) < (enough or len(self.sockets)) and time.monotonic() < deadline:
                for key, _ in selector.select(0.1):
                    head = key.fileobj.recv(65536).split(b"\r\n", 1)[0].decode()
                    seen[key.fileobj] = head.split(" ")[1] if head else "closed"
                    selector.unregister(key.fileobj)
        return list(seen.values())

    def close(self):
        for one in self.sockets:
            one.close()


def daemon(field):
    """A number of the daemon's /proc/PID/status."""
    with open(f"/proc/{sys.argv[1]}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field + ":"))


class Visitor:
    """A usual client with one connection."""

    def __init__(self):
        self.socket = socket.create_connection(SERVER, timeout=10 * PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request):
        """The answer's first bytes, and how many milliseconds it took."""
        began = time.monotonic()
        self.socket.sendall(request)
        answer = self.socket.recv(65536).decode()
        return answer, (time.monotonic() - began) * 1000

    def worst(self, make_request, times):
        took = []
        for number in range(times):
            answer, milliseconds = self.ask(make_request(number))
            assert answer.startswith("HTTP/1.1 200 "), answer
            took.append(milliseconds)
        return max(took)


def index_of(answer):
    return next(line.split(" ")[1] for line in answer.split("\r\n")
                if line.lower().startswith("x-consul-index:"))


def eventually(look, seconds):
    deadline = time.monotonic() + seconds * PATIENCE
    while not look() and time.monotonic() < deadline:
        time.sleep(0.05)
    return look()


def blocking_question(visitor):
    """A question for the key "load" that waits until it is written."""
    visitor.ask(put("/v1/kv/load", "before"))
    return get(f"/v1/kv/load?index={index_of(visitor.ask(get('/v1/kv/load'))[0])}&wait=5m")


def siege(visitor, seen):
    """Idle connections, slow senders and waiting queries, all at once; one write wakes them."""
    question = blocking_question(visitor)
    seen["anon_alone_kb"] = daemon("RssAnon")
    idle = Crowd(1, 2000)
    for one in idle.sockets[::2]:
        one.sendall(get("/v1/status/leader"))
    idle.answers(10, enough=1000)
    eventually(lambda: daemon("Threads") < FEW_THREADS, 20)
    seen["threads_with_idle"] = daemon("Threads")
    seen["rss_with_idle_kb"] = daemon("VmRSS")

    slow = Crowd(2, 100)
    slow.send(b"GET /v1/status/leader HTTP/1.1\r\nX-Slow: ")
    waiting = Crowd(3, 1000)
    waiting.send(question)
    seen["all_wait"] = eventually(lambda: daemon("Threads") >= 1100, 20)
    seen["rss_with_waiting_kb"] = daemon("VmRSS")
    seen["worst_get_ms"] = visitor.worst(lambda _: get("/v1/kv/load"), 200)
    seen["worst_put_ms"] = visitor.worst(lambda number: put("/v1/kv/other", str(number)), 20)
    seen["slow"] = sorted(set(slow.answers(20)))

    began = time.monotonic()
    visitor.ask(put("/v1/kv/load", "now"))
    seen["woken"] = waiting.answers(20).count("200")
    seen["woken_after_ms"] = (time.monotonic() - began) * 1000
    for crowd in (idle, slow, waiting):
        crowd.close()
    eventually(lambda: daemon("RssAnon") < seen["anon_alone_kb"] + 6 * 1024, 15)
    seen["anon_after_kb"] = daemon("RssAnon")


def overflow(visitor, seen):
    """More queries than may wait, from clients that hang up then."""
    crowd = Crowd(4, 1600)
    crowd.send(blocking_question(visitor))
    seen["refused"] = crowd.answers(20, enough=100).count("503")
    seen["worst_get_ms"] = visitor.worst(lambda _: get("/v1/kv/load"), 50)
    seen["threads"] = daemon("Threads")
    crowd.close()
    # Nothing wakes them but that their clients have gone.
    eventually(lambda: daemon("Threads") < FEW_THREADS, 20)
    seen["threads_after"] = daemon("Threads")


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
    seen = {}
    {"siege": siege, "overflow": overflow}[sys.argv[3]](Visitor(), seen)
    print(json.dumps(seen))


main()
