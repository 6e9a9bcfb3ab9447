"""Consul's own command line program."""
import json
import os
import subprocess

from cases import case, check, equal, eventually
from place import Program, debian_11, here, scratch


def environment():
    return {"PATH": os.environ["PATH"], "CONSUL_HTTP_ADDR": here().address}


def run(*words, text=None):
    """(exit status, standard output, standard error) of `consul WORDS`."""
    done = subprocess.run([debian_11("consul"), *words], input=text, env=environment(),
                          capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def consul(*words, text=None):
    """What `consul WORDS` prints; it must succeed."""
    status, output, error = run(*words, text=text)
    equal((status, error), (0, ""), f"consul {' '.join(words)}")
    return output


def refused(*words):
    """What `consul WORDS` complains of; it must fail."""
    status, output, error = run(*words)
    check(status != 0, f"consul {' '.join(words)} succeeds: {output}")
    return error


def rows(text):
    """The words of each line below a table's head."""
    return [line.split() for line in text.splitlines()[1:]]


@case("consul kv: put, get, flags and details of a key")
def _():
    equal(consul("kv", "put", "cli/one", "first"), "Success! Data written to: cli/one", "put")
    equal(consul("kv", "get", "cli/one"), "first", "get")
    consul("kv", "put", "-flags=42", "cli/two", "-", text="from\nstdin")
    details = dict(line.split(None, 1) for line in consul("kv", "get", "-detailed", "cli/two").splitlines()[:-1])
    equal(details["Flags"], "42", "flags")
    equal(details["Session"], "-", "session")
    consul("kv", "put", "-base64", "cli/three", "AAEC")
    equal(consul("kv", "get", "-base64", "cli/three"), "AAEC", "bytes")
    equal(refused("kv", "get", "cli/none"), "Error! No key exists at: cli/none", "a key that is not")
    consul("kv", "delete", "-recurse", "cli/")


@case("consul kv: a tree is listed, exported, imported, deleted")
def _():
    for name in ("a", "b/c", "b/d"):
        consul("kv", "put", f"tree/{name}", f"value of {name}")
    equal(consul("kv", "get", "-recurse", "tree/").splitlines(),
          ["tree/a:value of a", "tree/b/c:value of b/c", "tree/b/d:value of b/d"], "the tree")
    equal(consul("kv", "get", "-keys", "tree/").split(), ["tree/a", "tree/b/"], "its first level")
    equal(consul("kv", "get", "-keys", "-separator=", "tree/b").split(), ["tree/b/c", "tree/b/d"], "all keys")
    exported = consul("kv", "export", "tree/")
    consul("kv", "delete", "-recurse", "tree/")
    equal(consul("kv", "get", "-recurse", "tree/"), "", "the deleted tree")
    equal(consul("kv", "import", "-", text=exported).splitlines(),
          [f"Imported: tree/{name}" for name in ("a", "b/c", "b/d")], "the import")
    equal(consul("kv", "export", "tree/"), exported, "exported again")
    consul("kv", "delete", "-recurse", "tree/")


@case("consul kv: check-and-set puts and deletes only what has not changed")
def _():
    consul("kv", "put", "cas/key", "one")
    index = here().get("/v1/kv/cas/key")[0]["ModifyIndex"]
    consul("kv", "put", "-cas", f"-modify-index={index}", "cas/key", "two")
    for words in (("put", "three"), ("delete",)):
        wrong = refused("kv", words[0], "-cas", f"-modify-index={index}", "cas/key", *words[1:])
        check("CAS failed" in wrong, f"{words[0]} of what has changed: {wrong}")
    index = here().get("/v1/kv/cas/key")[0]["ModifyIndex"]
    consul("kv", "delete", "-cas", f"-modify-index={index}", "cas/key")


@case("consul kv: a session acquires and releases a key")
def _():
    session = here().put("/v1/session/create", {"Name": "cli", "LockDelay": "0s"})["ID"]
    consul("kv", "put", "-acquire", f"-session={session}", "held/key", "mine")
    check(session in consul("kv", "get", "-detailed", "held/key"), "the session is shown")
    other = here().put("/v1/session/create", {"Name": "other"})["ID"]
    equal(refused("kv", "put", "-acquire", f"-session={other}", "held/key", "x"), "Error! Did not acquire lock", "held")
    consul("kv", "put", "-release", f"-session={session}", "held/key", "free")
    for each in (session, other):
        here().put(f"/v1/session/destroy/{each}")
    consul("kv", "delete", "held/key")


@case("consul lock: only one of two holders runs at a time")
def _():
    with scratch() as folder:
        body = f"mkdir {folder}/held && sleep 0.3 && rmdir {folder}/held && echo done >>{folder}/log"
        words = [debian_11("consul"), "lock", "-child-exit-code", "cli-lock", body]
        both = [subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL) for _ in range(2)]
        try:
            equal([each.wait(45) for each in both], [0, 0], "exit statuses of the two")
        finally:
            for each in both:
                each.kill()
        equal((folder / "log").read_text(), "done\ndone\n", "what the two wrote")
    equal(here().get("/v1/kv/cli-lock?recurse&keys") if has("/v1/kv/cli-lock?recurse") else [], [], "left behind")


