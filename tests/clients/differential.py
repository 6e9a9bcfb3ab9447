#!/usr/bin/python3
"""Our registry beside a real Consul 1.8.7: every request of requests/*.http is sent to both, and the answers
are compared. Cases whose sentence holds a word given, or all. As root, in a built tree.

With CLUSTER_LAB_CLIENTS=consul a second real Consul stands in our place: what differs then is not masked
well enough. Differences that are meant to be are in intended.py, each with its reason."""
import os
import sys
from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import answer  # noqa: E402
import dns_question  # noqa: E402
import intended  # noqa: E402
import script  # noqa: E402
from cases import Failure, Skip, case, eventually, run_all  # noqa: E402
from place import debian_11, one_node, real_consul  # noqa: E402


class Side:
    """One of the two that are compared, through one case."""

    def __init__(self, place, node, address):
        self.place = place
        self.mask = answer.Mask(place.port - 8500)
        self.values = {"node": node, "address": address}

    def send(self, step):
        """Gives what is compared of the answer."""
        target = script.fill(step.target, self.values)
        if step.verb.startswith("DNS"):
            got = dns_question.ask(self.place.dns_port, target, tcp=step.verb == "DNS+TCP")
            return intended.without(step.request(), got)
        got = answer.ask(self.place, step.verb, target, step.headers, step.body(self.values))
        for name, path in step.takes.items():
            self.values[name] = answer.value_at(got, path)
        got.json = answer.ordered(target, got.json)
        return intended.without(step.request(), answer.compared(got, self.mask))

    def wait(self, step):
        target = script.fill(step.target, self.values)
        text = script.fill(step.text, self.values)
        eventually(f"the answer to {target} {'holds' if step.wanted else 'lacks'} {text}",
                   lambda: (text in answer.ask(self.place, "GET", target, {}, None).text) == step.wanted, 8)


def attempt(side, step):
    """What is compared of the answer, or of having none."""
    try:
        return side.send(step)
    except (OSError, HTTPException, dns_question.Silence) as none:
        return {"body": f"no answer: {none!r}"}


def play(steps, ours, real):
    """Plays a case on both sides; gives what differs. After one has waited in vain nothing is compared any
    more, but the rest is played: it takes away what the case made."""
    found, late = [], False
    for step in steps:
        if step.verb == "AWAIT":
            if not late:
                late = waited_in_vain(step, real, "Consul") or waited_in_vain(step, ours, "ours")
                found += [late] if late else []
            continue
        expected = attempt(real, step)
        wrong = answer.differences(attempt(ours, step), expected)
        found += [] if late else [f"{step.verb} {step.target}: {each}" for each in wrong]
    return found


def waited_in_vain(step, side, name):
    try:
        side.wait(step)
    except Failure as late:
        return f"{name}: {late}"
    return None


def register(sentence, steps, both):
    @case(f"as Consul: {sentence}")
    def _():
        if not both:
            debian_11("consul")  # skips, with the reason
        ours, real, node, address = both
        wrong = play(steps, Side(ours, node, address), Side(real, node, address))
        if wrong:
            raise Failure("".join(f"\n      {each}" for each in wrong))


def main():
    with ExitStack() as stack:
        both = []
        for file in sorted((HERE / "requests").glob("*.http")):
            for sentence, steps in script.read(file.read_text()).items():
                register(sentence, steps, both)
        try:
            debian_11("consul")
        except Skip:
            run_all()
        ours = stack.enter_context(one_node(os.environ.get("CLUSTER_LAB_CLIENTS")))
        node, address = ours.self()
        real = stack.enter_context(real_consul(1000, node, address))
        both += [ours, real, node, address]
        run_all()


if __name__ == "__main__":
    main()
