#!/usr/bin/env python3
"""The checkers of histories, with histories whose outcome is known."""
import random
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

from cases import case, check, equal, run_all  # noqa: E402
from history import FAILED, UNKNOWN, Operation, load, save  # noqa: E402
from history_linear import judge_registers, linearizable  # noqa: E402
from history_locks import judge_locks  # noqa: E402
from history_lost import judge_writes  # noqa: E402


def did(kind, start, end, value=None, key="k", client="a", **more):
    return Operation(client=client, kind=kind, key=key, start=start, end=end, value=value, **more)


def lost(operations, final, **more):
    """The values of the writes that are judged lost."""
    return [wrong.write.value for wrong in judge_writes(operations, final, **more)]


# --- lost writes

@case("lost: a write that is there at the end is not lost")
def _():
    equal(lost([did("put", 0, 1, "x")], {"k": "x"}), [], "lost")


@case("lost: an acknowledged write that is nowhere is lost")
def _():
    equal(lost([did("put", 0, 1, "x")], {}), ["x"], "lost")


@case("lost: of two writes one after the other the later one has to be there")
def _():
    both = [did("put", 0, 1, "x"), did("put", 2, 3, "y")]
    equal(lost(both, {"k": "y"}), [], "lost when the later one is there")
    equal(lost(both, {"k": "x"}), ["y"], "lost when the earlier one is there")


@case("lost: of two writes at the same time either may be there")
def _():
    both = [did("put", 0, 2, "x", client="a"), did("put", 1, 3, "y", client="b")]
    equal(lost(both, {"k": "x"}), [], "lost when x is there")
    equal(lost(both, {"k": "y"}), [], "lost when y is there")


@case("lost: a write without an answer may be there, or not, or come much later")
def _():
    silent = did("put", 0, 1, "x", outcome=UNKNOWN)
    later = did("put", 5, 6, "y")
    equal(lost([silent], {}), [], "lost when it is not there")
    equal(lost([silent], {"k": "x"}), [], "lost when it is there")
    equal(lost([silent, later], {"k": "x"}), [], "lost when it came after a later one")


@case("lost: a write without an answer that began after an acknowledged one may have replaced it")
def _():
    both = [did("put", 0, 1, "x"), did("put", 2, 3, "y", outcome=UNKNOWN)]
    equal(lost(both, {"k": "y"}), [], "lost")
    equal(lost(both, {"k": "x"}), [], "lost when it was never done")
    equal(lost(both, {}), ["x"], "lost when nothing is there")


@case("lost: what was refused, or what nobody wrote, must not be there")
def _():
    equal(len(judge_writes([did("put", 0, 1, "x", outcome=FAILED)], {"k": "x"})), 1, "refused")
    equal(len(judge_writes([did("put", 0, 1, "x")], {"k": "z"})), 1, "from nowhere")


@case("lost: a deleted key that comes back is a lost delete, unless it was written again")
def _():
    gone = [did("put", 0, 1, "x"), did("delete", 2, 3)]
    equal(lost(gone, {}), [], "lost when it is gone")
    equal(lost(gone, {"k": "x"}), [None], "lost when it is back")
    equal(lost([*gone, did("put", 4, 5, "y")], {"k": "y"}), [], "lost when it was written again")
    equal(lost([did("delete", 0, 1), did("put", 2, 3, "x")], {}), ["x"], "a put after a delete")
    equal(lost([did("put", 0, 1, "x"), did("delete", 2, 3, outcome=UNKNOWN)], {}), [], "a silent delete")


@case("lost: a compare-and-set that was refused is no write")
def _():
    equal(lost([did("put", 0, 1, "x"), did("cas", 2, 3, "y", done=False)], {"k": "x"}), [], "lost")
    equal(lost([did("put", 0, 1, "x"), did("cas", 2, 3, "y")], {"k": "x"}), ["y"], "lost")


