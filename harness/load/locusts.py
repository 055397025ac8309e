"""Locust as this package uses it: without its patches, which would turn every socket and thread of this process into one of gevent's.

What sends and times orders is a thread of its own here, with real sockets. Nothing else imports Locust, and this only where there is a load.
"""

from __future__ import annotations

import logging
import os

os.environ["LOCUST_SKIP_MONKEY_PATCH"] = "1"

import gevent
from gevent.event import Event
from gevent.queue import Empty, Queue
from gevent.threadpool import ThreadPool
from locust import User, argument_parser, runners, stats, task
from locust.env import Environment
from locust.exception import RPCError
from locust.web import WebUI

WORKER_REPORT_S = 1.0
# A page that is a second old, instead of three.
runners.WORKER_REPORT_INTERVAL = WORKER_REPORT_S
# In reports that do not come: on a machine that is short of cores, three seconds pass without anybody being gone.
runners.HEARTBEAT_LIVENESS = 8
# Its page would read gonogo's command line as Locust's, for options that users of Locust add.
argument_parser.ui_extra_args_dict = lambda args=None: {}  # noqa: ARG005 - as it is called
# What of it a user should know is told by who runs the load.
logging.getLogger("locust").setLevel(logging.CRITICAL)

__all__ = [
    "Empty", "Environment", "Event", "Queue", "RPCError", "ThreadPool", "User", "WebUI", "gevent", "runners", "stats", "task",
]  # fmt: skip
