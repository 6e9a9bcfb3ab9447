"""Patroni keeps a PostgreSQL primary with the registry's sessions and locks."""
import glob
import json
import os
import shutil
import signal
import subprocess
from contextlib import ExitStack

from cases import Skip, case, check, eventually
from place import Program, here, scratch

CONFIG = """
scope: clients
namespace: /patroni
name: {name}
restapi: {{listen: '127.0.0.1:{api}', connect_address: '127.0.0.1:{api}'}}
consul: {{host: '{address}', register_service: true}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 1
    retry_timeout: 3
    postgresql: {{parameters: {{max_connections: 20, shared_buffers: 8MB, fsync: 'off'}}}}
  initdb: [{{encoding: UTF8}}, no-sync]
  pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust']
postgresql:
  listen: '127.0.0.1:{port}'
  connect_address: '127.0.0.1:{port}'
  data_dir: {folder}/{name}
  bin_dir: {programs}
  pgpass: {folder}/{name}.pgpass
  # What is killed leaves its shared memory: in its own folder, which goes at the end.
  parameters: {{unix_socket_directories: '{folder}', dynamic_shared_memory_type: mmap}}
  authentication:
    superuser: {{username: postgres}}
    replication: {{username: postgres}}
"""
MEMBERS = {"first": 1, "second": 2}


def as_postgres(folder, *words):
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "env", f"HOME={folder}", "LC_ALL=C",
            *words]


def sql(folder, member, statement):
    done = subprocess.run(as_postgres(folder, "psql", "-h", folder, "-p", str(5440 + MEMBERS[member]), "-qAtc", statement),
                          capture_output=True, text=True, timeout=20, check=False, cwd=folder)
    return done.stdout.strip() or done.stderr.strip()


def start(folder, member, programs, stack):
    number = MEMBERS[member]
    file = folder / f"{member}.yml"
    file.write_text(CONFIG.format(name=member, api=8440 + number, port=5440 + number, folder=folder,
                                  address=here().address, programs=programs))
    return stack.enter_context(Program(as_postgres(folder, "patroni", str(file)), cwd=folder))


def leader():
    """Who holds the leader's key; None: nobody."""
    status, text, _ = here().request("GET", "/v1/kv/patroni/clients/leader?raw")
    return text if status == 200 else None


def kill_postgres(folder):
    """Kills the PostgreSQL whose data is in the folder, if one runs there."""
    try:
        os.kill(int((folder / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        pass


def cut_power(folder, member, patroni):
    """Ends Patroni and its PostgreSQL without a chance to say good-bye."""
    patroni.stop(signal.SIGKILL)
    kill_postgres(folder / member)


def instances(role):
    return [each["Service"]["Port"] for each in here().get(f"/v1/health/service/clients?tag={role}&passing")]


@case("Patroni: one PostgreSQL leads, the other follows, and takes over when the first is gone")
def _():
    programs = next(iter(glob.glob("/usr/lib/postgresql/*/bin")), None)
    if not shutil.which("patroni") or not programs:
        raise Skip("there is no patroni with postgresql here")
    with scratch("postgres") as folder, ExitStack() as stack:
        for member in MEMBERS:
            stack.callback(kill_postgres, folder / member)
        first = start(folder, "first", programs, stack)
        eventually("the first leads", lambda: leader() == "first", 30)
        eventually("it can be written to",
                   lambda: sql(folder, "first", "create table if not exists seen as select 42 as it") == "", 20)
        start(folder, "second", programs, stack)
        eventually("the second has a copy", lambda: sql(folder, "second", "select it from seen") == "42", 30)
        eventually("the services tell which is which",
                   lambda: (instances("master"), instances("replica")) == ([5441], [5442]), 20)
        status = json.loads(here().request("GET", "/v1/kv/patroni/clients/members/second?raw")[1])
        check(status["state"] == "running", f"what the second tells of itself: {status}")
        cut_power(folder, "first", first)
        eventually("the second leads", lambda: leader() == "second", 45)
        eventually("it can be written to", lambda: sql(folder, "second", "insert into seen values (43)") == "", 20)
    here().ask("DELETE", "/v1/kv/patroni/?recurse")
