"""The wall clock goes wrong. Only where setting it harms nobody: on a kernel of our own."""
import os

from cases import Skip, always, case, equal, eventually
from virtual_lab import Lab

HOUR, YEAR = 3600, 365 * 24 * 3600
WATCHED = 6  # seconds


def move_clock(lab, seconds):
    lab.exec("pi1", f"date -s @$(($(date +%s) + {seconds}))")


def picture(lab):
    """What must not change: who leads and since when, the nodes with their addresses and health, the
    sessions, the keys."""
    leader = lab.leader()
    health = {each["Node"]: each["Status"] for each in lab.get(leader, "/v1/health/state/any")
              if each["CheckID"] == "serfHealth"}
    return (leader, lab.status(leader)["term"], sorted(lab.names()), lab.node_addresses(), health,
            [each["ID"] for each in lab.get(leader, "/v1/session/list")], lab.get(leader, "/v1/kv/?keys"))


@case("clock: from 1970 on, 50 years forward and an hour back nothing expires and nothing is re-elected")
def _():
    if not os.environ.get("CLUSTER_LAB_OWN_CLOCK"):
        raise Skip("this machine's clock is not ours to set; the vlan suite runs it")
    with Lab(1) as first:
        # As early in 1970 as Linux lets it be: not before the machine was switched on.
        first.exec("pi1", "date -s @$(($(cut -d. -f1 /proc/uptime) + 10))")
    with Lab(3) as lab:
        lab.exec("pi2", "curl -sf -X PUT --data 1 http://127.0.0.1:8500/v1/kv/key")
        lab.exec("pi2", """curl -sf -X PUT --data '{"TTL": "60s"}' http://127.0.0.1:8500/v1/session/create""")
        before = eventually("all is told", lambda: len(picture(lab)[4]) == 3 and picture(lab))
        for jump in (50 * YEAR, -HOUR):
            move_clock(lab, jump)
            always(f"after {jump} s all stays as it was", lambda: picture(lab) == before, WATCHED)
        lab.run("add")
        equal(len(set(lab.node_addresses().values())), 4, "addresses, with the new node's")
