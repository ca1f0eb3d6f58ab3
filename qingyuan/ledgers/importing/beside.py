"""A second process beside the one that imports: it reads and prepares while this one judges and stores.

It is a new interpreter, never a fork of one with open connections; it opens no database and writes no file. Both talk
through its standard input and output: a file, its rows and what is made of them never stand in arguments, in the
environment or on a disk. Small files do not need it, and where it may not start (one core, all cores busy, a system that
refuses) the same functions run here. What it runs stands in ``beside_work``.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import IO, Any, Final, Protocol

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.ledgers.declaration import Ledger, Writing
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.recognising import Plan
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import RowState
from qingyuan.ledgers.reading.header import HeaderMatch
from qingyuan.ledgers.reading.open import Merge, Workbook, open_workbook
from qingyuan.ledgers.reading.outcomes import Cell
from qingyuan.ledgers.reading.reader import RowReading, UnknownTerm, read_table
from qingyuan.ledgers.reading.rows import Skip
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from qingyuan.ledgers.stowing import Stowed

LEAST_BYTES: Final = 4 * 1024 * 1024
"""A file smaller than this is read almost before a second process would have started (a second of processor time)."""
LEAST_ROWS: Final = 40_000
AHEAD: Final = 2
"""So many blocks are with the other process at once; what it has made waits in the pipe, so that memory stays bounded."""
_HEAD: Final = struct.Struct(">Q")
_SECONDS_TO_END: Final = 5


class Interrupted(RuntimeError):
    """The second process ended before its work did."""

    def __init__(self) -> None:
        super().__init__(_("处理表格的进程中途停止(可能是内存不足或被系统结束),没有留下半截数据:请重新来一次。"))


class WorkFailed(RuntimeError):
    """What went wrong in the second process, by kind and place, without the words of the error."""


class Table(Protocol):
    """What checking asks of a table being read, here or beside; see ``TableReading``."""

    @property
    def header(self) -> HeaderMatch: ...

    @property
    def stretches(self) -> Sequence[Any]: ...

    @property
    def warnings(self) -> Sequence[str]: ...

    @property
    def doubt(self) -> str: ...

    @property
    def sheet_words(self) -> str: ...

    @property
    def skipped(self) -> Counter[Skip]: ...

    @property
    def unknown_terms(self) -> dict[tuple[str, str], UnknownTerm]: ...

    def rows(self) -> Iterator[RowReading]: ...


def put(stream: IO[bytes], what: Any) -> None:
    """One frame: its length in eight bytes, then the pickle."""
    data = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    stream.write(_HEAD.pack(len(data)))
    stream.write(data)
    stream.flush()


def take(stream: IO[bytes]) -> Any:
    """The next frame. Raises EOFError where the other side has ended. What comes is our own: nobody else has the pipe."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    (length,) = _HEAD.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)


class Beside:
    """The running process. Questions are answered in their order."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.process = process
        self._to, self._from = process.stdin, process.stdout

    def send(self, name: str, *given: Any) -> None:
        try:
            put(self._to, (name, given))
        except OSError:
            raise Interrupted from None

    def answer(self) -> Any:
        """Raises UnreadableFile as the reader there did, WorkFailed for any other error, Interrupted when it has ended."""
        try:
            kind, what = take(self._from)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise Interrupted from None
        if kind == "unreadable":
            raise UnreadableFile(what)
        if kind == "failed":
            raise WorkFailed(what)
        return what

    def ask(self, name: str, *given: Any) -> Any:
        self.send(name, *given)
        return self.answer()

    def end(self) -> None:
        """End it at once, whatever it is doing: it holds nothing that could be lost."""
        self.process.kill()
        for stream in (self._to, self._from):
            try:
                stream.close()
            except OSError:
                pass  # what was still to be sent has nobody to read it
        self.process.wait(_SECONDS_TO_END)


def start() -> Beside | None:
    """A second process that works with our keys and in our language; None where there is no use or no leave for one."""
    if _cores() < 2 or _busy() or not sys.executable:
        return None
    command = [sys.executable, "-m", "qingyuan.ledgers.importing.beside_main"]
    path = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
        )
    except OSError:
        return None
    other = Beside(process)
    try:
        if other.ask("begin", get_language() or settings.LANGUAGE_CODE) == str(settings.QINGYUAN_KEYS):
            return other
    except (Interrupted, WorkFailed):
        pass  # it may start processes here, but not this program: nothing is lost, the work is done in this one
    other.end()
    return None


def _busy() -> bool:
    """Whether every core had work in the last minute: then a second process takes time from others and gains none."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > _cores()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def opened(content: bytes, filename: str) -> Iterator[Here | There]:
    """A file opened for reading a table of it: beside, when it is large. Raises UnreadableFile."""
    other = start() if len(content) >= LEAST_BYTES else None
    if other is None:
        yield Here(open_workbook(content, filename))
        return
    try:
        yield There(other, content, filename)
    finally:
        other.end()


