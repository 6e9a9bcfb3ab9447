"""Services and their checks: registered at one node, seen at all, through restarts and silence."""
import json
import time

from cases import always, case, check, equal, eventually
from virtual_lab import Lab, need

WEB = {"Name": "web", "Port": 80, "Check": {"TTL": "10m", "Status": "passing"}}


def put(lab, node, target, body=""):
    """Asks the node on the node itself, and gives status and text."""
    answer = lab.exec(node, f"curl -s -m 10 -X PUT --data '{body}' -w '\n%{{http_code}}' "
                            f"'http://127.0.0.1:8500{target}'")
    text, status = answer.rsplit("\n", 1)
    return int(status), text


def register(lab, node, service):
    equal(put(lab, node, "/v1/agent/service/register", json.dumps(service)), (200, ""), "answer")


def instances(lab, node, service, parameters=""):
    """The names of the nodes that have the service, as that node knows it."""
    return [each["Node"]["Node"] for each in lab.get(node, f"/v1/health/service/{service}{parameters}")]


def status(lab, node, check_id):
    """What that node's catalog says of the check."""
    found = [each["Status"] for each in lab.get(node, "/v1/health/state/any") if each["CheckID"] == check_id]
    return found[0] if found else None


@case("services: one that is registered at a follower is seen at every node")
def _():
    with Lab(3) as lab:
        here = lab.followers()[0]
        register(lab, here, WEB)
        equal(instances(lab, here, "web"), [here], "instances at the node that took it")
        for node in lab.names():
            eventually(f"{node} shows it", lambda: instances(lab, node, "web", "?passing") == [here], 5)
            equal("web" in lab.get(node, "/v1/agent/services"), node == here, f"{node} has it itself")
        put(lab, here, "/v1/agent/check/fail/service:web?note=broken")
        for node in lab.names():
            eventually(f"{node} shows it critical", lambda: status(lab, node, "service:web") == "critical", 5)
            equal(instances(lab, node, "web", "?passing"), [], f"passing instances at {node}")
        put(lab, here, "/v1/agent/check/pass/service:web")
        for node in lab.names():
            eventually(f"{node} shows it passing", lambda: status(lab, node, "service:web") == "passing", 5)
        equal(put(lab, here, "/v1/agent/service/deregister/web"), (200, ""), "answer")
        for node in lab.names():
            eventually(f"{node} does not show it", lambda: instances(lab, node, "web") == [], 5)


@case("services: a check that runs goes with the server that it asks")
def _():
    with Lab(2) as lab:
        here = lab.followers()[0]
        register(lab, here, {"Name": "web", "Check": {"TCP": "127.0.0.1:7777", "Interval": "1s"}})
        eventually("nobody listens", lambda: status(lab, lab.leader(), "service:web") == "critical", 5)
        server = "python3 -m http.server 7777 --bind 127.0.0.1 >/dev/null 2>&1 & echo $!"
        process = lab.exec(here, server).strip()
        eventually("somebody listens", lambda: status(lab, lab.leader(), "service:web") == "passing", 10)
        lab.exec(here, f"kill {process}")
        eventually("nobody listens any more", lambda: status(lab, lab.leader(), "service:web") == "critical", 10)


TLS_SERVER = """
import http.server, ssl, sys
server = http.server.HTTPServer(("127.0.0.1", 7443), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""


@case("services: an HTTPS check looks at the certificate, unless it says not to")
def _():
    need("openssl")
    with Lab(1) as lab:
        here = lab.leader()
        folder = lab.exec(here, "mktemp -d").strip()
        try:
            lab.exec(here, f"cd {folder} && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=web "
                           "-keyout key -out cert 2>/dev/null && cat key cert > both")
            lab.exec(here, f"cd {folder} && cat > server.py <<'EOF'\n{TLS_SERVER}\nEOF")
            process = lab.exec(here, f"cd {folder} && python3 server.py both >/dev/null 2>&1 & echo $!").strip()
            url = "https://127.0.0.1:7443/"
            register(lab, here, {"Name": "web", "Checks": [
                {"CheckID": "strict", "HTTP": url, "Interval": "1s"},
                {"CheckID": "lenient", "HTTP": url, "Interval": "1s", "TLSSkipVerify": True}]})
            eventually("the lenient one passes", lambda: status(lab, here, "lenient") == "passing", 10)
            outputs = {each["CheckID"]: each["Output"] for each in lab.get(here, "/v1/agent/checks").values()}
            check("x509" in outputs["strict"], f"the strict one says why: {outputs['strict']}")
            equal(status(lab, here, "strict"), "critical", "the strict one")
            lab.exec(here, f"kill {process}")
        finally:
            lab.exec(here, f"rm -rf {folder}")


@case("services: they survive a daemon that was killed, on a follower and on the leader")
def _():
    with Lab(3) as lab:
        for node in (lab.followers()[0], lab.leader()):
            register(lab, node, {"Name": f"of-{node}", "Check": {"TTL": "10m", "Status": "passing"}})
            lab.run("kill", node)
            others = [each for each in lab.names() if each != node]
            eventually("another leads", lambda: [each for each in lab.leaders() if each in others], 15)
            for other in others:
                eventually(f"{other} does not count on it",
                           lambda: instances(lab, other, f"of-{node}", "?passing") == [], 10)
                equal(instances(lab, other, f"of-{node}"), [node], f"what {other} still knows")
            lab.run("start", node)
            lab.formed()
            check(f"of-{node}" in lab.get(node, "/v1/agent/services"), "it is registered as before")
            for other in lab.names():
                eventually(f"{other} counts on it again",
                           lambda: instances(lab, other, f"of-{node}", "?passing") == [node], 15)


@case("services: they go with a node that stops properly, and come back with it")
def _():
    with Lab(3) as lab:
        here = lab.followers()[0]
        others = [each for each in lab.names() if each != here]
        register(lab, here, WEB)
        lab.stop_daemon(here)
        for node in others:
            eventually(f"{node} does not show it", lambda: instances(lab, node, "web") == [], 10)
        lab.run("start", here)
        for node in others:
            eventually(f"{node} shows it again",
                       lambda: instances(lab, node, "web", "?passing") == [here], 20)


@case("services: a node that leaves when it is asked over the API stops")
def _():
    with Lab(2) as lab:
        here = lab.followers()[0]
        equal(put(lab, here, "/v1/agent/leave"), (200, ""), "answer")
        eventually("its daemon ends", lambda: not lab.exec(here, "pidof cluster-labd", may_fail=True).strip(), 15)
        eventually("it is gone", lambda: lab.catalog(lab.leader()) == {lab.leader()}, 10)


@case("services: a check that flaps writes once a second at most")
def _():
    with Lab(2) as lab:
        here, leader = lab.followers()[0], lab.leader()
        register(lab, here, WEB)
        before, began = lab.status(leader)["registry_index"], time.monotonic()
        lab.exec(here, "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do for verb in fail pass; do "
                       "curl -s -X PUT http://127.0.0.1:8500/v1/agent/check/$verb/service:web; sleep 0.1; done; done")
        seconds = time.monotonic() - began
        steps = lab.status(leader)["registry_index"] - before
        check(1 <= steps <= seconds + 2, f"{steps} changes in {seconds:.1f} s")
        after = lab.status(leader)["registry_index"]
        eventually("it is quiet", lambda: status(lab, leader, "service:web") == "passing", 5)
        quiet = lab.status(leader)["registry_index"]
        check(quiet - after <= 1, f"{quiet - after} further changes")
        always("nothing is written when nothing changes",
               lambda: lab.status(leader)["registry_index"] == quiet, 3)
