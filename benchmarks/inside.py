"""A signed-in account that asks pages in this process, for the benchmarks of pages; after ``standing.use``."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingyuan.foundation.loaded import keep_what_is_loaded
from qingyuan.organisation.models import Account

BAR = 200


@dataclass(frozen=True)
class Answer:
    """One answer: ``clocked`` and ``used`` (processor time) in milliseconds, ``body`` empty for a file."""

    status: int
    body: str
    is_file: bool
    clocked: float
    used: float


class Inside:
    """Asks pages in this process, through the whole stack; SQLite works inside it, PostgreSQL beside it."""

    def __init__(self, username: str) -> None:
        self.username = username
        self.browser = Client(HTTP_HOST="localhost")
        self.browser.force_login(Account.objects.get(username=username))
        self.ask("/today/")
        keep_what_is_loaded()  # as the server process does when it starts

    def ask(self, path: str) -> Answer:
        began, used = time.perf_counter(), time.process_time()
        answer: Any = self.browser.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        clocked, spent = time.perf_counter() - began, time.process_time() - used
        is_file = "attachment" in answer.get("Content-Disposition", "") or not answer.get("Content-Type", "").startswith("text/html")
        return Answer(answer.status_code, "" if is_file else body.decode(), is_file, clocked * 1000, spent * 1000)

    def get(self, path: str) -> tuple[int, str, float]:
        """As ``visiting.Visitor`` answers over HTTP."""
        answer = self.ask(path)
        return answer.status, answer.body, answer.clocked / 1000

    def queries(self, path: str) -> int:
        """How many statements the page sends to both databases."""
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["audit"]) as audit:
            self.ask(path)
        return len(main) + len(audit)


def late(times: Sequence[float]) -> float:
    """The 95th percentile of ``times``."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


@dataclass(frozen=True)
class Measured:
    """One page of one account, in milliseconds; ``p50`` and ``p95`` of processor time, ``clocked`` the p95 of the clock."""

    username: str
    page: str
    status: int
    first: float
    p50: float
    p95: float
    clocked: float
    queries: int

    @property
    def line(self) -> str:
        note = "" if self.status == 200 else f"  ({self.status})"
        note += "  above the bar" if self.p95 > BAR else ""
        return (
            f"{self.username:<15}{self.first:>7.0f}{self.p50:>7.0f}{self.p95:>7.0f}{self.clocked:>8.0f}{self.queries:>8}"
            f"  {self.page}{note}"
        )


HEADING = f"{'account':<15}{'first':>7}{'p50':>7}{'p95':>7}{'clock95':>8}{'queries':>8}  page (ms of processor time; bar {BAR})"


def measured(visitor: Inside, path: str, times: int, shown: str = "") -> Measured:
    first = visitor.ask(path)
    answers = [visitor.ask(path) for _time in range(times)]
    used = [answer.used for answer in answers]
    return Measured(
        visitor.username,
        shown or path,
        first.status,
        first.used,
        statistics.median(used),
        late(used),
        late([answer.clocked for answer in answers]),
        visitor.queries(path),
    )
