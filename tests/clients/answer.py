"""What is compared of two answers: everything but what differs by nature (indexes, ids, times)."""
import gzip
import http.client
import json
import re
from dataclasses import dataclass

COMPARED_HEADERS = ("Content-Type", "Content-Encoding", "Location", "Allow", "Vary", "X-Consul-KnownLeader",
                    "X-Consul-Translate-Addresses", "Access-Control-Allow-Origin")
# Their values are each registry's own.
PRESENT_HEADERS = ("X-Consul-Index", "X-Consul-LastContact")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*( ?[Z+-][\d:]*)?( UTC)?")
PORTS = (8300, 8301, 8302, 8500, 8600)  # Consul's usual ones
INDEX_IN_TEXT = re.compile(r"(?i)((?:index|cas)[\"' :=]+)\d+")


@dataclass
class Answer:
    """One side's answer; `json` is None where it is not JSON."""
    status: int
    headers: http.client.HTTPMessage
    text: str
    json: object


def ask(place, verb, target, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=15)
    try:
        connection.request(verb, target, body=body, headers=headers)
        answer = connection.getresponse()
        data = answer.read()
    finally:
        connection.close()
    if answer.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    text = data.decode(errors="backslashreplace")
    return Answer(answer.status, answer.headers, text, _json(text))


def _json(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def value_at(answer, path):
    """The value at a path like 0.ModifyIndex, as text; "header:NAME" takes a header. Empty: there is none."""
    if path.startswith("header:"):
        return answer.headers.get(path[7:], "")
    found = answer.json
    for step in path.split("."):
        try:
            found = found[int(step)] if isinstance(found, list) else found[step]
        except (TypeError, KeyError, IndexError, ValueError):
            return ""
    return str(found)


class Mask:
    """Replaces what differs by nature. One for each side and case: the same id gets the same number, so two
    ids that are equal on the one side must be equal on the other. `offset`: what that side's ports are above
    the usual ones."""

    def __init__(self, offset):
        self._numbers = {}
        self._ports = {port + offset: port for port in PORTS}

    def text(self, text):
        for port, usual in self._ports.items():
            text = re.sub(rf"\b{port}\b", str(usual), text)
        text = UUID.sub(lambda found: self._number(found[0]), text)
        return INDEX_IN_TEXT.sub(r"\g<1>#", TIME.sub("TIME", text))

    def json(self, value, key=""):
        if isinstance(value, dict):
            return {self.text(name): self.json(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [self.json(each, key) for each in value]
        if "Port" in key:
            return self._ports.get(value, value)
        if key.endswith("Index") and isinstance(value, int) and value > 0 and key != "LockIndex":
            return "INDEX"
        return self.text(value) if isinstance(value, str) else value

    def _number(self, identity):
        if set(identity) <= set("0-"):
            return identity
        return self._numbers.setdefault(identity, f"uuid-{len(self._numbers) + 1}")


def layout(text):
    """How JSON is written: its white space and its escapes, with everything that may differ taken out."""
    shape = "pretty" if "\n    " in text else "compact"
    return f"{shape}, ends with {text[-1:]!r}, escapes {'<' not in text and '&' not in text}"


def ordered(target, value):
    """Tags in the list of services come out of a map of Go's, so in any order."""
    if "/v1/catalog/services" in target and isinstance(value, dict):
        return {name: sorted(value[name]) for name in sorted(value)}
    return value


def compared(answer, mask):
    """Name -> value of everything that has to be the same."""
    result = {"status": answer.status}
    for name in COMPARED_HEADERS:
        result[name] = answer.headers.get(name)
    for name in PRESENT_HEADERS:
        result[name] = name in answer.headers
    if answer.json is None:
        result["body"] = mask.text(answer.text)
    else:
        result["layout"] = layout(answer.text)
        result["body"] = mask.json(answer.json)
    return result


def differences(found, expected):
    """Sentences on what differs between two results of compared()."""
    for name in {**expected, **found}:
        one, other = found.get(name), expected.get(name)
        if name == "body":
            yield from _in_json("body", one, other)
        elif one != other:
            yield f"{name}: expected {other!r}, found {one!r}"


def _in_json(path, found, expected):
    """Names the smallest parts that differ, in value or in the order of names."""
    if json.dumps(found) == json.dumps(expected):
        return
    if found == expected:
        yield f"{path}: the names stand in another order"
    elif isinstance(found, dict) and isinstance(expected, dict):
        for name in sorted({*found, *expected}):
            if name not in found or name not in expected:
                side = "missing" if name not in found else "too many"
                yield f"{path}.{name}: {side}: {(expected if name in expected else found)[name]!r}"
            else:
                yield from _in_json(f"{path}.{name}", found[name], expected[name])
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for number, (one, other) in enumerate(zip(found, expected)):
            yield from _in_json(f"{path}.{number}", one, other)
    else:
        yield f"{path}: expected {expected!r}, found {found!r}"
