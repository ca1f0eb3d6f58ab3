"""Small shared value types."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """Something wrong with one value, told so that the person can mend it.

    ``column`` is the attribute name, ``address`` where it stands for a person ("C7" in a sheet, "" in a form).
    ``value`` may be personal: it is left out of the repr so that it cannot slip into a log.
    """

    column: str
    address: str
    value: str = field(repr=False)
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Decision:
    """Whether something is allowed, with the reason a person can read; true when allowed."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed
