"""Programs that find their targets through the registry: Prometheus by its HTTP API, HAProxy by its DNS."""
import json
import shutil
import socket
import urllib.error
import urllib.request

from cases import Failure, Skip, case, check, equal, eventually
from place import Program, answering, debian_11, here, scratch

PROMETHEUS = """
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: services
    consul_sd_configs:
      - {{server: '{address}', tags: [scraped], refresh_interval: 1s}}
    relabel_configs:
      - {{source_labels: [__meta_consul_service], target_label: service}}
  - job_name: registry
    metrics_path: /v1/agent/metrics
    params: {{format: [prometheus]}}
    static_configs: [{{targets: ['{address}']}}]
"""

HAPROXY = """
global
  stats socket {folder}/stats
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
resolvers registry
  nameserver one 127.0.0.1:{dns_port}
  accepted_payload_size 8192
  resolve_retries 3
  timeout resolve 200ms
  timeout retry 200ms
  hold valid 200ms
  hold nx 200ms
  hold obsolete 0s
frontend web
  bind 127.0.0.1:{port}
  default_backend web
backend web
  server-template web 3 _ha-web._tcp.service.consul resolvers registry resolve-prefer ipv4 init-addr none
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def fetch(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def register(name, identity, port, *tags):
    here().put("/v1/agent/service/register",
               {"Name": name, "ID": identity, "Port": port, "Address": "127.0.0.1", "Tags": list(tags),
                "Meta": {"team": "blue"}, "Check": {"TTL": "10m", "Status": "passing"}})


def deregister(identity):
    here().put(f"/v1/agent/service/deregister/{identity}")


def targets(url):
    """Scrape address -> (labels before relabelling, health), of the targets that Prometheus has now."""
    found = json.loads(fetch(f"{url}/api/v1/targets?state=active"))["data"]["activeTargets"]
    return {each["discoveredLabels"]["__address__"]: (each["discoveredLabels"], each["health"]) for each in found
            if each["labels"]["job"] == "services"}


def registry_health(url):
    found = json.loads(fetch(f"{url}/api/v1/targets"))["data"]["activeTargets"]
    return [each["health"] + each["lastError"] for each in found if each["labels"]["job"] == "registry"]


@case("Prometheus: finds the services with a tag, loses them, and reads the registry's own metrics")
def _():
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    name, address = here().self()
    with scratch() as folder, answering("up 1\n") as server:
        (folder / "prometheus.yml").write_text(PROMETHEUS.format(address=here().address))
        register("prom-app", "prom-1", server.port, "scraped", "other")
        register("prom-app", "prom-2", 9, "scraped")
        register("prom-silent", "prom-3", 10)
        words = [debian_11("prometheus"), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                 f"--web.listen-address=127.0.0.1:{port}"]
        with Program(words):
            eventually("two are found", lambda: set(targets(url)) == {f"127.0.0.1:{server.port}", "127.0.0.1:9"}, 30)
            labels = targets(url)[f"127.0.0.1:{server.port}"][0]
            for label, value in {"service": "prom-app", "service_id": "prom-1", "node": name, "address": address,
                                 "dc": "dc1", "service_port": str(server.port), "service_address": "127.0.0.1",
                                 "tags": ",scraped,other,", "service_metadata_team": "blue"}.items():
                equal(labels.get(f"__meta_consul_{label}"), value, f"label {label}")
            eventually("the living one is scraped",
                       lambda: targets(url)[f"127.0.0.1:{server.port}"][1] == "up", 10)
            deregister("prom-2")
            eventually("one is found", lambda: set(targets(url)) == {f"127.0.0.1:{server.port}"}, 10)
            eventually("the registry's metrics are read", lambda: registry_health(url) == ["up"], 10)
    deregister("prom-1")
    deregister("prom-3")


def answers(port, times=8):
    """What HAProxy's backends say over that many requests, without repetition."""
    try:
        return sorted({fetch(f"http://127.0.0.1:{port}/") for _ in range(times)})
    except urllib.error.HTTPError as refused:
        if refused.code != 503:
            raise Failure(f"HAProxy: {refused.code}") from refused
        return []


@case("HAProxy: its server-template follows the SRV records of a service")
def _():
    if not shutil.which("haproxy"):
        raise Skip("there is no haproxy here")
    port = free_port()
    with scratch() as folder, answering("one") as one, answering("two") as two:
        (folder / "haproxy.cfg").write_text(HAPROXY.format(folder=folder, port=port, dns_port=here().dns_port))
        with Program(["haproxy", "-db", "-f", folder / "haproxy.cfg"]):
            eventually("nobody answers yet", lambda: answers(port) == [], 10)
            register("ha-web", "ha-1", one.port)
            eventually("the first answers", lambda: answers(port) == ["one"], 10)
            register("ha-web", "ha-2", two.port)
            eventually("both answer", lambda: answers(port) == ["one", "two"], 10)
            here().put("/v1/agent/check/fail/service:ha-1")
            eventually("the critical one is left out", lambda: answers(port) == ["two"], 10)
            here().put("/v1/agent/check/pass/service:ha-1")
            eventually("and taken in again", lambda: answers(port) == ["one", "two"], 10)
            deregister("ha-2")
            eventually("the deregistered one is left out", lambda: answers(port) == ["one"], 10)
    check("ha-1" in here().get("/v1/agent/services"), "the first is still registered")
    deregister("ha-1")
