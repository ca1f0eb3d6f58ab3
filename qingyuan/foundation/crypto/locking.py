"""A lock between processes that works on every system: a file that only one of them can make."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

LOCK_SECONDS: Final = 10.0
STALE_SECONDS: Final = 60.0
PAUSE_SECONDS: Final = 0.02


class KeyringBusy(RuntimeError):
    """Another process is changing the ring and does not finish."""


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock for the block. One left behind by a crash is taken over after a minute. Raises KeyringBusy."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            break
        except FileExistsError:
            _remove_if_stale(path)
            if time.monotonic() > deadline:
                raise KeyringBusy(f"另一个进程正在更换密钥：请稍后重试；若确认没有，请删除 {path}") from None
            time.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _remove_if_stale(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if time.time() - path.stat().st_mtime > STALE_SECONDS:
            path.unlink(missing_ok=True)
