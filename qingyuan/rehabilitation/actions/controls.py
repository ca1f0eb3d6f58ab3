"""The only writer of dynamic control and of its end: the day it is decided to end, the person is sealed everywhere.

戒毒条例第七条第二款. The clock of three years decides nothing: a person makes the certificate and hands it over, or writes the day and the number of
one made elsewhere. With the end the text of the certificate is with its person alone; number and hash stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import clocks, served_papers
from qingyuan.casework.clocks.wanted import runs_of
from qingyuan.casework.models import ServedPaper
from qingyuan.foundation import audit
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.ledgers.importing.forgetting import forget_person
from qingyuan.organisation.queries import city_pack
from qingyuan.reference.packs import get_pack
from qingyuan.rehabilitation.actions import texting
from qingyuan.rehabilitation.actions.case import OfClient
from qingyuan.rehabilitation.models import CampaignLine, Client, Control
from qingyuan.rehabilitation.papers import CERTIFICATE
from qingyuan.rehabilitation.queries import still_open
from qingyuan.rehabilitation.rules import exit as rules_of_exit

CODE: Final = "controls"
#: The ledgers whose rows are of a person.
OF_PERSON: Final = (
    *("measures", "isolation", "tests", "releases", "team", "care_plans", "plan_goals", "absences"),
    *("warnings", "encouragements", "suspensions", "moves", "credits", CODE),
)
_OF_CLIENT: Final = OfClient(CODE, ("starts_on", "relapsed_on", "ended_on"), clocks=True)


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """An end before the three years are over, or while a measure still runs, is refused: nobody leaves early by a slip."""
    _OF_CLIENT.prepare(drafts, writing)
    pack = city_pack().code
    for draft in drafts:
        _take_number(draft)
        ended, client_id = draft.values.get("ended_on"), draft.extra.get("client_id")
        began = max((day for day in (draft.values.get("starts_on"), draft.values.get("relapsed_on")) if day), default=None)
        if not ended or not began or client_id is None:
            continue
        last = rules_of_exit.last_day(began, pack=get_pack(pack))
        if ended <= last:
            draft.refuse("ended_on", _("三年到 %(day)s 届满,第二天起才能停止,请核对起算日期。") % {"day": last.isoformat()})
        for message in still_open(client_id, began, ended):
            draft.refuse("ended_on", message)


def _take_number(draft: Draft) -> None:
    """The number of the certificate that was made for this row, where nobody typed another."""
    if draft.target_id is None or not draft.values.get("ended_on") or (draft.values.get("certificate_number") or "").strip():
        return
    made = ServedPaper.objects.waiting().filter(form=CERTIFICATE, subject_id=draft.target_id).order_by("-drafted_at").first()
    if made is not None:
        draft.values["certificate_number"] = made.number


@transaction.atomic
def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    rows = _OF_CLIENT.record(drafts=drafts, writing=writing)
    if not writing.in_flight:
        _seal(rows, writing)
    return rows


@transaction.atomic
def follow(*, rows: Sequence[Any], writing: Writing) -> None:
    _OF_CLIENT.follow(rows=rows, writing=writing)
    _seal(rows, writing)


@transaction.atomic
def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _OF_CLIENT.change(changes=changes, writing=writing)
    _seal([row for row, _draft in changes], writing)


@transaction.atomic
def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _OF_CLIENT.void(rows=rows, writing=writing)


@transaction.atomic
def seal_ended(*, client: Client, writing: Writing) -> bool:
    """Seal a person whose control has ended and who is not sealed yet (a bulk import that was broken off, an older release).
    False where something is still open or nothing has ended. The row of the control says from which day."""
    ended = Control.objects.filter(client=client, ended_on__isnull=False).order_by("ended_on").last()
    if ended is None or still_open(client.pk, ended.relapsed_on or ended.starts_on, ended.ended_on):
        return False
    _seal([ended], writing)
    return True


def _seal(rows: Sequence[Control], writing: Writing) -> None:
    """Close the person everywhere; a signed entry of the audit says for which client, from which day, and how many rows."""
    for row in rows:
        if row.ended_on is None:
            continue
        client = Client.objects.select_for_update().get(pk=row.client_id)
        if client.sealed_on is not None:
            continue
        for message in still_open(client.pk, row.relapsed_on or row.starts_on, row.ended_on):
            raise _writing.CannotVoid(message)
        _quiet(client, writing)
        served_papers.keep_numbers_only(form=CERTIFICATE, subject_ids=[row.pk])
        client.sealed_on = row.ended_on
        client.save(update_fields=["sealed_on"])
        audit.record_write(
            by=writing.by,
            act="clients.seal",
            ledger="clients",
            rows=[
                audit.RowDelta(
                    row_id=client.pk,
                    compartment=Compartment.COMMUNITY,
                    before={"sealed_on": None},
                    after={"sealed_on": row.ended_on.isoformat()},
                )
            ],
            division_id=row.division_id,
            summary="1",
        )


def _quiet(client: Client, writing: Writing) -> None:
    """Clocks of the person's rows end, what the log keeps of them in words is closed with their keys, what is staged is dropped."""
    forget_person(ledgers=OF_PERSON, name=client.name, id_number=client.id_number)
    texting.end(client, writing.by)
    audit.seal_record_key(client.pk)
    for code in OF_PERSON:
        rows = list(registry.get(code).model.objects.filter(client_id=client.pk))
        if runs_of(code) is not None:
            clocks.give_up(ledger=code, rows=rows, by=writing.by)
        for row in rows:
            audit.seal_record_key(row.pk)
    for key in CampaignLine.frame.filter(client_id=client.pk).values_list("pk", flat=True):
        audit.seal_record_key(key)
    clocks.close(person=str(client.pk), closed=True)


__all__ = ["CODE", "change", "follow", "prepare", "record", "seal_ended", "still_open", "void"]
