"""What a text finds, room by room, always through the rooms' own scoped queries; never a person by part of a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qingyuan.indicators import catalogue
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.entering import allowed
from qingyuan.ledgers.presenting import cells
from qingyuan.ledgers.queries import RowFilter
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.rehabilitation import queries as people
from qingyuan.web.navigation import BY_NAME, FIGURES

MOST = 8


@dataclass(frozen=True)
class Found:
    """One hit. ``row_id`` is there for rows, whose reading is logged."""

    text: str
    note: str
    href: str
    row_id: UUID | None = None


@dataclass(frozen=True)
class Group:
    title: str
    hits: Sequence[Found]


def find(text: str, actor: Actor, on: date) -> list[Group]:
    """Everything ``actor`` may find under ``text``, in groups that have hits."""
    groups = [
        Group(_("人员"), _people(text, actor, on)),
        Group(_("台账"), _ledgers(text, actor, on)),
        Group(_("指标"), _indicators(text, actor)),
        *_rows(text, actor, on),
    ]
    return [group for group in groups if group.hits]


def _people(text: str, actor: Actor, on: date) -> list[Found]:
    if not actor.has_role(*BY_NAME):
        return []
    found = people.search_clients(people.clients(actor, on), text)[:MOST]
    return [
        Found(client.name, client.division.name, reverse("web:person-detail", args=(client.pk,)), client.pk)
        for client in found
    ]


def _ledgers(text: str, actor: Actor, on: date) -> list[Found]:
    return [
        Found(ledger.title, ledger.purpose, reverse("web:ledger-list", args=(ledger.code,)))
        for ledger in registry.all_ledgers()
        if text in ledger.title and allowed(ledger, actor, Action.READ, on)
    ]


def _indicators(text: str, actor: Actor) -> list[Found]:
    if not actor.has_role(*FIGURES):
        return []
    hits = []
    for indicator in catalogue.catalogue().all():
        if text.upper() != indicator.code and text not in str(indicator.title):
            continue
        try:
            hits.append(Found(str(indicator.title), indicator.code, reverse("web:indicator", args=(indicator.code,))))
        except NoReverseMatch:
            return []
    return hits[:MOST]


def _rows(text: str, actor: Actor, on: date) -> Iterator[Group]:
    """Rows by numbers and titles. People's ledgers are left to the search for people."""
    for ledger in registry.all_ledgers():
        searchable = [column for column in ledger.columns if column.searchable]
        if not searchable or any(column.personal for column in searchable):
            continue
        found = queries.filtered(ledger, queries.rows(ledger, actor, on), RowFilter(search=text), on)[:MOST]
        yield Group(ledger.title, [_row(ledger, row, actor) for row in found])


def _row(ledger: Ledger, row: object, actor: Actor) -> Found:
    texts = [one.text for one in cells(ledger, row, actor) if one.text]
    pk: UUID = row.pk  # type: ignore[attr-defined]
    return Found(texts[0], " · ".join(texts[1:4]), reverse("web:ledger-row", args=(ledger.code, pk)), pk)
