"""Where our registry is meant to answer otherwise than Consul 1.8.7, and why. The one place for it."""
import re
from fnmatch import fnmatch

UNKNOWN_PATH = (r"^GET (/nonsense|/v2/.*|/robots.txt|/v1/?|"
                r"/v1/(nonsense|agent|catalog|namespaces|snapshot/x|catalog/datacenters/)|"
                r"/v1/(status|catalog|agent|health|session|event|operator)/nonsense)$")

# (request, names in its JSON that may differ altogether, why). A name is a path that begins with "answer"; what is
# in a list has its ID or its number there; * stands for any part.
DIFFERENCES = [
    ("", ["*Meta.cluster-lab-*", "*Meta.consul-network-segment"], "what a node tells of itself; segments are Enterprise's"),
    ("GET /v1/agent/self", ["answer.DebugConfig", "answer.Stats", "answer.xDS", "answer.Config.Revision", "answer.Coord"],
     "the insides of Consul's own program"),
    ("GET /v1/agent/(self|members)", ["*Tags.bootstrap", "*Tags.ft_fs", "*Tags.wan_join_port"], "Serf's, which is not here"),
    (r"GET /v1/agent/members\?wan", ["answer.0.Name", "answer.0.Port"], "one datacenter: its members are all there are"),
    ("GET /v1/agent/host", ["answer.Memory.*", "answer.CPU.*", "answer.Host.*", "answer.Disk*"],
     "what a library of Go's finds out about a machine"),
    ("GET /v1/agent/checks", ["answer.service:r-web.ServiceTags"], "Consul's check keeps tags that its service lost"),
    ("PUT /v1/txn", ["*Check.ServiceTags"], "no tags are [] everywhere, here too where Consul has null"),
    ("GET /v1/agent/metrics", ["*Gauges.*", "*Counters.*", "*Points.*", "*Samples.*"], "each program measures itself"),
    ("GET /v1/catalog/services", ["answer.consul"], "no server of Consul's own protocol runs here, so it is no service"),
    ("GET /v1/catalog/node", ["answer.Services.consul"], "the same"),
    ("GET /v1/catalog/services", ["answer.cluster-lab"], "every member's service, by which the leader is found"),
    ("GET /v1/catalog/node", ["answer.Services.cluster-lab"], "the same"),
    ("GET /v1/coordinate", ["*Coord.*"], "round trips are not measured: all are zero"),
    ("GET /v1/operator", ["answer.Servers.*.LastTerm", "answer.Index"], "Raft's own numbers"),
    ("DNS .*(AAAA|MX)", ["answer.authority"], "an answer without records names the zone's SOA (RFC 2308 section 2.2)"),
    ("GET /v1/status/", ["answer", "answer.0"], "the leader is known by the leader address, which floats"),
]

# (request, names in its JSON of which only the kind of value has to be the same, why).
KINDS = [
    ("GET /v1/agent/host", ["answer.CollectionTime"], "measured at another moment"),
    ("GET /v1/event/list", ["*.LTime"], "a clock of Consul's gossip, which ticks for other things too"),
    ("GET /v1/agent/service/", ["answer.ContentHash"], "a hash of the definition as each program keeps it"),
]

# (request, headers that may differ, why).
HEADERS = [
    ("GET /v1/(catalog/datacenters|agent/self)", ["Content-Encoding"], "what fits into one packet is not compressed"),
    ("GET /v1/coordinate/node/", ["X-Consul-KnownLeader", "X-Consul-Index", "X-Consul-LastContact"],
     "a client can wait for the coordinate of a node that is not there yet"),
    ("PUT /v1/txn", ["X-Consul-KnownLeader", "X-Consul-LastContact"], "of a read-only one; nobody waits on it"),
    ("GET /v1/event/list", ["X-Consul-KnownLeader", "X-Consul-LastContact"], "events are the cluster's, not each agent's"),
    (UNKNOWN_PATH, ["Content-Type", "Vary"], "the answer has a text"),
]