def has(target):
    return here().request("GET", target)[0] == 200


@case("consul lock: several hold a semaphore, and one that is busy gives up when told to try")
def _():
    with scratch() as folder:
        hold = [debian_11("consul"), "lock", "-n=2", "cli-semaphore", f"touch {folder}/$$ && sleep 20"]
        with Program(hold, env=environment()), Program(hold, env=environment()):
            eventually("two hold it", lambda: len(list(folder.iterdir())) == 2, 15)
            third = refused("lock", "-n=2", "-try=1s", "cli-semaphore", "true")
            check("Shutdown triggered or timeout during lock acquisition" in third, f"the third: {third}")
    here().ask("DELETE", "/v1/kv/cli-semaphore?recurse")


def watched(kind, *options, change, shows):
    """`consul watch` tells of the change."""
    with Program([debian_11("consul"), "watch", f"-type={kind}", *options, "cat; echo"], env=environment()) as watch:
        eventually("the watch begins", lambda: watch.log() or kind == "event" and has_no_event(), 10)
        change()
        eventually(f"the watch of {kind} shows {shows}", lambda: shows in watch.log(), 10)


def has_no_event():
    return here().get("/v1/event/list?name=cli-watched") == []


@case("consul watch: sees changes of keys, services, checks, nodes and events")
def _():
    place = here()
    place.put("/v1/kv/watched/key", b"before")
    watched("key", "-key=watched/key", change=lambda: place.put("/v1/kv/watched/key", b"after"), shows="YWZ0ZXI=")
    watched("keyprefix", "-prefix=watched/", change=lambda: place.put("/v1/kv/watched/new", b"1"), shows="watched/new")
    service = {"Name": "cli-watched", "Port": 1, "Check": {"TTL": "60s"}}
    watched("services", change=lambda: place.put("/v1/agent/service/register", service), shows="cli-watched")
    watched("service", "-service=cli-watched", shows="all is well",
            change=lambda: place.put("/v1/agent/check/pass/service:cli-watched?note=all+is+well"))
    watched("checks", "-state=critical", shows="it broke",
            change=lambda: place.put("/v1/agent/check/fail/service:cli-watched?note=it+broke"))
    place.put("/v1/agent/service/deregister/cli-watched")
    node = {"Node": "cli-node", "Address": "192.0.2.1"}
    watched("nodes", change=lambda: place.put("/v1/catalog/register", node), shows="192.0.2.1")
    place.put("/v1/catalog/deregister", {"Node": "cli-node"})
    watched("event", "-name=cli-watched", shows="cGF5",
            change=lambda: place.put("/v1/event/fire/cli-watched", b"pay"))
    place.ask("DELETE", "/v1/kv/watched/?recurse")


@case("consul members: lists the nodes")
def _():
    name, address = here().self()
    listed = {row[0]: row for row in rows(consul("members"))}
    check(name in listed, f"{name} is not among {listed}")
    check(listed[name][1].startswith(f"{address}:"), f"address: {listed[name]}")
    equal(listed[name][2], "alive", "status")
    check(listed[name][3] in ("server", "client") and listed[name][6] == "dc1", f"type and datacenter: {listed[name]}")
    check(name in consul("members", "-detailed", "-status=alive"), "details")


@case("consul catalog: lists datacenters, nodes, services")
def _():
    name, address = here().self()
    equal(consul("catalog", "datacenters"), "dc1", "datacenters")
    check([name, address, "dc1"] in [[row[0], *row[2:]] for row in rows(consul("catalog", "nodes"))], "nodes")
    here().put("/v1/agent/service/register", {"Name": "cli-catalog", "Tags": ["one", "two"], "Port": 1})
    eventually("the service is listed", lambda: "cli-catalog" in consul("catalog", "services").split(), 5)
    tagged = [line.split(None, 1) for line in consul("catalog", "services", "-tags").splitlines()]
    check(["cli-catalog", "one,two"] in tagged, f"tags: {tagged}")
    equal([row[0] for row in rows(consul("catalog", "nodes", "-service=cli-catalog"))], [name], "nodes of it")
    check("cli-catalog" in consul("catalog", "services", f"-node={name}"), "services of the node")
    here().put("/v1/agent/service/deregister/cli-catalog")


