"""What the reader needs to know of a column; the ledger's own Column satisfies it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from qingyuan.ledgers.kinds import Kind


class ColumnSpec(Protocol):
    """``header`` is the Chinese header, ``aliases`` other headers offices use; ``unit`` the unit values are kept in
    (``g`` for masses); ``max_length`` counts characters, 0 for no limit; ``month_enough``: a date column of months."""

    @property
    def name(self) -> str: ...

    @property
    def header(self) -> str: ...

    @property
    def aliases(self) -> Sequence[str]: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def required(self) -> bool: ...

    @property
    def code_list(self) -> str: ...

    @property
    def unit(self) -> str: ...

    @property
    def max_length(self) -> int: ...

    @property
    def month_enough(self) -> bool: ...
