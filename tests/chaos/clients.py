"""Clients in the nodes' own networks, which write, lock and read all the time and note what they saw."""
import base64
import http.client
import json
import random
import threading
import time

from history import FAILED, OK, UNKNOWN, Operation
from inside import LEADER, enter_network

ITSELF = "127.0.0.1"
ANSWER_TIMEOUT = 3.0   # seconds
PAUSE_WHEN_OFF = 0.05  # seconds
SHARED_KEYS = 6
LOCKS = 2
# What certainly changed nothing: not allowed, no place on the card, too many at once.
CARD_FULL = 507
REFUSALS = {400, 403, 404, 405, 413, 429, CARD_FULL}


_BEGAN = time.monotonic()


def now():
    """Seconds since the tests began: the clock of all histories."""
    return time.monotonic() - _BEGAN


class Refused(Exception):
    """The request certainly changed nothing."""


class NoAnswer(Exception):
    """Who knows."""


class Power:
    """Which nodes are on, as the process id of their first process. Written by who pulls plugs."""

    def __init__(self):
        self._first_process = {}

    def set(self, node, pid):
        self._first_process[node] = pid

    def of(self, node):
        """None: it is off."""
        return self._first_process.get(node)


class Client(threading.Thread):
    """One client on one node: makes calls one after the other until stop(), `pace` seconds apart on
    average. `what` is a function of the client that makes one call."""

    def __init__(self, name, node, power, chance, pace, what):
        super().__init__(name=name, daemon=True)
        self.node, self.history = node, []
        self.card_full = 0.0   # when it was last told so
        self.chance, self._pace = chance, pace
        self.numbers = iter(range(1, 1 << 30))
        self._power, self._what = power, what
        self._network, self._connections = None, {}
        self._stopped = threading.Event()

    def stop(self):
        self._stopped.set()

    def run(self):
        while not self._stopped.wait(self.chance.random() * 2 * self._pace):
            if self._enter_network():
                self._what(self)
            else:
                self._stopped.wait(PAUSE_WHEN_OFF)

    def first_write(self, since):
        """When the first one was accepted at the leader's address that began after `since`; None:
        not yet."""
        first = None
        for each in reversed(self.history):
            if each.start <= since:
                return first
            if each.kind == "put" and each.outcome == OK and each.where.endswith(LEADER):
                first = each.end
        return first

    def _enter_network(self):
        """This thread alone goes into the node's network namespace, again when it is a new one."""
        pid = self._power.of(self.node)
        if pid is None or pid == self._network:
            return pid is not None
        self._connections.clear()
        entered = enter_network(pid)
        self._network = pid if entered else None
        return entered

    def new_value(self):
        """Nobody writes it twice."""
        return f"{self.name}-{next(self.numbers)}"

    def where(self):
        return self.chance.choice([LEADER, ITSELF])

    def record(self, kind, key, where, call, **more):
        """Makes the call, which gives (answer, replicas), and notes it; the answer is None where
        there was none."""
        noted = Operation(client=self.name, kind=kind, key=key, start=now(), end=0,
                          where=f"{self.node}:{where}", **more)
        answer = None
        try:
            answer, noted.replicas = call()
        except Refused:
            noted.outcome = FAILED
        except NoAnswer:
            noted.outcome = UNKNOWN
        noted.end = now()
        self.history.append(noted)
        return noted, answer

    def ask(self, where, method, target, body=None):
        """The answer's text and how many followers had the write."""
        connection = self._connections.get(where)
        if connection is None:
            connection = self._connect(where)
        try:
            connection.request(method, target, body)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as wrong:
            self._drop(where)
            raise NoAnswer(str(wrong)) from wrong
        if answer.will_close:
            self._drop(where)
        if answer.status == CARD_FULL:
            self.card_full = now()
        if answer.status in REFUSALS:
            raise Refused(text)
        if answer.status != 200:
            raise NoAnswer(text)
        replicas = answer.headers.get("X-ClusterLab-Replicas")
        return text, None if replicas is None else int(replicas)

    def _connect(self, where):
        connection = http.client.HTTPConnection(where, 8500, timeout=ANSWER_TIMEOUT)
        try:
            connection.connect()
        except OSError as wrong:  # nothing was sent
            raise Refused(str(wrong)) from wrong
        self._connections[where] = connection
        return connection

    def _drop(self, where):
        self._connections.pop(where).close()


