"""The two chains, write and read: the same work over different tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import models

from qingyuan.foundation.audit.models import (
    AUDIT_DATABASE,
    MAIN_DATABASE,
    Anchor,
    Entry,
    ReadAnchor,
    ReadEntry,
    ReadSealLock,
    SealLock,
    WriteAnchor,
    WriteEntry,
    WriteSealLock,
)
from qingyuan.foundation.audit.tags import read_content, write_content


class UnknownChain(ValueError):
    """Not one of the two databases."""

    def __init__(self, database: str) -> None:
        super().__init__(f"没有名为 {database} 的审计链：请用 default（操作）或 audit（查阅）")


@dataclass(frozen=True)
class Chain:
    """Where one chain lives and how its entries read."""

    name: str
    database: str
    entry: type[WriteEntry] | type[ReadEntry]
    anchor: type[WriteAnchor] | type[ReadAnchor]
    lock: type[WriteSealLock] | type[ReadSealLock]
    content: Callable[[Any], str]

    def entries(self) -> models.QuerySet[Any]:
        """All entries, with Django's own QuerySet: the sealer must be able to fill the chain columns."""
        return models.QuerySet(self.entry, using=self.database)

    def anchors(self) -> models.QuerySet[Any]:
        return models.QuerySet(self.anchor, using=self.database).order_by("day")

    def locks(self) -> models.QuerySet[Any]:
        return models.QuerySet(self.lock, using=self.database)


CHAINS: Final[dict[str, Chain]] = {
    MAIN_DATABASE: Chain("write", MAIN_DATABASE, WriteEntry, WriteAnchor, WriteSealLock, write_content),
    AUDIT_DATABASE: Chain("read", AUDIT_DATABASE, ReadEntry, ReadAnchor, ReadSealLock, read_content),
}

__all__ = ["CHAINS", "Anchor", "Chain", "Entry", "SealLock", "UnknownChain", "chain_of"]


def chain_of(database: str) -> Chain:
    """The chain in this database alias. Raises UnknownChain."""
    chain = CHAINS.get(database)
    if chain is None:
        raise UnknownChain(database)
    return chain
