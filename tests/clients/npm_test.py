"""npm's client `consul`. Each npm/*_case.mjs is a case; its first line is the sentence."""
import os
import subprocess
from pathlib import Path

from cases import Skip, case, check
from place import here

FOLDER = Path(__file__).resolve().parent / "npm"


def run(file):
    if not (FOLDER / "node_modules/consul").exists():
        raise Skip("npm ci was not run in tests/clients/npm")
    done = subprocess.run(["node", str(file)], capture_output=True, text=True, timeout=60, check=False,
                          env=dict(os.environ, CONSUL_PORT=str(here().port)))
    check(done.returncode == 0, f"{done.stdout}{done.stderr}")


for _file in sorted(FOLDER.glob("*_case.mjs")):
    _sentence = _file.read_text().splitlines()[0].removeprefix("// ")
    case(_sentence)(lambda file=_file: run(file))
