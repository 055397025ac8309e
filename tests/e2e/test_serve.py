"""`gonogo serve` as a process: ready, traded with, ended by signals and by kill -9, and there again with all that it told."""

import signal
import subprocess
import threading
from contextlib import contextmanager

import pytest

from tests.fakes.command import GONOGO, environment, gonogo
from tests.fakes.ouch_client import buy, heard, sell, sent
from tests.fakes.soup_client import TIMEOUT_S, Client

CONFIG = """
[journal]
segment_commands = 4096
[sessions]
orders_max = 1000000
[engine]
orders = 1000000
[[instruments]]
id = 4
symbol = "ONE"
tick_1e9 = 10000000
price_max = 10000
qty_max = 1000
[[ports]]
number = 1
username = "one"
password = "secret"
account = 11
[[ports]]
number = 2
username = "two"
password = "secret"
account = 12
"""


class Process:
    def __init__(self, folder):
        (folder / "service.toml").write_text(CONFIG)
        command = [GONOGO, "serve", "--config", str(folder / "service.toml")]
        with (folder / "log").open("a") as log:
            self.child = subprocess.Popen(
                [*command, "--data", str(folder / "data"), "--ouch", "0"],
                stdout=subprocess.PIPE, stderr=log, text=True, env=environment(),
            )  # fmt: skip
        line = self.child.stdout.readline()
        assert line.startswith("ready: OUCH on 127.0.0.1:"), (folder / "log").read_text()
        self.address = ("127.0.0.1", int(line.split(",")[0].rsplit(":", 1)[1]))

    def end(self, number):
        self.child.send_signal(number)
        return self.child.wait(2 * TIMEOUT_S)


@contextmanager
def process(folder):
    made = Process(folder)
    try:
        yield made
    finally:
        made.child.kill()
        made.child.wait()
        made.child.stdout.close()


def under_load(client, until, first=1):
    """Send orders without end until they are taken no more."""
    try:
        for number in range(first, 10**6, 100):
            client.send(sent(*(sell(one, 200) for one in range(number, number + 100))))
            if until.is_set():
                return
    except OSError:
        return


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_under_load_ends_it_with_counts_that_balance_and_nothing_told_lost(tmp_path, number):
    ends = threading.Event()
    with process(tmp_path) as service, Client(service.address).log_in() as one:
        sender = threading.Thread(target=under_load, args=(one, ends))
        sender.start()
        one.hear(2_000)
        code = service.end(number)
        ends.set()
        one.until_closed()
        sender.join()
    assert code == 0, (tmp_path / "log").read_text()
    with process(tmp_path) as service, Client(service.address).log_in() as again:
        assert again.hear(one.count).startswith(one.stream)
        assert service.end(signal.SIGTERM) == 0


def test_after_kill_9_under_load_streams_and_books_are_back(tmp_path):
    ends = threading.Event()
    with process(tmp_path) as service, Client(service.address).log_in() as one:
        one.send(sent(buy(1, 100, 3))).hear(1)
        sender = threading.Thread(target=under_load, args=(one, ends, 2))
        sender.start()
        one.hear(3_000)
        service.end(signal.SIGKILL)
        ends.set()
        one.until_closed()
        sender.join()
    with process(tmp_path) as service:
        with Client(service.address).log_in() as again, Client(service.address).log_in("two") as two:
            assert again.hear(one.count).startswith(one.stream)
            assert heard(two.send(sent(sell(1, 100, 5))).hear(2)) == [("A", 1, 5), ("E", 1, 3)]
        assert service.end(signal.SIGTERM) == 0


def test_what_cannot_be_used_is_told_and_ends_with_64(tmp_path):
    (tmp_path / "service.toml").write_text(CONFIG.replace("account = 12", "account = 0"))
    done = gonogo("serve", "--config", "service.toml", cwd=tmp_path)
    assert done.returncode == 64
    assert "ports.1.account: Input should be greater than or equal to 1 (came: 0)" in done.stderr


def test_a_folder_is_verified_by_its_configuration(tmp_path):
    with process(tmp_path) as service:
        with Client(service.address).log_in() as one:
            one.send(sent(buy(1))).hear(1)
        assert service.end(signal.SIGTERM) == 0
    options = ("serve", "--verify", "--config", "service.toml", "--data", "data")
    done = gonogo(*options, cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "clean")
    segment = min((tmp_path / "data" / "journal").glob("*.segment"))
    segment.write_bytes(segment.read_bytes()[:4096] + bytes(4096 * 128))
    done = gonogo(*options, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("refused: ")
