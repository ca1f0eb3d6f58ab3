"""Acts that another slice hands to the page of a ledger's row (house.md §4): minutes from a meeting.

A slice registers what it offers for a ledger once, when it is loaded; the page asks for each row and person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qingyuan.organisation.actor import Actor


@dataclass(frozen=True)
class RowAct:
    """One button: a link, or (``post``) a form that posts to ``href``."""

    label: str
    href: str
    post: bool = False


Offer = Callable[[Actor, Any], list[RowAct]]
_offers: dict[str, list[Offer]] = {}


def offer(ledger: str, acts: Offer) -> None:
    """Called once by a slice for the rows of ``ledger``."""
    _offers.setdefault(ledger, []).append(acts)


def acts_for(ledger: str, actor: Actor, row: Any) -> list[RowAct]:
    """What this person may do with this row besides what every ledger offers."""
    return [act for acts in _offers.get(ledger, ()) for act in acts(actor, row)]
