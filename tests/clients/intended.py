"""Where our registry is meant to answer otherwise than Consul 1.8.7, and why. The one place for it."""
import re
from fnmatch import fnmatch

# (request, names in the JSON that may differ, why). A name is a path with * for any part of it.
DIFFERENCES = [
    ("GET /v1/agent/self", ["DebugConfig", "Stats", "xDS"], "the insides of Consul's own program"),
]


def without_intended(verb, target):
    """A function that takes out of a JSON answer to the request what is intended to differ."""
    paths = [path for pattern, some, _ in DIFFERENCES if re.search(pattern, f"{verb} {target}") for path in some]
    return lambda value: _without(value, "", paths)


def _without(value, path, patterns):
    def kept(name):
        return not any(fnmatch(f"{path}{name}", pattern) for pattern in patterns)

    if isinstance(value, dict):
        return {name: _without(each, f"{path}{name}.", patterns) for name, each in value.items() if kept(name)}
    if isinstance(value, list):
        return [_without(each, f"{path}{number}.", patterns) for number, each in enumerate(value)]
    return value