@case("lost: a write that no follower had may be lost only into the files of lost writes")
def _():
    weak = [did("put", 0, 1, "w-1", replicas=0)]
    equal(lost(weak, {}), ["w-1"], "lost without a file")
    equal(lost(weak, {}, lost_files=['{"value":"w-1"}']), [], "lost with it")
    equal(lost(weak, {}, lost_files=['{"value": "dy0x"}']), [], "lost with it in base64")
    strong = [did("put", 0, 1, "w-1", replicas=1)]
    equal(lost(strong, {}, lost_files=['{"value":"w-1"}']), ["w-1"], "a write that a follower had")


@case("lost: what was acknowledged before a power cut of all may be lost only into these files, too")
def _():
    strong = [did("put", 0, 1, "w-1", replicas=1)]
    file = ['{"value":"w-1"}']
    equal(lost(strong, {}, lost_files=file, excused_until=2), [], "before the power cut")
    equal(lost(strong, {}, lost_files=file, excused_until=0.5), ["w-1"], "after the power cut")
    equal(lost(strong, {}, excused_until=2), ["w-1"], "in no file")


# --- linearizability

@case("linear: an empty history and one after the other are linearizable")
def _():
    check(linearizable([]), "empty")
    check(linearizable([did("get", 0, 1), did("put", 2, 3, "x"), did("get", 4, 5, "x"),
                        did("delete", 6, 7), did("get", 8, 9)]), "one after the other")


@case("linear: a stale read is not")
def _():
    check(not linearizable([did("put", 0, 1, "x"), did("put", 2, 3, "y"), did("get", 4, 5, "x")]), "stale")


@case("linear: a read while a write runs may see the old value or the new one, but not go back")
def _():
    write = [did("put", 0, 1, "x"), did("put", 2, 10, "y")]
    check(linearizable([*write, did("get", 3, 4, "x"), did("get", 5, 6, "y")]), "old, then new")
    check(not linearizable([*write, did("get", 3, 4, "y"), did("get", 5, 6, "x")]), "new, then old")


@case("linear: of two compare-and-sets from the same value one at most is done")
def _():
    def race(second):
        return [did("put", 0, 1, "x"), did("cas", 2, 6, "y", expected="x"),
                did("cas", 3, 5, "z", expected="x", done=second)]
    check(linearizable(race(False)), "one")
    check(not linearizable(race(True)), "both")


@case("linear: a compare-and-set is not refused where nothing has changed")
def _():
    check(not linearizable([did("put", 0, 1, "x"), did("cas", 2, 3, "y", expected="x", done=False)]), "refused")


@case("linear: a write without an answer may be seen later, and explains what was refused")
def _():
    silent = did("put", 0, 1, "x", outcome=UNKNOWN)
    check(linearizable([silent, did("get", 5, 6), did("get", 7, 8, "x")]), "seen late")
    check(not linearizable([silent, did("get", 5, 6, "x"), did("get", 7, 8)]), "gone again")
    check(not linearizable([did("get", 0, 1, "x"), did("put", 2, 3, "x", outcome=UNKNOWN)]), "seen early")
    silent = did("put", 2, 3, "y", outcome=UNKNOWN)
    check(linearizable([did("put", 0, 1, "x"), silent, did("cas", 4, 5, "z", expected="x", done=False)]),
          "never read, but in the way")


@case("linear: a compare-and-set without an answer may have been done")
def _():
    silent = did("cas", 2, 3, "y", expected="x", outcome=UNKNOWN)
    check(linearizable([did("put", 0, 1, "x"), silent, did("get", 4, 5, "y")]), "done")
    check(linearizable([did("put", 0, 1, "x"), silent, did("get", 4, 5, "x")]), "not done")
    check(not linearizable([did("put", 0, 1, "w"), silent, did("get", 4, 5, "y")]), "impossible")


@case("linear: what was refused changes nothing")
def _():
    check(not linearizable([did("put", 0, 1, "x", outcome=FAILED), did("get", 2, 3, "x")]), "seen")


@case("linear: keys are judged each for itself, and the bad one is named")
def _():
    good = [did("put", 0, 1, "x", key="good"), did("get", 2, 3, "x", key="good")]
    bad = [did("put", 0, 1, "x", key="bad"), did("get", 2, 3, key="bad")]
    equal(judge_registers(good + bad), ["bad"], "keys")


