"""Where our registry is meant to answer otherwise than Consul 1.8.7, and why. The one place for it."""
import re
from fnmatch import fnmatch

# (request, names in its JSON that may differ altogether, why). A name is a path that begins with "answer", with *
# for any part of it.
DIFFERENCES = [
    ("", ["*Meta.cluster-lab-*", "*Meta.consul-network-segment"], "what a node tells of itself; segments are Enterprise's"),
    ("GET /v1/agent/self", ["answer.DebugConfig", "answer.Stats", "answer.xDS", "answer.Config.Revision", "answer.Coord"],
     "the insides of Consul's own program"),
    ("GET /v1/agent/(self|members)", ["*Tags.bootstrap", "*Tags.ft_fs", "*Tags.wan_join_port"], "Serf's, which is not here"),
    (r"GET /v1/agent/members\?wan", ["answer.0.Name", "answer.0.Port"], "one datacenter: its members are all there are"),
    ("GET /v1/agent/metrics", ["*Gauges.*", "*Counters.*", "*Points.*", "*Samples.*"], "each program measures itself"),
    ("GET /v1/catalog/services", ["answer.consul"], "no server of Consul's own protocol runs here, so it is no service"),
    ("GET /v1/catalog/node/", ["answer.Services.consul"], "the same"),
    ("GET /v1/status/", ["answer", "answer.0"], "the leader is known by the leader address, which floats"),
]

# (request, names in its JSON of which only the kind of value has to be the same, why).
KINDS = [
    ("GET /v1/agent/host", ["*.Memory.*", "*.CPU.*", "*.Host.*", "*.Disk.*", "*.CollectionTime"],
     "measured at another moment"),
]


def _paths(table, verb, target):
    return [path for pattern, paths, _ in table if re.search(pattern, f"{verb} {target}") for path in paths]


def without_intended(verb, target):
    """A function that takes out of a JSON answer to the request what is intended to differ."""
    dropped, kinds = _paths(DIFFERENCES, verb, target), _paths(KINDS, verb, target)
    return lambda value: _without({"answer": value}, "", dropped, kinds).get("answer")


def _without(value, path, dropped, kinds):
    def matches(patterns, name):
        return any(fnmatch(f"{path}{name}", pattern) for pattern in patterns)

    def kept(name, each):
        if isinstance(each, (dict, list)):
            return _without(each, f"{path}{name}.", dropped, kinds)
        return type(each).__name__ if matches(kinds, name) else each

    if isinstance(value, dict):
        return {name: kept(name, each) for name, each in value.items() if not matches(dropped, name)}
    return [kept(number, each) for number, each in enumerate(value) if not matches(dropped, number)]
