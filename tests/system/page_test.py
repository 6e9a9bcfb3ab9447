#!/usr/bin/env python3
"""Brings up a virtual lab of three nodes and drives their pages with headless Chromium.

The pictures of the page end in the folder that CLUSTER_LAB_PAGE_OUTPUT names (default:
build/page). Ends with the line "N passed, N failed, N skipped".
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
PAGE = TOP / "tests" / "page"
LAB = str(TOP / "lab")
CHROMIUM = os.environ.get("CLUSTER_LAB_CHROMIUM", "/usr/bin/chromium")


def missing():
    """What this machine lacks for the test, or an empty text."""
    for program, package in (("node", "nodejs"), ("npm", "npm"), (CHROMIUM, "chromium")):
        if shutil.which(program) is None:
            return f"{program} is not installed (package {package})"
    return ""


def install_playwright():
    """Installs what package-lock.json names; the reason where that is impossible."""
    if (PAGE / "node_modules" / "playwright-core").is_dir():
        return ""
    done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=PAGE,
                          capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"npm ci in tests/page: {done.stderr.strip()}"


def run_lab(*arguments):
    return subprocess.run([LAB, *arguments], check=True, capture_output=True, text=True).stdout


def drive_pages():
    nodes = json.loads(run_lab("ls", "--json"))
    environment = dict(
        os.environ,
        CLUSTER_LAB_CHROMIUM=CHROMIUM,
        CLUSTER_LAB_PAGE_URLS=" ".join(f"http://{node['lan_address']}:8500" for node in nodes),
        CLUSTER_LAB_PAGE_LAB=LAB)
    environment.setdefault("CLUSTER_LAB_PAGE_OUTPUT", str(TOP / "build" / "page"))
    return subprocess.run(["node", "page_test.mjs"], cwd=PAGE, env=environment, check=False).returncode


def main():
    reason = missing() or install_playwright()
    if reason:
        print(f"SKIP page: {reason}\n0 passed, 0 failed, 1 skipped")
        return 0
    try:
        run_lab("up", "3")
        return drive_pages()
    except subprocess.CalledProcessError as error:
        print(f"FAIL page: {' '.join(error.cmd)}: {error.stderr.strip()}\n0 passed, 1 failed, 0 skipped")
        return 1
    finally:
        subprocess.run([LAB, "down"], check=False, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