# (request, what both texts begin with, why they go on differently).
TEXTS = [
    ("", "Request decode failed: ", "the JSON reader's own words for what is wrong"),
    ("PUT /v1/txn", "Failed to parse body: ", "the same"),
    ("PUT /v1/agent/join", "1 error occurred:\n\t* Failed to ", "nodes join by themselves, and are told so"),
    ("PUT /v1/agent/(check|service)/register", "Scripts are disabled on this agent from remote calls", "and where to enable them"),
    (UNKNOWN_PATH, "", "an unknown path is told so; Consul's answer is empty"),
    ("PUT /v1/event/fire/.*node=", "Invalid node filter: error parsing regexp: ", "the library's own words"),
    ("PUT /v1/event/fire/.*service=", "Invalid service filter: error parsing regexp: ", "the same"),
    ("PUT /v1/catalog/register", "Bad node ID: ", "our own words for what is no UUID"),
    ("filter=", "Failed to create boolean expression evaluator: ", "the parser's own words for what it expected"),
]

# (request, why its answer is not compared at all). It is still sent: it must be answered.
OTHERWISE = [
    ("PUT /v1/catalog/register.dc=other", "Consul takes it for its own datacenter; refused here, as everywhere else"),
    ("^GET /v1/kv$", "Consul sends its client to /v1/kv/, a browser's courtesy; here it is an unknown path"),
    ("GET /v1/operator/keyring", "there is no gossip, so no keyring either"),
    ("PUT /v1/coordinate/update", "round trips are not measured, so nobody may tell them"),
    ("GET /v1/coordinate/nodes", "Consul's node has a coordinate only some seconds after its start"),
    (r"PUT /v1/agent/(check|service)/register.*\n.*(Docker|\"Kind\")", "there are no Docker checks and no service mesh"),
    ("filter=.*matches", "a stranger's regular expression may take for ever, so there are none"),
    ("/v1/query", "there are no prepared queries, and every request of one is told so"),
    ("/v1/config/nonsense", "there are no config entries, so no kind of them is unknown"),
    ("PUT /v1/acl/login", "all of /v1/acl/ is answered alike, whatever the method"),
    ("^(TRACE|NONSENSE) ", "the HTTP library refuses methods that it does not know"),
]


def _matching(table, request):
    return [(what, why) for pattern, what, why in table if re.search(pattern, request, re.MULTILINE)]


def without(request, result):
    """The result of answer.compared() without what is intended to differ. `request`: VERB TARGET, and its body in the
    next lines."""
    if any(re.search(pattern, request, re.MULTILINE) for pattern, _ in OTHERWISE):
        return {"body": "otherwise"}
    dropped, kinds = ([path for paths, _ in _matching(table, request) for path in paths] for table in (DIFFERENCES, KINDS))
    result["body"] = _without({"answer": result["body"]}, "", dropped, kinds).get("answer")
    for beginning, _ in _matching(TEXTS, request):
        if isinstance(result["body"], str) and result["body"].startswith(beginning):
            result["body"] = beginning
    for names, _ in _matching(HEADERS, request):
        result = {name: value for name, value in result.items() if name not in names}
    if result.get("status", 0) >= 500:  # nobody reads an index off a failure, and Consul's is that of no state at all
        result = {name: value for name, value in result.items() if not name.startswith("X-Consul-")}
    return result


def _without(value, path, dropped, kinds):
    def matches(patterns, name):
        return any(fnmatch(f"{path}{name}", pattern) for pattern in patterns)

    def kept(name, each):
        if isinstance(each, (dict, list)):
            return _without(each, f"{path}{name}.", dropped, kinds)
        return type(each).__name__ if matches(kinds, name) else each

    if isinstance(value, dict):
        return {name: kept(name, each) for name, each in value.items() if not matches(dropped, name)}
    named = [(each.get("ID") if isinstance(each, dict) else None, each) for each in value]
    return [kept(name or number, each) for number, (name, each) in enumerate(named)
            if not matches(dropped, name or number)]
