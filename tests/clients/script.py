"""Scripts of requests, each sent to our registry and to a real Consul; the answers must be the same.

A script (requests/*.http) holds cases. A case begins with "== SENTENCE" and is a list of

    METHOD TARGET [-> NAME=PATH ...]   a request; takes values out of its JSON answer (PATH: 0.ModifyIndex)
    + HEADER: VALUE                    a header of the request above
    < TEXT                             a line of its body
    <* NUMBER                          its body is that many letters
    AWAIT TARGET :: TEXT               ask until the answer holds the text; !! for until it does not
    DNS NAME TYPE                      a question to the DNS server, over UDP; DNS+TCP over TCP

$NAME stands for a value taken before; $node and $address are the node's own. Each case takes away what it made."""
import re
import string
from dataclasses import dataclass, field


@dataclass
class Step:
    """One line of a case with what belongs to it."""
    verb: str
    target: str
    takes: dict = field(default_factory=dict)  # name -> path in the answer
    headers: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)
    size: int = 0  # of a made-up body
    text: str = ""  # that AWAIT waits for
    wanted: bool = True

    def request(self):
        """As it stands in the script."""
        return "\n".join([f"{self.verb} {self.target}", *self.lines])

    def body(self, values):
        if self.size:
            return b"x" * self.size
        return fill("\n".join(self.lines), values).encode() if self.lines else None


def fill(text, values):
    """The text with $NAMEs replaced; those that are unknown stay."""
    return string.Template(text).safe_substitute(values)


def _request(line):
    line, _, takes = line.partition(" -> ")
    verb, target = line.split(" ", 1)
    return Step(verb, target.strip(), dict(each.split("=", 1) for each in takes.split()))


def _await(line):
    target, how, text = re.fullmatch(r"AWAIT (\S+) (::|!!) (.+)", line).groups()
    return Step("AWAIT", target, text=text, wanted=how == "::")


def read(text):
    """Sentence -> steps."""
    cases = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("== "):
            steps = cases.setdefault(line[3:], [])
        elif line.startswith("+ "):
            name, value = line[2:].split(": ", 1)
            steps[-1].headers[name] = value
        elif line.startswith("<* "):
            steps[-1].size = int(line[3:])
        elif line == "<" or line.startswith("< "):
            steps[-1].lines.append(line[2:])
        else:
            steps.append(_await(line) if line.startswith("AWAIT ") else _request(line))
    return cases
