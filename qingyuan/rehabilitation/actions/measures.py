"""The only writers of community measures and isolation status dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import clocks
from qingyuan.foundation import bulk, clock, identity
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.enums import Role
from qingyuan.organisation.queries import city_pack
from qingyuan.rehabilitation import people, rules
from qingyuan.rehabilitation.actions import clients
from qingyuan.rehabilitation.actions.settling import bring_in_line
from qingyuan.rehabilitation.models import Client, CommunityTest, Measure

MEASURES = "measures"
ISOLATION = "isolation"


class MeasureHasTests(_writing.CannotVoid):
    """A measure with live tests cannot be voided; void the tests first."""


def prepare_measures(drafts: Sequence[Draft], writing: Writing) -> None:
    """Resolve the client of each draft; a person not known yet will be added together with the measure."""
    _prepare_people(drafts, writing)
    pack = city_pack().code
    for draft in drafts:
        draft.problems += rules.not_in_future(
            draft.values, ("decided_on", "served_on", "reported_on", "agreement_on", "ended_on"), writing.on
        )
        decided = draft.values.get("decided_on")
        if decided is None:
            continue
        reported, kind = draft.values.get("reported_on"), str(draft.values.get("kind") or "")
        draft.extra["report_due"] = rules.report_due(
            kind=kind, decided_on=decided, served_on=draft.values.get("served_on"), pack=pack
        )
        draft.values["ends_on"] = rules.expected_end(
            kind=kind,
            reported_on=reported,
            printed_end=draft.values.get("ends_on"),
            pack=pack,
        )


def prepare_isolation(drafts: Sequence[Draft], writing: Writing) -> None:
    _prepare_people(drafts, writing)
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("decided_on", "released_on"), writing.on)


def _prepare_people(drafts: Sequence[Draft], writing: Writing) -> None:
    known = people.clients_for(drafts)
    for draft in drafts:
        number, name = draft.values.get("id_number"), draft.values.get("name")
        if not number or not name:
            continue  # both are required columns; the reader has already said so
        client = known.get(number)
        draft.extra["client_id"] = client.pk if client is not None else people.person_key(number).client_id
        if client is None:
            continue
        if client.sealed_on is not None:
            draft.caseworker_id = 0
            continue  # a wrong name must not tell that somebody of this number was sealed
        if identity.normalise_name(client.name) != identity.normalise_name(name):
            draft.refuse("name", _("姓名与这个号码在台账里的姓名不符,请对照原件。"))
        draft.caseworker_id = client.caseworker_id or 0  # nobody's is no caseworker's own


@transaction.atomic
def record_measures(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    """Insert measures, add clients not known yet, generate and settle their test dues."""
    _take_new_people_on(drafts, writing)
    people.add_missing(drafts, created_at=clock.now())
    clients.reopen(client_ids={draft.extra["client_id"] for draft in drafts}, by=writing.by)
    rows = _writing.insert(registry.get(MEASURES), drafts, writing)
    if not writing.in_flight:
        follow_measures(rows=rows, writing=writing)
    return rows


@transaction.atomic
def change_measures(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(MEASURES), changes, writing)
    follow_measures(rows=[row for row, _draft in changes], writing=writing)


@transaction.atomic
def void_measures(*, rows: Sequence[Any], writing: Writing) -> None:
    """Void measures entered by mistake; their dues are cancelled with them. Raises MeasureHasTests."""
    if CommunityTest.objects.filter(measure__in=rows).exists():
        raise MeasureHasTests(_("这项措施下还有检测记录,请先作废检测记录。"))
    _writing.void(registry.get(MEASURES), rows, writing)
    clocks.give_up(ledger=MEASURES, rows=rows, by=writing.by)
    for row in rows:
        row.reported_on = None  # a void measure asks for nothing; the row itself keeps its day
    bring_in_line(rows, by=writing.by)


@transaction.atomic
def record_isolation(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    _take_new_people_on(drafts, writing)
    people.add_missing(drafts, created_at=clock.now())
    clients.reopen(client_ids={draft.extra["client_id"] for draft in drafts}, by=writing.by)
    rows = _writing.insert(registry.get(ISOLATION), drafts, writing)
    if not writing.in_flight:
        follow_isolation(rows=rows, writing=writing)
    return rows


def stow_people(*, drafts: Sequence[Draft], writing: Writing) -> Sequence[bulk.Lot]:
    """What a large import of measures or isolation dates brings beside its rows: people not known yet."""
    _take_new_people_on(drafts, writing)
    return [people.missing(drafts, created_at=clock.now())]


@transaction.atomic
def change_isolation(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(ISOLATION), changes, writing)
    follow_isolation(rows=[row for row, _draft in changes], writing=writing)


@transaction.atomic
def void_isolation(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(ISOLATION), rows, writing)
    clocks.give_up(ledger=ISOLATION, rows=rows, by=writing.by)


@transaction.atomic
def follow_isolation(*, rows: Sequence[Any], writing: Writing) -> None:
    """The clocks of an isolation period follow its dates."""
    clients.reopen(client_ids={row.client_id for row in rows}, by=writing.by)
    owners = Client.objects.in_bulk({row.client_id for row in rows})
    for row in rows:
        row.client = owners[row.client_id]
    clocks.follow(ledger=ISOLATION, rows=rows, by=writing.by)


def _take_new_people_on(drafts: Sequence[Draft], writing: Writing) -> None:
    """A caseworker who registers a new person becomes that person's caseworker."""
    caseworker = writing.by.account_id if writing.by.has_role(Role.CASEWORKER) else None
    for draft in drafts:
        draft.caseworker_id = draft.caseworker_id or caseworker


@transaction.atomic
def follow_measures(*, rows: Sequence[Measure], writing: Writing) -> None:
    """Clients live where their newest measure is carried out; dues and clocks follow the measure."""
    clients.reopen(client_ids={row.client_id for row in rows}, by=writing.by)
    owners = {client.pk: client for client in Client.objects.filter(pk__in={row.client_id for row in rows})}
    for row in sorted(rows, key=lambda row: row.decided_on):
        row.client = owners[row.client_id]
        if row.ended_on is None:
            row.client.division_id, row.client.unit_id = row.division_id, row.unit_id
    Client.objects.bulk_update(owners.values(), ["division", "unit"], batch_size=500)
    bring_in_line(rows, by=writing.by)
    clocks.follow(ledger=MEASURES, rows=rows, by=writing.by)
