"""Health, readiness and figures over HTTP, on a thread of its own: to ask how the service does costs the others nothing but the processor.

`/health` says whether it is alive (503: it died of something, which is told), `/ready` whether clients may come, `/metrics` how much of everything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from engines.service.operations.metrics import CONTENT_TYPE

OK, NOT_FOUND, UNAVAILABLE = 200, 404, 503
SILENT_S = 5
"""After which a client that says nothing is left."""
CLIENTS_MOST = 16
"""Each has a thread; who comes beyond that is turned away."""


class Answer(NamedTuple):
    """To one request."""

    code: int
    text: str
    content_type: str = "text/plain; charset=utf-8"


class Pages:
    """Serves until it is closed."""

    def __init__(self, host: str, port: int, health: Callable[[], str], is_ready: Callable[[], bool], metrics: Callable[[], str]) -> None:  # fmt: skip
        """`health` says what the service died of, or nothing. Raises OSError: it cannot listen there."""

        def answer(path: str) -> Answer:
            if path == "/health":
                died_of = health()
                return Answer(UNAVAILABLE, died_of) if died_of else Answer(OK, "alive")
            if path == "/ready":
                return Answer(OK, "ready") if is_ready() else Answer(UNAVAILABLE, "not ready")
            if path == "/metrics":
                return Answer(OK, metrics(), CONTENT_TYPE)
            return Answer(NOT_FOUND, "there are /health, /ready and /metrics")

        class Handler(BaseHTTPRequestHandler):
            timeout = SILENT_S

            def do_GET(self) -> None:
                _send(self, answer(self.path))

            def log_message(self, *_: object) -> None:
                """What is asked each second is not worth a line each."""

        self._server = _Server((host, port), Handler)
        self._server.daemon_threads = True
        self.address: tuple[str, int] = (host, self._server.server_port)
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="gonogo-pages", args=(0.2,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Answer nobody more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """With a bound: who opens connections and says nothing gets no more threads of the service than that."""

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._room = threading.Semaphore(CLIENTS_MOST)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    body = (answer.text.rstrip("\n") + "\n").encode()
    handler.send_response(answer.code)
    handler.send_header("Content-Type", answer.content_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
