"""What clients saw: one Operation for each call, in a form that the checkers (history_*.py) judge."""
import json
import math
from collections import defaultdict
from dataclasses import asdict, dataclass

OK = "ok"            # it was answered: done; a compare-and-set or a lock may have answered False
FAILED = "failed"    # it certainly changed nothing
UNKNOWN = "unknown"  # no answer came: it may have been done, may be done later, or never


@dataclass(slots=True)
class Operation:
    """One call of one client. Times are seconds of one clock for all clients."""
    client: str
    kind: str               # put, delete, get, cas, acquire, release
    key: str
    start: float
    end: float
    outcome: str = OK
    value: str | None = None     # what it wrote; what a get saw; the session of a lock
    expected: str | None = None  # cas: what must have been there
    done: bool = True            # what a cas, acquire or release answered
    replicas: int | None = None  # followers that had a write when it was acknowledged
    where: str = ""              # the node or address that was asked

    @property
    def latest_effect(self):
        """The last moment at which it may have taken effect."""
        return math.inf if self.outcome == UNKNOWN else self.end


def by_key(operations):
    """Key -> its operations in the order of their starts."""
    sorted_out = defaultdict(list)
    for operation in sorted(operations, key=lambda each: each.start):
        sorted_out[operation.key].append(operation)
    return sorted_out


def save(operations, path):
    """Writes a line of JSON for each."""
    path.write_text("".join(json.dumps(asdict(each)) + "\n" for each in operations))


def load(path):
    return [Operation(**json.loads(line)) for line in path.read_text().splitlines()]
