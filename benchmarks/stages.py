"""Where the time of an import goes: functions wrapped for one run, each charged with what its own callees are not.

For ``import_200k.py``. The wrapped functions run a few times a thousand rows, so that measuring costs nothing itself.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

PACKAGE: Final = "qingyuan.ledgers.importing"
STAGES: Final = (
    ("opening the workbook", f"{PACKAGE}.beside", "opened"),
    ("finding the table", f"{PACKAGE}.recognising", "plan_for"),
    ("reading cells by column", f"{PACKAGE}.recognising", "Plan.rows"),
    ("checking, keys, duplicates", f"{PACKAGE}.check", "Checker.judge"),
    ("staging: packing, encrypting", f"{PACKAGE}.staging", "close"),
    ("staging: storing", f"{PACKAGE}.check", "_store"),
    ("opening staged blocks", f"{PACKAGE}.staging", "lines_of"),
    ("rows: ids, keys, values, encrypting", "qingyuan.ledgers.stowing", "_prepared"),
    ("audit: changes, row keys, chain", "qingyuan.foundation.audit", "prepare_creations"),
    ("rows and audit: storing", f"{PACKAGE}.landing", "_store"),
    ("landing, the rest of the promotion", f"{PACKAGE}.promote", "promote"),
    ("facts: reading rows", f"{PACKAGE}.landing", "_plain_rows"),
    ("facts: building", "qingyuan.ledgers.publishing", "first_versions"),
    ("facts: storing", f"{PACKAGE}.landing", "_publish"),
)
"""What a stage is called, and the function that is its own; the last of a part is what is left of it."""


class Stages:
    """Seconds by the clock and of the processor, by stage."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {name: [0.0, 0.0] for name, _module, _path in STAGES}
        self._stack: list[str] = []
        self._since = self._now()

    def watch(self) -> None:
        """Wrap every stage's function; a generator is charged while it works, not while it waits to be asked."""
        for name, module, path in STAGES:
            owner: Any = importlib.import_module(module)
            *steps, attribute = path.split(".")
            for step in steps:
                owner = getattr(owner, step)
            setattr(owner, attribute, self._wrapped(name, getattr(owner, attribute)))

    def _now(self) -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def _charge(self) -> None:
        now = self._now()
        if self._stack:
            spent = self.spent[self._stack[-1]]
            for n in range(2):
                spent[n] += now[n] - self._since[n]
        self._since = now

    def _enter(self, name: str) -> None:
        self._charge()
        self._stack.append(name)

    def _leave(self) -> None:
        self._charge()
        self._stack.pop()

    def _wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **more: Any) -> Any:
            self._enter(name)
            try:
                found = function(*args, **more)
                if hasattr(found, "__enter__"):
                    return _Entered(self, name, found)
                return self._steps(name, found) if isinstance(found, Iterator) else found
            finally:
                self._leave()

        return run

    def _steps(self, name: str, steps: Iterator[Any]) -> Iterator[Any]:
        while True:
            self._enter(name)
            try:
                one = next(steps)
            except StopIteration:
                return
            finally:
                self._leave()
            yield one


class _Entered:
    """A context manager whose entering is the stage."""

    def __init__(self, stages: Stages, name: str, manager: Any) -> None:
        self._stages, self._name, self._manager = stages, name, manager

    def __enter__(self) -> Any:
        self._stages._enter(self._name)
        try:
            return self._manager.__enter__()
        finally:
            self._stages._leave()

    def __exit__(self, *error: Any) -> Any:
        return self._manager.__exit__(*error)
