"""The ledgers there are. Each room registers its own from ``AppConfig.ready``; nobody keeps a list by hand."""

from __future__ import annotations

from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.facts import FactTable

_ledgers: dict[str, Ledger] = {}
_facts: dict[str, FactTable] = {}


class UnknownLedger(KeyError):
    """No ledger has that code."""


def register(ledger: Ledger) -> None:
    """Add ``ledger``; the same code or fact name twice is a defect and raises ValueError."""
    if ledger.code in _ledgers:
        raise ValueError(f"ledger {ledger.code} registered twice")
    _ledgers[ledger.code] = ledger
    if ledger.facts is not None:
        register_fact(ledger.facts)


def register_fact(table: FactTable) -> None:
    """Add a fact table that no ledger publishes by itself (dues, signed returns)."""
    if table.name in _facts:
        raise ValueError(f"fact {table.name} registered twice")
    _facts[table.name] = table


def get(code: str) -> Ledger:
    """The ledger called ``code``; raises UnknownLedger."""
    try:
        return _ledgers[code]
    except KeyError:
        raise UnknownLedger(code) from None


def all_ledgers() -> list[Ledger]:
    return list(_ledgers.values())


def facts() -> dict[str, FactTable]:
    """Fact tables by name, of ledgers and of other publishers."""
    return dict(_facts)


def of_fact(name: str) -> Ledger | None:
    """The ledger whose rows stand behind the fact ``name``; None when it is not a ledger's."""
    return next((ledger for ledger in _ledgers.values() if ledger.facts and ledger.facts.name == name), None)
