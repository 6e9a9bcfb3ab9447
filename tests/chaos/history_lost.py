"""Was an acknowledged write lost?"""
import base64
from dataclasses import dataclass

from history import FAILED, OK, by_key

WRITES = {"put", "delete", "cas"}


@dataclass
class Lost:
    """A write that the end does not show, and what is there in its place."""
    write: object
    found: str | None
    why: str

    def __str__(self):
        write = self.write
        return (f"{write.kind} of {write.key} = {write.value} by {write.client} at {write.where}, "
                f"{write.start:.3f} to {write.end:.3f} s, replicas {write.replicas}: {self.why}; "
                f"the end has {self.found!r}")


def judge_writes(operations, final, lost_files=(), excused_until=0.0):
    """Gives what is wrong. `final` is key -> value at the end. A write that was acknowledged must be
    there, or another that may have come after it. One that no follower had (replicas 0), or that was
    acknowledged before `excused_until` (a power cut of the whole cluster, after which old copies may
    have gone first), may be missing if one of `lost_files` (texts) tells of it."""
    told = Told(lost_files)
    wrong = []
    writes_of = by_key(each for each in operations if each.kind in WRITES and each.done)
    for key, writes in writes_of.items():
        wrong += _judge_key(writes, final.get(key), told, excused_until)
    return wrong


def _judge_key(writes, found, told, excused_until):
    source = next((each for each in writes if each.value == found and found is not None), None)
    if source is None and found is not None:
        return [Lost(writes[0], found, "nobody wrote what is there")]
    if source is not None and source.outcome == FAILED:
        return [Lost(source, found, "it was refused, and is there all the same")]
    wrong = []
    for write in writes:
        if write.outcome != OK or _covers(writes, found, source, write):
            continue
        excused = write.replicas == 0 or write.end <= excused_until
        if not (excused and told.of(write)):
            wrong.append(Lost(write, found, "lost" if not excused else "lost, and in no lost/*.json"))
    return wrong


def _covers(writes, found, source, write):
    """What is there is this write's, or of one that may have come after it."""
    if found is not None:
        return source is write or source.latest_effect >= write.start
    deletes = (each for each in writes if each.kind == "delete" and each.outcome != FAILED)
    return any(each is write or each.latest_effect >= write.start for each in deletes)


class Told:
    """What the files of lost writes tell, whatever their form: a value stands in them as it is or as
    base64, a deleted key as it is."""

    def __init__(self, texts):
        self._text = "\n".join(texts)

    def of(self, write):
        if write.kind == "delete":
            return write.key in self._text
        return write.value in self._text or base64.b64encode(write.value.encode()).decode() in self._text
