"""Locust's statistics filled with our figures, so that its page and its CSV files show response and service times as we measure them.

Locust keeps a response time for each request, at 10 to 20 us each. Workers send histograms instead, which are added up here and to its tables,
in ms of two significant digits. The figures of the report come from the history.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Response, request

from harness.base.errors import SetupError
from harness.base.findings import Distribution
from harness.base.histogram import Histogram, bucket_high
from harness.load.locusts import Environment, WebUI, gevent, stats
from harness.load.messages import Tally

RESPONSE, SERVICE = ("response", "order"), ("service", "order")
"""Rows of Locust's tables: name and method."""
CSV = "locust"
"""What the names of its files begin with."""
MS = 1e6
CHANGING = ("/stop", "/stats/reset")
"""Addresses of its page that change something though they are only got."""


class Page:
    """What workers told so far."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.sent = self.unsaid = self.late_ns = 0
        self.response, self.service = Histogram(), Histogram()

    def take(self, tally: Tally) -> None:
        """Add a worker's report of the last second."""
        self.sent += tally.sent
        self.unsaid += tally.unsaid
        self.late_ns = max(self.late_ns, tally.late_ns)
        self.response.merge(Histogram.of(tally.response))
        self.service.merge(Histogram.of(tally.service))
        now_s = int(time.time())
        for row, told in ((RESPONSE, tally.response), (SERVICE, tally.service)):
            _enter(self._environment.stats.entries[row], told, now_s)
        # What Locust calls aggregated is what users wait for.
        _enter(self._environment.stats.total, tally.response, now_s)

    @contextmanager
    def written(self, folder: Path) -> Iterator[None]:
        """Locust's CSV files are written meanwhile, each second, and once more at the end."""
        writer = stats.StatsCSVFileWriter(
            self._environment, stats.PERCENTILES_TO_REPORT, str(folder / CSV), full_history=True
        )
        writing = gevent.spawn(writer)
        try:
            yield
        finally:
            gevent.sleep(stats.CSV_STATS_INTERVAL_SEC + 0.1)
            writing.kill()
            for file in (writer.requests_csv_filehandle, writer.stats_history_csv_filehandle, writer.failures_csv_filehandle, writer.exceptions_csv_filehandle):  # fmt: skip
                file.close()

    @contextmanager
    def shown(self, host: str, port: int) -> Iterator[None]:
        """Locust's page is there meanwhile, to be looked at; port 0: none.

        Raises:
            SetupError: the port is taken.
        """
        if not port:
            yield
            return
        if not _is_free(host, port):
            raise SetupError(f"Locust's page cannot be shown: port {port} of {host} is taken; wanted a free one")
        web = WebUI(self._environment, host, port, delayed_start=True)
        web.app.before_request(_only_looking)
        web.start()
        try:
            yield
        finally:
            web.stop()


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def _only_looking() -> Response | None:
    """Refuse what would begin, change or end the load: any page that a browser shows could ask for that."""
    if request.method in ("GET", "HEAD") and request.path not in CHANGING:
        return None
    return Response("this load is begun and ended by gonogo", 403)


def _enter(entry: stats.StatsEntry, told: Distribution, now_s: int) -> None:
    """Add a distribution as Locust would have added each of its values."""
    count = sum(count for _, count in told.buckets)
    if not count:
        return
    entry.num_requests += count
    entry.num_reqs_per_sec[now_s] = entry.num_reqs_per_sec.get(now_s, 0) + count
    entry.last_request_timestamp = time.time()
    for bucket, times in told.buckets:
        took_ms = bucket_high(bucket) / MS
        entry.total_response_time += took_ms * times
        shown_ms = float(f"{took_ms:.2g}")
        entry.response_times[shown_ms] = entry.response_times.get(shown_ms, 0) + times
    low_ms, high_ms = told.low / MS, told.high / MS
    entry.min_response_time = low_ms if entry.min_response_time is None else min(entry.min_response_time, low_ms)
    entry.max_response_time = max(entry.max_response_time, high_ms)
