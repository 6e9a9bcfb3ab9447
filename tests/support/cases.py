"""A tiny test runner: cases are sentences, and the last line counts them.

    @case("lab: a node that was added joins")
    def _():
        check(1 + 1 == 2, "arithmetic")

    if __name__ == "__main__": run_all()
"""
import argparse
import os
import signal
import sys
import time
import traceback

# Slow machines (user-mode-linux) get more time for the same.
PATIENCE = float(os.environ.get("CLUSTER_LAB_PATIENCE", "1"))
_cases = []


class Skip(Exception):
    """The case cannot run here; the text says why."""


class Failure(Exception):
    """Something is not as it should be."""


def case(sentence):
    """Registers the function as a case."""
    def register(function):
        _cases.append((sentence, function))
        return function
    return register


def check(condition, message):
    if not condition:
        raise Failure(message)


def equal(found, expected, what):
    check(found == expected, f"{what}: expected {expected!r}, found {found!r}")


def eventually(what, look, seconds=15.0):
    """Waits until look() gives something true, and gives it; look() may fail on its way."""
    deadline = time.monotonic() + seconds * PATIENCE
    while True:
        try:
            seen = look()
            if seen:
                return seen
        except (Failure, OSError, ValueError, LookupError) as wrong:
            seen = wrong
        if time.monotonic() >= deadline:
            raise Failure(f"{what}: not within {seconds * PATIENCE:.0f} s; last seen: {seen!r}")
        time.sleep(0.05)


def always(what, look, seconds):
    """Checks that look() stays true for that long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        check(look(), what)
        time.sleep(0.05)


def _run(sentence, function):
    began = time.monotonic()
    try:
        function()
    except Skip as reason:
        print(f"SKIP {sentence}: {reason}", flush=True)
        return "skipped"
    except Exception as wrong:  # a broken case is a failed one, the next still runs
        print(f"FAIL {sentence}: {wrong}", flush=True)
        if not isinstance(wrong, Failure):
            traceback.print_exc(file=sys.stdout)
        return "failed"
    print(f"PASS {sentence} ({time.monotonic() - began:.1f} s)", flush=True)
    return "passed"


def run_all():
    """Runs the registered cases, or those whose sentence holds a word of the command line; --help says so."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD", help="run the cases alone whose sentence holds it")
    words = parser.parse_args().words
    # So that a case's cleaning up happens in any case.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for sentence, function in _cases:
        if not words or any(word in sentence for word in words):
            counts[_run(sentence, function)] += 1
    print(", ".join(f"{number} {name}" for name, number in counts.items()), flush=True)
    sys.exit(1 if counts["failed"] else 0)
