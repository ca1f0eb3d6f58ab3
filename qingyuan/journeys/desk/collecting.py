"""Everything a unit keeps about one person, read as the one who answers, in one compartment and with its own index.

The other side of a wall is never asked: a unit there has a row of its own for the request and answers the person itself. Sealed ledgers
and people who were sealed stay closed here as everywhere; the answer says so to everybody alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.casework.actions import data_requests as actions
from qingyuan.casework.actions.data_requests import Decided, DeskRefused, Found
from qingyuan.casework.desk import queries as desk
from qingyuan.casework.desk import table
from qingyuan.casework.enums import Asked, AskedBy, Asker, Verdict
from qingyuan.casework.gates import queries as gates
from qingyuan.casework.models import DataRequest, DataRequestItem
from qingyuan.foundation import audit, clock
from qingyuan.foundation.crypto import blind_indexes
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import said
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.scope import visible_to
from qingyuan.rehabilitation import queries as people
from qingyuan.rehabilitation.actions.own_page import REQUESTS as OWN_REQUESTS
from qingyuan.rehabilitation.models import AppointmentText, Client, OwnRequest, TextConsent
from qingyuan.rehabilitation.people import id_indexes

#: What is on file beside the ledgers: what the person asked for on the own page, what passed a gate, what texts they got, who looked.
OWN: Final = OWN_REQUESTS
PASSED: Final = "gate-acts"
LOOKS: Final = "looks"
TEXTS: Final = "appointment-texts"
LOOKS_LISTED: Final = 200
TITLES: Final = {OWN: "本人页面上的申请和答复", PASSED: "依法移交的清单", TEXTS: "短信提示的同意和发送记录", LOOKS: "查阅记录"}


@dataclass(frozen=True)
class Holding:
    """The rows of one ledger (or of what stands beside the ledgers) about the person; ``ledger`` is None beside them."""

    code: str
    title: str
    rows: Sequence[Any]
    ledger: Ledger | None = None


def holdings(request: DataRequest, actor: Actor, on: date) -> list[Holding]:
    """What ``actor`` reads about the person of a request, by the whole ID number and nothing less."""
    home, number = Compartment(request.compartment), request.values["id_number"]
    found = list(_in_ledgers(home, number, actor, on))
    if home == Compartment.COMMUNITY and request.kind in (Asked.COPY, Asked.DECEASED):
        found += _beside(number, actor, on)
    return [one for one in found if one.rows]


def _in_ledgers(home: Compartment, number: str, actor: Actor, on: date) -> Iterator[Holding]:
    for ledger in registry.all_ledgers():
        column = number_column(ledger)
        if ledger.compartment != home or ledger.sealed or column is None:
            continue
        indexes = blind_indexes(home, queries.purpose_of(column), number)
        rows = queries.rows(ledger, actor, on).filter(**{f"{column.index.replace('.', '__')}__in": indexes})
        yield Holding(ledger.code, ledger.title, list(ledger.with_related(rows).order_by("pk")), ledger)


def number_column(ledger: Ledger) -> Column | None:
    """The column by which rows of a ledger are found by a whole ID number."""
    return next((one for one in ledger.columns if one.kind == Kind.ID_NUMBER and one.index), None)


def _beside(number: str, actor: Actor, on: date) -> list[Holding]:
    client = client_of(number, actor, on)
    if client is None:
        return []
    asked = visible_to(
        actor, OwnRequest.objects.filter(client=client), compartment=Compartment.HELP, on=on, ledger=OWN,
        caseload_field="client__caseworker_id",
    )  # fmt: skip
    sent = gates.about(str(client.pk), Compartment.COMMUNITY)[0]
    looks = list(people.looked_at(client)[:LOOKS_LISTED])
    return [
        Holding(OWN, TITLES[OWN], list(asked)),
        Holding(PASSED, TITLES[PASSED], sent),
        Holding(TEXTS, TITLES[TEXTS], [*TextConsent.objects.filter(client=client), *AppointmentText.objects.filter(client=client)]),
        Holding(LOOKS, TITLES[LOOKS], looks),
    ]


def client_of(number: str, actor: Actor, on: date) -> Client | None:
    """The client with this number among those ``actor`` reads."""
    return people.clients(actor, on).filter(id_index__in=id_indexes(number)).first()


def collect(*, request: DataRequest, by: Actor, path: str) -> DataRequest:
    """Look everything up as ``by`` and keep which rows there are; every ledger looked into is in the read audit. Raises DeskRefused."""
    on = clock.today()
    _require(request, by, on)
    found = holdings(request, by, on)
    for one in found:
        if one.ledger is not None:
            audit.record_read(by=by, act="collect", ledger=one.code, row_ids=[row.pk for row in one.rows], path=path, reason=str(request.pk))
    client = client_of(request.values["id_number"], by, on) if request.compartment == Compartment.COMMUNITY else None
    given = [Found(one.code, one.title, [row.pk for row in one.rows if isinstance(row.pk, UUID)]) for one in found]
    return actions.collect(
        request=request,
        found=[one for one in given if one.rows],
        by=by,
        caseworker_id=client.caseworker_id if client is not None else None,
    )


def _require(request: DataRequest, by: Actor, on: date) -> None:
    """Before anybody is looked up. Raises DeskRefused."""
    from_state = table.leads_to(request.state, "collected")
    if not from_state or not desk.may_answer(by, request, on):
        raise DeskRefused(_("核对身份以后,由本单位有权答复的人收集。"))


def unchanged(request: DataRequest, item: DataRequestItem, by: Actor) -> bool:
    """Whether nothing was corrected in the rows of an item since the request came in (its ledger keeps the old values)."""
    rows = _rows_of(item, by)
    return not any(row.changed_at is not None and row.changed_at >= request.received_at for row in rows)


def still_there(item: DataRequestItem, by: Actor) -> bool:
    """Whether rows of an item are still on file."""
    return bool(_rows_of(item, by))


def _rows_of(item: DataRequestItem, by: Actor) -> list[Any]:
    if item.ledger not in {one.code for one in registry.all_ledgers()}:
        return []
    return list(queries.rows(registry.get(item.ledger), by, clock.today()).filter(pk__in=item.rows))


def check(request: DataRequest, decided: dict[UUID, Decided], by: Actor) -> None:
    """A correction that was agreed to has been made in its ledger; what was to be deleted is gone from it. Raises DeskRefused."""
    for item in actions.items_of(request):
        said_of = decided.get(item.pk)
        if said_of is None or said_of.verdict != Verdict.GIVEN or item.ledger in TITLES:
            continue
        title = item.values["title"]
        if request.kind == Asked.CORRECT and unchanged(request, item, by):
            raise DeskRefused(_("“%(title)s”还没有更正:请先打开那一条改好(旧值留在历史里),再登记同意;不改的选“不同意”和理由。") % {"title": said(title)})
        if request.kind == Asked.DELETE and still_there(item, by):
            raise DeskRefused(_("“%(title)s”还在台账里:依法可以删除的,先按台账的办法作废;不能删除的选“不同意”和理由。") % {"title": said(title)})


def from_own_page(*, asked: OwnRequest, by: Actor) -> DataRequest:
    """Make a request of a correction that the person asked for on the own page. Raises DeskRefused."""
    client = asked.client
    if asked.asked_for != "correction":
        raise DeskRefused(_("请假由社工直接答复;更正才转为个人信息请求。"))
    if DataRequest.objects.filter(own_request_id=asked.pk).exists():
        raise DeskRefused(_("这一条已经转为个人信息请求。"))
    return actions.receive(
        kind=Asked.CORRECT,
        asker=Asker.SELF,
        came_by=AskedBy.OWN_PAGE,
        received_on=clock.day_of(asked.asked_at),
        about=actions.About(client.name, client.id_number, words=asked.words),
        by=by,
        own_request_id=asked.pk,
    )
