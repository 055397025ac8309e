"""Executors in the same thread, so that the order of things on the disk is always the same: one does at once what it is given, one when it must."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class AtOnce(Executor):
    """Its futures are done."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Lazily(Executor):
    """Does nothing until somebody waits for it: for all that happens meanwhile, it was too slow."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return _Lazy(lambda: fn(*args, **kwargs))


class _Lazy(Future[Any]):
    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self._work = work

    def result(self, timeout: float | None = None) -> Any:
        self._do()
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self._do()
        return super().exception(timeout)

    def _do(self) -> None:
        if self.set_running_or_notify_cancel() if not self.done() else False:
            try:
                self.set_result(self._work())
            except Exception as error:
                self.set_exception(error)
