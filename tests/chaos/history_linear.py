"""Are the operations on one key linearizable? A register with put, get, delete and compare-and-set.

The search is Wing & Gong's ("Testing and verifying concurrent objects", 1993) with Lowe's memo
("Testing for linearizability", 2017): from the front of the history, take an operation that no other
has to precede, carry it out, go on; go back where that leads nowhere. What has been tried, as a pair
(operations taken, value), is not tried again. An operation without an answer may be taken at any time
after its start, or never.
"""
from history import FAILED, OK, UNKNOWN, by_key

REGISTER = {"put", "get", "delete", "cas"}


class _Event:
    """The start or the end of an operation, in a doubly linked list in the order of time."""
    __slots__ = ("number", "operation", "end", "before", "after")

    def __init__(self, number, operation):
        self.number, self.operation = number, operation
        self.end = None  # of a start: the event of the end, if there was one
        self.before = self.after = None


def judge_registers(operations):
    """Gives the keys whose histories are not linearizable. No key exists at the beginning."""
    relevant = (each for each in operations if each.kind in REGISTER)
    return [key for key, history in by_key(relevant).items() if not linearizable(history)]


def linearizable(history, value=None):
    """Whether some order of these operations of one key explains all answers; `value` was there
    before (None: nothing)."""
    front = _linked(_worth_trying(history))
    taken, tried, path = 0, set(), []
    definite = sum(1 for event in _following(front) if event.end)
    event = front.after
    while definite:
        if event is not None and event.operation is not None:
            possible, later = _step(event.operation, value)
            memo = (taken | 1 << event.number, later)
            if possible and memo not in tried:
                tried.add(memo)
                path.append((event, taken, value))
                taken, value = memo
                definite -= event.end is not None
                _lift(event)
                event = front.after
            else:
                event = event.after
            continue
        if not path:  # at an end whose start could not be taken before it
            return False
        event, taken, value = path.pop()
        definite += event.end is not None
        _unlift(event)
        event = event.after
    return True


def _step(operation, value):
    """Whether the answer fits `value`, and the value afterwards."""
    if operation.kind == "put":
        return True, operation.value
    if operation.kind == "delete":
        return True, None
    if operation.kind == "get":
        return operation.value == value, value
    if operation.outcome == UNKNOWN:  # it would only be taken to have changed something
        return operation.expected == value, operation.value
    matches = operation.expected == value
    return matches == operation.done, operation.value if operation.done else value


def _worth_trying(history):
    """Without what certainly changed nothing, and without unanswered writes whose value nobody ever
    saw: what they might explain is a compare-and-set that was refused, nothing else."""
    seen = {each.value for each in history if each.kind == "get" and each.outcome == OK}
    seen |= {each.expected for each in history if each.kind == "cas"}
    refused = any(each.kind == "cas" and not each.done for each in history)
    kept = []
    for each in history:
        unseen = each.kind in ("put", "cas") and each.value not in seen and not refused
        silent = each.outcome == UNKNOWN and (each.kind == "get" or unseen)
        if each.outcome != FAILED and not silent:
            kept.append(each)
    return kept


def _linked(history):
    """A head before all events. Where a start and an end are at the same moment the start is first:
    so they overlap, as clocks cannot tell otherwise."""
    events = []
    for number, operation in enumerate(history):
        start = _Event(number, operation)
        events.append((operation.start, 0, number, start))
        if operation.outcome == OK:
            start.end = _Event(number, None)
            events.append((operation.end, 1, number, start.end))
    head = last = _Event(-1, None)
    for _, _, _, event in sorted(events, key=lambda each: each[:3]):
        last.after, event.before = event, last
        last = event
    return head


def _following(head):
    event = head.after
    while event is not None:
        yield event
        event = event.after


def _lift(event):
    """Takes an operation's events out of the list; _unlift in the opposite order puts them back."""
    for each in filter(None, (event, event.end)):
        each.before.after = each.after
        if each.after is not None:
            each.after.before = each.before


def _unlift(event):
    for each in filter(None, (event.end, event)):
        each.before.after = each
        if each.after is not None:
            each.after.before = each