def played(keys, calls, seed, silent=0.05, stale=False):
    """A history of 8 clients on a register that is in order, with this share of unanswered calls.
    `stale`: another write comes after all, and a read after that does not see it."""
    chance, history = random.Random(seed), []
    for key in map(str, range(keys)):
        value, free_at = None, [0.0] * 8
        for number in range(calls):
            client = min(range(8), key=free_at.__getitem__)
            start = max(free_at[client], number * 1.0)
            kind = chance.choice(["put", "get", "cas"])
            call = did(kind, start, number + chance.random() * 4 + 1, key=key, client=f"{client}")
            # Each takes effect at its own second, which lies between start and end.
            if kind == "get":
                call.value = value
            elif kind == "put":
                call.value = value = f"{key}-{number}"
            else:
                call.expected = chance.choice([value, "other"])
                call.value, call.done = f"{key}-{number}", call.expected == value
                value = call.value if call.done else value
            call.start, free_at[client] = min(start, number + 0.5), call.end
            call.outcome = UNKNOWN if chance.random() < silent else call.outcome
            history.append(call)
        if stale:
            history += [did("put", calls + 10, calls + 11, "last", key=key),
                        did("get", calls + 12, calls + 13, value, key=key)]
    return history


@case("linear: 30,000 operations on 300 keys are judged within seconds, good ones and bad ones")
def _():
    began = time.monotonic()
    equal(judge_registers(played(300, 100, seed=1)), [], "keys that are wrong")
    took = time.monotonic() - began
    check(took < 30, f"in time: {took:.1f} s")
    equal(len(judge_registers(played(20, 100, seed=2, silent=0, stale=True))), 20, "stale reads found")


# --- locks

def acquired(session, start, end, **more):
    return did("acquire", start, end, session, client=session, **more)


def released(session, start, end, **more):
    return did("release", start, end, session, client=session, **more)


@case("locks: one after the other is in order")
def _():
    equal(judge_locks([acquired("s", 0, 1), released("s", 2, 4), acquired("t", 3, 5), released("t", 6, 7)]),
          [], "wrong")


@case("locks: two sessions that both had it are found")
def _():
    equal(len(judge_locks([acquired("s", 0, 1), acquired("t", 2, 3), released("s", 4, 5), released("t", 6, 7)])),
          1, "pairs")


@case("locks: a session that got it while another had it is found, also if it never released")
def _():
    equal(len(judge_locks([acquired("s", 0, 1), acquired("t", 2, 3), released("s", 4, 5)])), 1, "pairs")


@case("locks: a session that may have ended does not speak against the next one")
def _():
    equal(judge_locks([acquired("s", 0, 1), acquired("t", 2, 3)]), [], "never released")
    equal(judge_locks([acquired("s", 0, 1), acquired("t", 2, 3), released("s", 4, 5, done=False)]), [],
          "the release was refused")
    equal(judge_locks([acquired("s", 0, 1), acquired("t", 2, 3), released("s", 4, 5, outcome=UNKNOWN)]), [],
          "the release had no answer")


@case("locks: one that was refused, or had no answer, or from a leader alone, is not held")
def _():
    for more in ({"done": False}, {"outcome": UNKNOWN}, {"replicas": 0}):
        equal(judge_locks([acquired("s", 0, 1), acquired("t", 2, 3, **more), released("s", 4, 5)]), [], f"{more}")


@case("locks: different locks do not meet")
def _():
    equal(judge_locks([acquired("s", 0, 1, key="a"), acquired("t", 2, 3, key="b"), released("s", 4, 5, key="a")]),
          [], "wrong")


@case("history: what is saved is loaded again")
def _():
    from tempfile import TemporaryDirectory
    with TemporaryDirectory() as directory:
        file = Path(directory) / "history"
        history = [did("put", 0, 1, "x"), did("cas", 1, 2, "y", expected="x", outcome=UNKNOWN)]
        save(history, file)
        equal(load(file), history, "history")


if __name__ == "__main__":
    run_all()