@case("consul services: registers and deregisters by name and by file")
def _():
    equal(consul("services", "register", "-name=cli-web", "-tag=v1", "-port=80", "-address=192.0.2.7"),
          "Registered service: cli-web", "register")
    found = eventually("it is in the catalog", lambda: here().get("/v1/catalog/service/cli-web"), 5)[0]
    equal((found["ServiceAddress"], found["ServicePort"], found["ServiceTags"]), ("192.0.2.7", 80, ["v1"]), "found")
    equal(consul("services", "deregister", "-id=cli-web"), "Deregistered service: cli-web", "deregister")
    with scratch() as folder:
        file = folder / "service.json"
        file.write_text(json.dumps({"service": {"id": "db1", "name": "cli-db", "port": 5432, "meta": {"a": "b"},
                                                "checks": [{"ttl": "30s", "name": "alive"}]}}))
        consul("services", "register", str(file))
        found = eventually("it is in the catalog", lambda: here().get("/v1/health/service/cli-db"), 5)[0]
        equal(found["Service"]["Meta"], {"a": "b"}, "meta")
        check("alive" in [each["Name"] for each in found["Checks"]], "its check")
        consul("services", "deregister", str(file))
    eventually("both are gone", lambda: not any(name.startswith("cli-") for name in here().get("/v1/catalog/services")), 5)


@case("consul event: fires an event that the agent lists")
def _():
    fired = consul("event", "-name=cli-event", "payload")
    identity = fired.removeprefix("Event ID: ")
    listed = eventually("it is listed", lambda: here().get("/v1/event/list?name=cli-event"), 5)[-1]
    equal((listed["ID"], listed["Payload"]), (identity, "cGF5bG9hZA=="), "the event")


@case("consul maint: a node and a service go into maintenance and come out of it")
def _():
    place = here()
    place.put("/v1/agent/service/register", {"Name": "cli-maint", "Port": 1})
    consul("maint", "-enable", "-reason=cables")
    consul("maint", "-enable", "-service=cli-maint", "-reason=new version")
    shown = consul("maint")
    check("cables" in shown and "new version" in shown, f"shown: {shown}")
    eventually("it passes no more", lambda: place.get("/v1/health/service/cli-maint?passing") == [], 5)
    consul("maint", "-disable", "-service=cli-maint")
    consul("maint", "-disable")
    equal(consul("maint"), "", "nothing is in maintenance")
    eventually("it passes again", lambda: place.get("/v1/health/service/cli-maint?passing"), 5)
    place.put("/v1/agent/service/deregister/cli-maint")


@case("consul snapshot: saves, inspects and restores")
def _():
    with scratch() as folder:
        file = str(folder / "backup.snap")
        consul("kv", "put", "saved/key", "old")
        check("Saved and verified snapshot to index" in consul("snapshot", "save", file), "save")
        check("Index" in consul("snapshot", "inspect", file), "inspect")
        consul("kv", "put", "saved/key", "new")
        equal(consul("snapshot", "restore", file), "Restored snapshot", "restore")
    eventually("the old value is back", lambda: run("kv", "get", "saved/key")[1] == "old", 10)
    consul("kv", "delete", "saved/key")


@case("consul monitor: an unknown level is refused")
def _():
    check("Unknown log level: nonsense" in refused("monitor", "-log-level=nonsense"), "the complaint")


@case("consul info, operator, rtt, join, reload, force-leave: each is answered")
def _():
    name, address = here().self()
    check("known_datacenters" in consul("info"), "info")
    check(name in consul("operator", "raft", "list-peers"), "operator raft list-peers")
    check("CleanupDeadServers" in consul("operator", "autopilot", "get-config"), "operator autopilot get-config")
    eventually("rtt", lambda: "rtt" in run("rtt", name, name)[1], 30)
    equal(consul("join", address), "Successfully joined cluster by contacting 1 nodes.", "join")
    equal(consul("reload"), "Configuration reload triggered", "reload")
    check("No node found with name 'cli-nobody'" in refused("force-leave", "cli-nobody"), "force-leave")


@case("consul acl, intention, connect, config: say plainly that there is none")
def _():
    check("ACL support disabled" in refused("acl", "token", "list"), "acl")
    check("Connect" in refused("connect", "ca", "get-config"), "connect")
