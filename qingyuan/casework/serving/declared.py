"""Which papers a ledger's rows have, said by its room in pure code: when one is offered, what it prints, what follows from its service.

A room registers its forms beside its ledgers. A change of what a form prints is a new ``version``: the number stands on the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qingyuan.documents.model import Block
from qingyuan.ledgers import registry


@dataclass(frozen=True)
class Question:
    """What a person fills in before the paper is made. ``most``: characters; ``long``: several lines."""

    name: str
    label: str
    help: str = ""
    most: int = 60
    long: bool = False
    required: bool = True
    usual: Callable[[Any], str] = lambda _row: ""


@dataclass(frozen=True)
class Printed:
    """What a form prints for a row: its title, to whom it speaks, its body and the unit that signs at its foot."""

    title: str
    body: tuple[Block, ...]
    addressee: str = ""
    signed: bool = True


@dataclass(frozen=True)
class ReceiptLines:
    """What the receipt page says of the paper that is handed over; ``number`` "" = that of this paper itself."""

    paper: str
    number: str = ""
    organ: str = ""


@dataclass(frozen=True)
class PaperForm:
    """``regime``: by whose rules it is served (``reference/data/service_ways.csv``). ``offered``: whether this row takes one.
    ``printed``: the paper from the row, the answers and the name of the unit. ``receipt``: the page that is signed on service;
    None = the paper itself is signed. ``fills``: the ledger column that says the day of service. ``says``: what its service
    says to statutory clocks of the row, each with its word: it starts one, or it was what one asked for. ``within``: days in
    which it has to be served, 0 where the law gives none. ``numbers``: the ledger column that takes the paper's own number with
    that day. ``by_hand``: whether the page of a row offers it; else an action makes it with what it goes out with. ``titled``:
    the name for a row where the row decides it, one of ``titles``, which the catalogue has to know.
    """

    code: str
    version: int
    ledger: str
    title: str
    regime: str
    articles: str
    offered: Callable[[Any], bool]
    printed: Callable[[Any, Mapping[str, str], str], Printed] | None
    receipt: Callable[[Any, Mapping[str, str]], ReceiptLines] | None
    name: Callable[[Any], str]
    questions: tuple[Question, ...] = ()
    fills: str = ""
    numbers: str = ""
    by_hand: bool = True
    says: tuple[tuple[str, str], ...] = ()
    within: int = 0
    titled: Callable[[Any], str] | None = None
    titles: tuple[str, ...] = ()

    def title_of(self, row: Any) -> str:
        """The name of this paper for this row, where the measure decides it (社区戒毒 or 社区康复)."""
        return self.titled(row) if self.titled is not None else self.title


class UnknownForm(LookupError):
    """No room has registered that form for that ledger."""


class UnfitForm(ValueError):
    """The form cannot be taken: the message says why."""


_forms: dict[str, PaperForm] = {}


def register(*forms: PaperForm) -> None:
    """Called once by a room beside its ledgers.

    Raises:
        UnfitForm: the code is taken, the ledger is sealed, or nothing of the paper would be signed.
    """
    for form in forms:
        if form.code in _forms:
            raise UnfitForm(f"form {form.code} registered twice")
        if registry.get(form.ledger).sealed:
            raise UnfitForm(f"{form.ledger} is sealed: a list of its papers would say in the open that a row is there")
        if form.printed is None and form.receipt is None:
            raise UnfitForm(f"form {form.code} prints nothing")
        if (form.titled is None) is not (not form.titles):
            raise UnfitForm(f"form {form.code} does not say which titles it may have")
        _forms[form.code] = form


def form_called(code: str, ledger: str = "") -> PaperForm:
    """Raises UnknownForm."""
    found = _forms.get(code)
    if found is None or ledger not in ("", found.ledger):
        raise UnknownForm(code)
    return found


def forms_of(ledger: str) -> tuple[PaperForm, ...]:
    return tuple(form for form in _forms.values() if form.ledger == ledger)


def all_forms() -> tuple[PaperForm, ...]:
    return tuple(_forms.values())


def ledgers_with_forms() -> Sequence[str]:
    return tuple(dict.fromkeys(form.ledger for form in _forms.values()))
