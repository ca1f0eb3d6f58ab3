"""Several people act at one time, each in a thread with a connection of its own, and meet at the narrowest place.

Before the first statement by which a thread writes, and before each commit, it waits a moment: whoever only looked, without a lock, then
stands with the others behind the same look, and nobody is done before the others have looked. With ``bare`` every ``FOR UPDATE`` is left
out of what the threads ask of the database, so that a test can show that it is the lock which holds, and not luck.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections

PAUSE: Final = 0.12
_WRITES: Final = re.compile(r"\s*(insert|update|delete)\b", re.IGNORECASE)
_LOCK: Final = re.compile(r'\s+FOR (NO KEY )?UPDATE( OF (("[^"]+"|\w+)(, )?)+)?', re.IGNORECASE)


class _Slowed:
    """Waits before the first write of this thread."""

    def __init__(self, bare: bool) -> None:
        self.bare, self.waited = bare, False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.waited and _WRITES.match(sql):
            time.sleep(PAUSE)
            self.waited = True
        return execute(_LOCK.sub("", sql) if self.bare else sql, params, many, context)


def _commit_later(held: Any) -> None:
    commit = held.commit

    def later() -> None:
        time.sleep(PAUSE)
        commit()

    held.commit = later


def at_once(acts: Sequence[Callable[[], object]], *refusals: type[Exception], bare: bool = False) -> dict[str, int]:
    """What the acts came to: how many were done, how many refused (with one of ``refusals``), and every other end by its name."""
    said: list[str] = []
    start = threading.Barrier(len(acts))

    def work(act: Callable[[], object]) -> None:
        held = connections[DEFAULT_DB_ALIAS]  # this thread's own
        held.ensure_connection()
        _commit_later(held)
        start.wait()
        try:
            with held.execute_wrapper(_Slowed(bare)):
                act()
            said.append("done")
        except refusals:
            said.append("refused")
        except Exception as error:
            said.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(sorted(Counter(said).items()))
