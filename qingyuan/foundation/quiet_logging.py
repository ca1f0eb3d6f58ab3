"""Lines of a log without the values people work with: an error is told by its kind and place, never by its words.

A log is read by whoever keeps the machine, who is nobody's caseworker. So no text of an exception reaches it (it may
quote what was typed), numbers as long as a telephone's or an ID card's are blotted out, and so is every Chinese word:
the program's own lines are English, whatever else stands in one came from outside. What cannot be told from our own
words, such as a name in Latin letters inside an address, stays.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import threading
import traceback
from types import TracebackType
from typing import Any, Final

BLOT: Final = "…"
_NUMBERS: Final = re.compile(r"(?<![0-9A-Fa-f-])(?:\d{17}[0-9Xx]|\d{15}|1[3-9]\d{9})(?![0-9A-Fa-f])")
# Everything beyond Latin letters, with the dots and blanks between two such words; the same as percent signs in an address.
_WORDS: Final = re.compile(r"[^\x00-\u024f…](?:[^\x00-\u024f…]|[\s·]+(?=[^\x00-\u024f…]))*")
_PERCENT: Final = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])(?:%[0-9A-Fa-f]{2})*|(?:\\u[0-9a-fA-F]{4})+")
_DEEPEST: Final = 5
_NUMBERED: Final = "error_number"


class QuietFormatter(logging.Formatter):
    """One line per record, then for an error its kind and the lines of code it came through."""

    def format(self, record: logging.LogRecord) -> str:
        kept = record.exc_text
        record.exc_text = None  # another handler may have formatted it in full
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatMessage(self, record: logging.LogRecord) -> str:
        # A line break in a value would begin a line that nobody wrote.
        line = blotted(super().formatMessage(record)).replace("\r", "\\r").replace("\n", "\\n")
        number = getattr(getattr(record, "request", None), _NUMBERED, "")
        return f"{line} [{number}]" if number else line

    def formatException(self, ei: Any) -> str:
        return told(ei[1])

    def formatStack(self, stack_info: str) -> str:
        return blotted(stack_info)


def mark_error(request: Any) -> str:
    """A number for what broke in ``request``: the page shows it, and the log's line of the error carries it."""
    number = f"E-{secrets.token_hex(4)}"
    setattr(request, _NUMBERED, number)
    return number


class JobFailed(RuntimeError):
    """What the queue keeps of a failed job: the kind and place of the error, without its words."""


def blotted(text: str) -> str:
    """``text`` without what may be a person: long numbers, and words in other letters than the program's own."""
    for pattern in (_PERCENT, _NUMBERS, _WORDS):
        text = pattern.sub(BLOT, text)
    return text


def told(error: BaseException | None) -> str:
    """Kind and place of an error and of those that led to it, the latest first."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(lines) < _DEEPEST:
        seen.add(id(error))
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        lines.append(f"  {kind} at {_way(error.__traceback__)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _way(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    shown = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
    return " < ".join(shown[:12]) or "no line"


def _short(filename: str) -> str:
    path = filename.replace("\\", "/")
    for mark in ("/site-packages/", "/qingyuan/"):
        if mark in path:
            return path.rpartition(mark)[2]
    return path.rpartition("/")[2]


def without_words(error: BaseException) -> JobFailed:
    """An error to be raised instead of ``error`` where something keeps its text (``raise … from None``)."""
    return JobFailed(told(error))


def watch_for_the_uncaught() -> None:
    """Errors that nobody catches end in the log too, instead of on the terminal with everything they say."""
    log = logging.getLogger("qingyuan")

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("stopped by an error", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.critical("a thread stopped by an error", exc_info=args.exc_value)

    sys.excepthook = hook
    threading.excepthook = in_thread