# --- what clients do

def write_own(client):
    """Puts keys of its own, each once; now and then deletes one."""
    key, where = f"own/{client.name}/{next(client.numbers)}", client.where()
    value = client.new_value()
    noted, _ = client.record("put", key, where, lambda: accepted(client, where, "PUT", key, value), value=value)
    if noted.outcome == OK and client.chance.random() < 0.1:
        client.record("delete", key, where, lambda: accepted(client, where, "DELETE", key))


def write_shared(client):
    """Puts and reads keys that all clients write."""
    key, where = f"shared/{client.chance.randrange(SHARED_KEYS)}", client.where()
    if client.chance.random() < 0.3:
        read_register(client, key, LEADER)
        return
    value = client.new_value()
    client.record("put", key, where, lambda: accepted(client, where, "PUT", key, value), value=value)


def compare_and_set(client):
    """Reads a key at the leader, and replaces what it saw."""
    key = f"registers/{client.chance.randrange(SHARED_KEYS)}"
    noted, seen = read_register(client, key, LEADER)
    if noted.outcome != OK:
        return
    value, index = client.new_value(), seen["ModifyIndex"] if seen else 0

    def call():
        text, replicas = client.ask(LEADER, "PUT", f"/v1/kv/{key}?cas={index}", value)
        return text.strip() == "true", replicas
    noted, done = client.record("cas", key, LEADER, call, value=value, expected=noted.value)
    noted.done = done is not False


def lock(client):
    """Takes a lock with a new session, holds it for a moment, and gives it back."""
    key, where = f"locks/{client.chance.randrange(LOCKS)}", ITSELF
    try:
        body = json.dumps({"LockDelay": "0s", "TTL": "10s", "Behavior": "delete"})
        text, _ = client.ask(where, "PUT", "/v1/session/create", body)
        session = json.loads(text)["ID"]
    except (Refused, NoAnswer):
        return
    if _locked(client, "acquire", key, where, session):
        time.sleep(client.chance.random() * 0.2)  # the time for which it is held
        _locked(client, "release", key, where, session)
    try:
        client.ask(where, "PUT", f"/v1/session/destroy/{session}")
    except (Refused, NoAnswer):
        pass  # its TTL ends it


def _locked(client, kind, key, where, session):
    def call():
        text, replicas = client.ask(where, "PUT", f"/v1/kv/{key}?{kind}={session}", session)
        return text.strip() == "true", replicas
    noted, done = client.record(kind, key, where, call, value=session)
    noted.done = bool(done)
    return noted.done


def accepted(client, where, method, key, body=None):
    text, replicas = client.ask(where, method, f"/v1/kv/{key}", body)
    if text.strip() != "true":
        raise NoAnswer(text)
    return True, replicas


def read_register(client, key, where):
    """Notes what was there; gives the row, too."""
    def call():
        try:
            text, replicas = client.ask(where, "GET", f"/v1/kv/{key}?consistent")
            return json.loads(text)[0], replicas
        except Refused as missing:
            if str(missing):
                raise
            return None, None  # 404 without a word: there is no such key
    noted, row = client.record("get", key, where, call)
    noted.value = base64.b64decode(row["Value"]).decode() if row else None
    return noted, row


WORK = {"own": write_own, "shared": write_shared, "cas": compare_and_set, "lock": lock}


def start_clients(nodes, power, seed, pace):
    """Two writers and one of the others on every node."""
    clients = []
    for number, node in enumerate(nodes):
        for work in ("own", "shared", ("cas", "lock")[number % 2]):
            name = f"{node}-{work}"
            clients.append(Client(name, node, power, random.Random(f"{seed} {name}"), pace, WORK[work]))
    for client in clients:
        client.start()
    return clients