class Here:
    """A file read in this process."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook

    def table(self, ledger: Ledger, plan: Plan, sheet: str) -> Table:
        return read_table(
            self.workbook, ledger.columns, plan.reading, sheet=sheet, headers=plan.headers, dated_by=ledger.dated_by
        )


class There:
    """A file read by the other process: only what is asked of its sheets, and the rows, come over."""

    def __init__(self, other: Beside, content: bytes, filename: str) -> None:
        self._other = other
        sheets, date1904, encoding = other.ask("open", content, filename)
        self.workbook = Workbook(
            filename, tuple(FarSheet(other, name, hidden=hidden) for name, hidden in sheets), date1904, encoding
        )

    def table(self, ledger: Ledger, plan: Plan, sheet: str) -> Table:
        told = self._other.ask("table", ledger.code, plan.reading, sheet, tuple(plan.headers))
        return FarTable(self._other, *told)


class FarSheet:
    """A sheet in the other process; what was asked of it once is kept, its rows apart."""

    def __init__(self, other: Beside, name: str, *, hidden: bool) -> None:
        self._other = other
        self._head: list[list[Cell]] = []
        self.name = name
        self.hidden = hidden

    @cached_property
    def row_count(self) -> int:
        return int(self._other.ask("row_count", self.name))

    @cached_property
    def merged(self) -> tuple[Merge, ...]:
        return tuple(self._other.ask("merged", self.name))

    def head(self, count: int) -> list[list[Cell]]:
        if len(self._head) < count:
            self._head = self._other.ask("head", self.name, count)
        return self._head[:count]

    def rows(self) -> Iterator[list[Cell]]:
        return iter(self._other.ask("all_rows", self.name))


@dataclass
class FarTable:
    """A table whose rows come from the other process a thousand at a time."""

    other: Beside
    header: HeaderMatch
    stretches: Sequence[Any]
    warnings: Sequence[str]
    doubt: str
    sheet_words: str

    def __post_init__(self) -> None:
        self.skipped: Counter[Skip] = Counter()
        self.unknown_terms: dict[tuple[str, str], UnknownTerm] = {}

    def rows(self) -> Iterator[RowReading]:
        self.other.send("rows")
        while (chunk := self.other.answer()) is not None:
            for row in chunk:
                yield RowReading(*row)
        self.skipped, self.unknown_terms = self.other.answer()


def prepared(ledger: Ledger, batch: ImportBatch, writing: Writing, count: int) -> Iterator[Stowed]:
    """The new rows in chunks of ``count``, each ready to be stored, straight from the staged columns; of a large batch
    they are made beside. Each is to be stored before the next is asked for."""
    payloads = staging.payloads(batch, RowState.NEW)
    other = start() if batch.new_count >= LEAST_ROWS else None
    if other is None:
        for payload in payloads:
            yield from staging.stowed_of(ledger, payload, writing, count, clock.now())
        return
    try:
        yield from _prepared_beside(other, ledger, payloads, writing, count)
    finally:
        other.end()


def _prepared_beside(
    other: Beside, ledger: Ledger, payloads: Iterator[bytes], writing: Writing, count: int
) -> Iterator[Stowed]:
    other.ask("prepare_for", ledger.code, writing, count)
    waiting = 0
    for payload in islice(payloads, AHEAD):
        other.send("prepare", payload, clock.now())
        waiting += 1
    while waiting:
        while (stowed := other.answer()) is not None:
            yield stowed
        waiting -= 1
        for payload in islice(payloads, 1):
            other.send("prepare", payload, clock.now())
            waiting += 1
