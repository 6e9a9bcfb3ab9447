"""Where our registry is meant to answer otherwise than Consul 1.8.7, and why. The one place for it."""
import re
from fnmatch import fnmatch

# (request, names in its JSON that may differ altogether, why). A name is a path with * for any part of it.
DIFFERENCES = [
    ("GET /v1/agent/self", ["DebugConfig", "Stats", "xDS"], "the insides of Consul's own program"),
    ("GET /v1/agent/metrics", ["Gauges.*", "Counters.*", "Points.*", "Samples.*"], "each program measures itself"),
]

# (request, names in its JSON of which only the kind of value has to be the same, why).
KINDS = [
    ("GET /v1/agent/host", ["Memory.*", "CPU.*", "Host.*", "Disk.*", "CollectionTime"], "measured at another moment"),
]


def _paths(table, verb, target):
    return [path for pattern, paths, _ in table if re.search(pattern, f"{verb} {target}") for path in paths]


def without_intended(verb, target):
    """A function that takes out of a JSON answer to the request what is intended to differ."""
    dropped, kinds = _paths(DIFFERENCES, verb, target), _paths(KINDS, verb, target)
    return lambda value: _without(value, "", dropped, kinds)


def _without(value, path, dropped, kinds):
    def matches(patterns, name):
        return any(fnmatch(f"{path}{name}", pattern) for pattern in patterns)

    def kept(name, each):
        if not isinstance(each, (dict, list)) and matches(kinds, name):
            return type(each).__name__
        return _without(each, f"{path}{name}.", dropped, kinds)

    if isinstance(value, dict):
        return {name: kept(name, each) for name, each in value.items() if not matches(dropped, name)}
    if isinstance(value, list):
        return [kept(number, each) for number, each in enumerate(value) if not matches(dropped, number)]
    return value
