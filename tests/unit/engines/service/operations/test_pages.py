"""Health, readiness and figures, alone and of a service that is traded with."""

import http.client
import socket
import threading
from contextlib import ExitStack, contextmanager

from engines.service.operations.pages import CLIENTS_MOST, Pages
from tests.fakes.ouch_client import buy, cancel, sent
from tests.fakes.served import Served, raw_config, served
from tests.fakes.soup_client import TIMEOUT_S, Client


def get(address, path):
    connection = http.client.HTTPConnection(*address, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@contextmanager
def pages(died_of="", is_ready=True):
    made = Pages("127.0.0.1", 0, lambda: died_of, lambda: is_ready, lambda: "a 1\n")
    try:
        yield made.address
    finally:
        made.close()


def test_each_page_says_what_it_is_for():
    with pages() as address:
        assert get(address, "/health") == (200, "alive\n")
        assert get(address, "/ready") == (200, "ready\n")
        assert get(address, "/metrics") == (200, "a 1\n")
        assert get(address, "/") == (404, "there are /health, /ready and /metrics\n")
    with pages("OSError: full", is_ready=False) as address:
        assert get(address, "/health") == (503, "OSError: full\n")
        assert get(address, "/ready") == (503, "not ready\n")


def test_who_opens_connections_and_says_nothing_gets_so_many_threads_and_no_more():
    with pages() as address, ExitStack() as opened:
        before = threading.active_count()
        silent = [opened.enter_context(socket.create_connection(address, TIMEOUT_S)) for _ in range(CLIENTS_MOST)]
        turned_away = opened.enter_context(socket.create_connection(address, TIMEOUT_S))
        assert turned_away.recv(1) == b""
        assert threading.active_count() <= before + CLIENTS_MOST
        silent[0].close()
        while threading.active_count() == before + CLIENTS_MOST:
            pass
        assert get(address, "/ready") == (200, "ready\n")


def test_a_service_is_ready_once_it_is_started_and_tells_how_much_it_did(tmp_path):
    made = Served(tmp_path / "other", raw_config())
    try:
        before = get(made.http_address, "/ready")[0]
        made.service.start()
        after = get(made.http_address, "/ready")[0]
    finally:
        made.end()
    assert (before, after, made.balanced) == (503, 200, True)

    with served(tmp_path) as service, Client(service.address).log_in() as one:
        one.send(sent(buy(1), buy(1), cancel(9), cancel(1, 2), buy(2))).hear(3)
        code, page = get(service.http_address, "/metrics")
        figures = dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
        assert code == 200
        assert figures['gonogo_commands_total{stage="offered"}'] == "3"
        assert figures['gonogo_commands_total{stage="synced"}'] == "3"
        assert figures['gonogo_events_total{stage="to_streams"}'] == "5"
        outcomes = {
            name: figures[f'gonogo_requests_total{{outcome="{name}"}}']
            for name in ("requests", "refused", "resent", "ignored")
        }
        assert outcomes == {"requests": "5", "refused": "1", "resent": "1", "ignored": "1"}
        assert figures["gonogo_connections"] == "1"
        assert 0 < int(figures["gonogo_memory_bytes"]) < int(figures["gonogo_memory_limit_bytes"])


def test_a_service_that_died_says_of_what(tmp_path):
    with served(tmp_path) as service:
        service.service._gateway.failure = OSError("no more")
        assert get(service.http_address, "/health") == (503, "OSError: no more\n")
        assert get(service.http_address, "/ready")[0] == 503
        service.service._gateway.failure = None
