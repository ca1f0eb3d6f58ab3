"""Anchors that leave the house: a few lines of text to print, mail or keep in another office."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from qingyuan.foundation.audit.chains import chain_of


class BadAnchor(ValueError):
    """A text that is not an exported anchor."""

    def __init__(self) -> None:
        super().__init__("这不是本系统导出的审计锚：请检查文件是否完整")


@dataclass(frozen=True)
class OutsideAnchor:
    """The head of a chain as it was on ``day``, kept where the database's owner cannot reach it."""

    chain: str
    day: date
    head_seq: int
    head_hash: str

    def as_text(self) -> str:
        return json.dumps({**asdict(self), "day": self.day.isoformat()}, ensure_ascii=False, sort_keys=True)


def export_anchor(database: str, day: date | None = None) -> OutsideAnchor | None:
    """The newest anchor, or the one of ``day``; None when nothing has been sealed then."""
    chain = chain_of(database)
    anchors = chain.anchors() if day is None else chain.anchors().filter(day=day)
    anchor = anchors.last()
    if anchor is None:
        return None
    return OutsideAnchor(chain.name, anchor.day, anchor.head_seq, anchor.head_hash)


def parse_anchor(text: str) -> OutsideAnchor:
    """Read back what ``as_text`` gave. Raises BadAnchor."""
    try:
        stored: dict[str, Any] = json.loads(text)
        return OutsideAnchor(
            chain=str(stored["chain"]),
            day=date.fromisoformat(stored["day"]),
            head_seq=int(stored["head_seq"]),
            head_hash=str(stored["head_hash"]),
        )
    except (ValueError, KeyError, TypeError):
        raise BadAnchor from None
