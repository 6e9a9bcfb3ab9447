"""Did two sessions ever hold the same lock at once?

A session that ends loses its locks without a word, so an acknowledged acquire alone tells only that the
session had the lock at some moment of that call. A release that was answered True tells more: the
session had the lock from its acquire on until then, for an ended session never comes back.
"""
from dataclasses import dataclass

from history import OK, by_key


@dataclass
class _Hold:
    session: str
    since: float       # from here on ...
    until: float       # ... to here it certainly had the lock; before `since` where only a moment is known
    earliest: float    # that moment is not before this ...
    latest: float      # ... and not after this


def judge_locks(operations):
    """Gives a sentence for each pair of sessions that held a lock at once. What was acknowledged by
    a leader alone (replicas 0) is left out: both halves of a split may do that."""
    wrong = []
    locks = (each for each in operations if each.kind in ("acquire", "release"))
    for key, history in by_key(locks).items():
        holds = sorted(_holds(history), key=lambda each: each.earliest)
        wrong += [f"lock {key}: {one.session} had it from {one.since:.3f} to {one.until:.3f} s, and "
                  f"{other.session} between {other.earliest:.3f} and {other.latest:.3f} s"
                  for one in holds for other in holds if _meet(one, other)]
    return wrong


def _meet(one, other):
    """Whether `other` certainly had it while `one` did: reported once for each pair."""
    if one.session == other.session or one.until <= one.since:
        return False
    if other.until > other.since:
        return max(one.since, other.since) < min(one.until, other.until) and one.since <= other.since
    return one.since < other.earliest and other.latest < one.until


def _holds(history):
    held = {}
    for each in history:
        if each.outcome != OK or not each.done or each.replicas == 0:
            if each.kind == "release":  # who knows: what was known until here stays a moment
                yield from filter(None, [held.pop(each.value, None)])
            continue
        if each.kind == "acquire":
            # Again by the same session: it goes on holding, nothing new is known.
            held.setdefault(each.value, _Hold(each.value, each.end, each.end, each.start, each.end))
        elif each.value in held:
            hold = held.pop(each.value)
            hold.until = each.start
            yield hold
    yield from held.values()
