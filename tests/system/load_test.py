"""What a crowd of clients, some of them bad, does to a node with little memory."""
import contextlib
import json
import os
from pathlib import Path

from cases import PATIENCE, case, check, equal
from virtual_lab import Lab

MEMORY = 64 << 20
CROWD = Path(__file__).resolve().parent / "crowd.py"
CONTROLLER = Path("/sys/fs/cgroup/memory")  # cgroup v1


class MemoryLimit:
    """Limits a lab node's daemon, with what the kernel takes for it, to 64 MB. Nothing is limited
    where this machine has no such controller."""

    def __init__(self, lab, node):
        self._group = CONTROLLER / f"cluster-lab-{os.getpid()}"
        self._lab, self._node = lab, node
        self.most = None

    def __enter__(self):
        if (CONTROLLER / "memory.limit_in_bytes").exists():
            with contextlib.suppress(OSError):
                self._group.mkdir()
                self._limit()
        return self

    def _limit(self):
        # What the daemon has already stays on the account of where it started.
        already = own_memory(self._lab, self._node)
        (self._group / "memory.limit_in_bytes").write_text(str(MEMORY - already))
        self._lab.exec(self._node, f"pidof cluster-labd > {self._group}/cgroup.procs")
        self.most = lambda: already + int((self._group / "memory.max_usage_in_bytes").read_text())

    def __exit__(self, *_):
        self._lab.run("kill", self._node, may_fail=True)
        with contextlib.suppress(OSError):
            self._group.rmdir()


def own_memory(lab, node):
    """Bytes that the daemon has for itself."""
    return 1024 * int(lab.exec(node, "awk '/^RssAnon/{print $2}' /proc/$(pidof cluster-labd)/status"))


def crowd(lab, what):
    """Lets a crowd loose on the node's daemon, which must survive it, and gives what it saw."""
    daemon = lab.daemon_pid("pi1")
    seen = json.loads(lab.exec("pi1", f"python3 {CROWD} {daemon} {PATIENCE} {what}"))
    equal(lab.daemon_pid("pi1"), daemon, "the daemon's process id")
    print(", ".join(f"{name} {value}" for name, value in seen.items()))
    return seen


@case("load: 2,000 idle connections, slow senders and 1,000 waiting queries leave others served, on 64 MB")
def _():
    with Lab(1) as lab, MemoryLimit(lab, "pi1") as limit:
        seen = crowd(lab, "siege")
        check(seen["threads_with_idle"] < 50, "idle connections hold no threads")
        check(seen["all_wait"], "all queries wait")
        check(seen["worst_get_ms"] < 500 * PATIENCE, "a usual client's reads are answered in time")
        check(seen["worst_put_ms"] < 2000 * PATIENCE, "a usual client's writes are answered in time")
        equal(seen["slow"], ["408"], "what slow senders are told")
        equal(seen["woken"], 1000, "queries woken by one write")
        check(seen["woken_after_ms"] < 2000 * PATIENCE, "all are woken in time")
        check(seen["anon_after_kb"] < seen["anon_alone_kb"] + 6 * 1024, "the memory comes back")
        cost = (seen["rss_with_waiting_kb"] - seen["rss_with_idle_kb"]) / 1024
        print(f"1,000 waiting queries and 100 slow senders cost {cost:.1f} MB resident")
        check(cost < 25, "waiting queries are cheap")
        check(seen["rss_with_waiting_kb"] < MEMORY >> 10, "64 MB are enough")
        if limit.most:
            print(f"with what the kernel takes for it, the daemon had {limit.most() / (1 << 20):.1f} MB at most")


@case("load: more than 1,500 waiting queries are refused, and those of clients that hung up end")
def _():
    with Lab(1) as lab:
        seen = crowd(lab, "overflow")
        equal(seen["refused"], 100, "queries for which there is no place")
        check(seen["worst_get_ms"] < 500 * PATIENCE, "a usual client is answered in time")
        check(seen["threads"] >= 1500, "the others wait")
        check(seen["threads_after"] < 50, "threads are freed when their clients have gone")
