"""Fewer searches for circles of garbage while a file comes in.

The interpreter looks for objects that hold each other after every few hundred it makes, and sometimes through all it has. An
import makes some hundred objects for every row, drops them with its chunk, and they form no circles: a fifth of its
processor time went into looking. Whatever else runs in this process meanwhile is still looked after, only less often.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

RARELY: Final = (200_000, 50, 100)
"""Objects more than before, then lookings of the younger kind before one of the elder: a few chunks' worth."""
_lock = threading.Lock()
_running = 0
_before = gc.get_threshold()


@contextmanager
def rarely() -> Iterator[None]:
    """For the time of an import; of several at once the last to end puts back what was."""
    global _running, _before
    with _lock:
        if not _running:
            _before = gc.get_threshold()
            if _before[0]:  # 0: somebody has switched it off altogether
                gc.set_threshold(*RARELY)
        _running += 1
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if not _running:
                gc.set_threshold(*_before)
