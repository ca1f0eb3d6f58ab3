"""The one way a file is turned away: with the reason and what the person can do."""

from __future__ import annotations


class UnreadableFile(ValueError):
    """The file cannot be read as a table; ``reason_zh`` says why and what to do."""

    def __init__(self, reason_zh: str) -> None:
        super().__init__(reason_zh)
        self.reason_zh = reason_zh
