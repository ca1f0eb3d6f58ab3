"""What the second process does when it is asked: opening a workbook, reading its rows, preparing staged blocks."""

from __future__ import annotations

import os
import pickle
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any, Final

from django.conf import settings
from django.utils import translation

from qingyuan.foundation.quiet_logging import without_words
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger, Writing
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.beside import put, take
from qingyuan.ledgers.reading.cells import Reading
from qingyuan.ledgers.reading.header import HeaderMatch
from qingyuan.ledgers.reading.open import Workbook, open_workbook
from qingyuan.ledgers.reading.reader import TableReading, read_table
from qingyuan.ledgers.reading.unreadable import UnreadableFile

CHUNK: Final = 1000
"""Rows in one answer."""
_ENDED: Final = None


class Work:
    """The state between questions. A public method is a question; a generator answers as often as it yields."""

    workbook: Workbook
    reading: TableReading
    ledger: Ledger
    writing: Writing
    count: int

    def begin(self, language: str) -> str:
        """Where our keys are: the one who asks works with no other city's."""
        translation.activate(language)
        return str(settings.QINGYUAN_KEYS)

    def open(self, content: bytes, filename: str) -> tuple[list[tuple[str, bool]], bool, str]:
        self.workbook = open_workbook(content, filename)
        sheets = [(sheet.name, sheet.hidden) for sheet in self.workbook.sheets]
        return sheets, self.workbook.date1904, self.workbook.encoding

    def row_count(self, sheet: str) -> int:
        return self.workbook.sheet(sheet).row_count

    def merged(self, sheet: str) -> Any:
        return self.workbook.sheet(sheet).merged

    def head(self, sheet: str, count: int) -> Any:
        return self.workbook.sheet(sheet).head(count)

    def all_rows(self, sheet: str) -> Any:
        return list(self.workbook.sheet(sheet).rows())

    def table(self, ledger: str, reading: Reading, sheet: str, headers: tuple[HeaderMatch, ...]) -> Any:
        declared = registry.get(ledger)
        self.reading = read_table(
            self.workbook, declared.columns, reading, sheet=sheet, headers=headers, dated_by=declared.dated_by
        )
        of = self.reading
        return of.header, of.stretches, of.warnings, of.doubt, of.sheet_words

    def rows(self) -> Iterator[Any]:
        rows = ((row.number, row.values, row.problems, row.notes, row.raw) for row in self.reading.rows())
        while chunk := list(islice(rows, CHUNK)):
            yield chunk
        yield _ENDED
        yield self.reading.skipped, self.reading.unknown_terms

    def prepare_for(self, ledger: str, writing: Writing, count: int) -> None:
        self.ledger, self.writing, self.count = registry.get(ledger), writing, count

    def prepare(self, payload: bytes, at: datetime) -> Iterator[Any]:
        for stowed in staging.stowed_of(self.ledger, payload, self.writing, self.count, at):
            yield stowed
            assert self.writing.staged is not None
            # As storing it does on the other side: the next changes follow these in the chain.
            self.writing.staged.count, self.writing.staged.root = stowed.changes.after
        yield _ENDED


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks any more. Questions are taken in while an answer waits to be read, so that the two
    processes never wait for each other."""
    asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions, asked), daemon=True).start()
    work = Work()
    while True:
        name, given = asked.get()
        for answer in _answers(getattr(work, name), given):
            try:
                put(answers, answer)
            except (pickle.PicklingError, TypeError, AttributeError) as error:
                put(answers, ("failed", str(without_words(error))))


def _listen(questions: IO[bytes], asked: queue.SimpleQueue[Any]) -> None:
    try:
        while True:
            asked.put(take(questions))
    except Exception:  # whatever it is, nobody can be answered any more
        os._exit(0)


def _answers(do: Callable[..., Any], given: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    try:
        found = do(*given)
        if isinstance(found, Iterator):
            for one in found:
                yield "ok", one
        else:
            yield "ok", found
    except UnreadableFile as error:
        yield "unreadable", str(error)
    except Exception as error:
        yield "failed", str(without_words(error))
