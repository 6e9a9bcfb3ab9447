"""Debian's python3-consul."""
import threading

from cases import Skip, case, check, equal, eventually
from place import answering, here

try:
    import consul
except ImportError:
    consul = None


def client():
    if not consul:
        raise Skip("there is no python3-consul here")
    return consul.Consul(port=here().port)


@case("python3-consul kv: put, get, list, check-and-set, delete")
def _():
    kv = client().kv
    check(kv.put("py/a", "one", flags=7), "put")
    index, found = kv.get("py/a")
    equal((found["Value"], found["Flags"], found["Key"]), (b"one", 7, "py/a"), "get")
    check(int(index) >= found["ModifyIndex"], "the index")
    equal(kv.put("py/a", "two", cas=0), False, "put of what is not new")
    equal(kv.put("py/a", "two", cas=found["ModifyIndex"]), True, "put of what has not changed")
    kv.put("py/b/c", None)
    equal([each["Value"] for each in kv.get("py/", recurse=True)[1]], [b"two", None], "the tree")
    equal(kv.get("py/", keys=True, separator="/")[1], ["py/a", "py/b/"], "its keys")
    equal(kv.get("py/none")[1], None, "a key that is not")
    check(kv.delete("py/", recurse=True), "delete")
    equal(kv.get("py/", recurse=True)[1], None, "the deleted tree")


@case("python3-consul kv: a blocking query wakes when the key changes, and ends when its time is over")
def _():
    kv = client().kv
    kv.put("py-wait", "before")
    index, _ = kv.get("py-wait")
    same, _ = kv.get("py-wait", index=index, wait="100ms")
    equal(same, index, "the index after the time")
    seen = []
    waiting = threading.Thread(target=lambda: seen.append(kv.get("py-wait", index=index, wait="20s")[1]))
    waiting.start()
    client().kv.put("py-wait", "after")
    waiting.join(10)
    equal([each["Value"] for each in seen], [b"after"], "what woke it")
    kv.delete("py-wait")


@case("python3-consul session: create, lock, renew, info, list, destroy")
def _():
    both = client()
    session = both.session.create("py", behavior="delete", ttl=15, lock_delay=0)
    check(both.kv.put("py-lock", "mine", acquire=session), "acquire")
    equal(both.kv.get("py-lock")[1]["Session"], session, "the holder")
    other = both.session.create("other")
    equal(both.kv.put("py-lock", "no", acquire=other), False, "acquire what is held")
    info = both.session.info(session)[1]
    equal((info["Name"], info["TTL"], info["Behavior"]), ("py", "15s", "delete"), "info")
    equal(both.session.renew(session)["ID"], session, "renew")
    check(session in [each["ID"] for each in both.session.list()[1]], "list")
    check(session in [each["ID"] for each in both.session.node(info["Node"])[1]], "node")
    check(both.session.destroy(session), "destroy")
    equal(both.kv.get("py-lock")[1], None, "the key went with its session")
    equal(both.session.info(session)[1], None, "a session that is not")
    try:
        both.session.renew(session)
        check(False, "renewing a session that is not")
    except consul.NotFound:
        pass
    both.session.destroy(other)


@case("python3-consul agent: a service with an HTTP check goes through each state")
def _():
    both = client()
    with answering() as server:
        check(both.agent.service.register("py-web", service_id="py-web-1", address="192.0.2.9", port=80, tags=["x"],
                                          check=consul.Check.http(server.url, "1s", timeout="1s")), "register")
        equal(both.agent.services()["py-web-1"]["Port"], 80, "in the agent's services")
        for status, state in ((200, "passing"), (429, "warning"), (500, "critical")):
            server.status = status
            eventually(f"the catalog says {state}",
                       lambda: both.health.checks("py-web")[1][0]["Status"] == state
                       and f"{status}" in both.health.checks("py-web")[1][0]["Output"], 8)
    equal(both.health.service("py-web", passing=True)[1], [], "nobody passes")
    equal(len(both.health.service("py-web", tag="x")[1]), 1, "with the tag")
    check("py-web" in both.catalog.services()[1], "in the catalog's services")
    check(both.agent.service.maintenance("py-web-1", "true", "why not"), "maintenance")
    eventually("the reason is seen", lambda: "why not" in [each["Notes"] for each in both.health.checks("py-web")[1]], 5)
    here().put("/v1/agent/service/deregister/py-web-1")  # this client still deregisters by GET, as no Consul since 1.0
    eventually("it is gone", lambda: both.catalog.service("py-web")[1] == [], 5)


@case("python3-consul agent: a TCP check of the node itself, self, members")
def _():
    both = client()
    name, _ = here().self()

    def state():
        return [each["Status"] for each in both.health.node(name)[1] if each["CheckID"] == "py-check"]

    with answering() as server:
        check(both.agent.check.register("py-check", check=consul.Check.tcp("127.0.0.1", server.port, "1s")), "register")
        eventually("it passes", lambda: state() == ["passing"], 8)
    eventually("it is critical", lambda: state() == ["critical"], 8)
    here().put("/v1/agent/check/deregister/py-check")
    eventually("it is gone", lambda: state() == [], 5)
    check(name in [each["Name"] for each in both.agent.members()], "members")
    equal(both.agent.self()["Config"]["NodeName"], name, "self")


@case("python3-consul catalog: an outside node with a service and a check comes and goes")
def _():
    both = client()
    check(both.catalog.register("py-node", "192.0.2.5", service={"Service": "py-db", "Port": 5432},
                                check={"Name": "py-alive", "Status": "passing"}), "register")
    equal(both.catalog.service("py-db")[1][0]["Address"], "192.0.2.5", "service")
    equal(list(both.catalog.node("py-node")[1]["Services"]), ["py-db"], "node")
    check("py-node" in [each["Node"] for each in both.catalog.nodes()[1]], "nodes")
    check("py-node" in [each["Node"] for each in both.health.state("passing")[1]], "health/state")
    check(both.catalog.deregister("py-node"), "deregister")
    equal(both.catalog.service("py-db")[1], [], "the service is gone")


@case("python3-consul event, status, coordinate: are answered")
def _():
    both = client()
    fired = both.event.fire("py-event", "hello")
    found = eventually("the event is listed", lambda: both.event.list("py-event")[1], 5)
    equal((found[-1]["ID"], found[-1]["Payload"]), (fired["ID"], b"hello"), "the event")
    check(both.status.leader() and both.status.peers(), "status")
    check("dc1" in both.catalog.datacenters(), "datacenters")
    check(both.coordinate.datacenters(), "coordinate")
