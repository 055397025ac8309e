"""Locust is there without its patches: sockets and threads of the process stay what they were."""

import subprocess
import sys

ASKS = """
import socket, threading, time
before = socket.socket, threading.Thread.start, time.sleep
import harness.load.locusts as locusts
from gevent import monkey
assert (socket.socket, threading.Thread.start, time.sleep) == before
assert not any(monkey.is_module_patched(name) for name in ("socket", "threading", "time", "select", "ssl"))
assert locusts.runners.WORKER_REPORT_INTERVAL == locusts.WORKER_REPORT_S
print("unpatched")
"""
LISTS = "import sys; import harness.compose.plugs, harness.instruments.load; print('locust' in sys.modules, 'gevent' in sys.modules)"


def said(code):
    return subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_nothing_is_patched():
    assert said(ASKS) == "unpatched"


def test_whoever_has_no_load_does_not_import_it():
    assert said(LISTS) == "False False"
