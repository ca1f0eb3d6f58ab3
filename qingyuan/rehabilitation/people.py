"""Finding and adding clients within the community compartment; used by this room's actions only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from qingyuan.foundation import bulk, identity
from qingyuan.foundation.crypto import blind_index, blind_indexes
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.name_buckets import indexes_of
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import visible_to
from qingyuan.rehabilitation.models import Client, Isolation, Measure

HOME = Compartment.COMMUNITY


@dataclass(frozen=True)
class PersonKey:
    client_id: UUID
    id_index: str


def person_key(id_number: str) -> PersonKey:
    """How an ID number that is not known yet is written within this compartment. Whom it finds: ``id_indexes``."""
    index = blind_index(HOME, "id_number", id_number)
    return PersonKey(client_id=UUID(hex=blind_index(HOME, "client", id_number)), id_index=index)


def id_indexes(id_number: str) -> tuple[str, ...]:
    """Under which a client of this number may stand: two while index keys are being rotated."""
    return blind_indexes(HOME, "id_number", id_number)


def name_index(name: str) -> str:
    return blind_index(HOME, "name", identity.normalise_name(name))


def name_indexes(name: str) -> tuple[str, ...]:
    return blind_indexes(HOME, "name", identity.normalise_name(name))


def clients_for(drafts: Sequence[Draft], among: QuerySet[Client] | None = None) -> dict[str, Client]:
    """The clients that the drafts' ID numbers name, by number; one query for the batch. ``among``: only of these."""
    numbers = {number for draft in drafts if (number := draft.values.get("id_number"))}
    named = {index: number for number in numbers for index in id_indexes(number)}
    found = (Client.objects.all() if among is None else among).filter(id_index__in=list(named))
    return {named[client.id_index]: client for client in found}


def present() -> QuerySet[Client]:
    """Clients with a row that counts: nobody is on a list by a voided row, or by an import that is still on its way in."""
    measures, isolations = Measure.objects.filter(client=OuterRef("pk")), Isolation.objects.filter(client=OuterRef("pk"))
    return Client.objects.filter(Exists(measures) | Exists(isolations), sealed_on=None)


def within_reach(writing: Writing) -> QuerySet[Client]:
    """The clients the writer may enter something for; all others answer as if they were not there."""
    return visible_to(writing.by, present(), compartment=HOME, on=writing.on, action=Action.CREATE)


def find(draft: Draft, known: dict[str, Client], writing: Writing) -> Client | None:
    """The client ``draft`` is about, by ID number, else by a name that is unique among those within reach.

    Adds the problem to the draft when there is none, or when name and number disagree.
    """
    number, name = draft.values.get("id_number"), draft.values.get("name") or ""
    if number:
        client = known.get(number)
        if client is None:
            draft.refuse("id_number", _("台账里没有这个人:请先在“社区措施”台账登记,或对照原件核对号码。"))
        elif name and identity.normalise_name(name) != identity.normalise_name(client.name):
            draft.refuse("name", _("姓名与这个号码在台账里的姓名不符,请对照原件。"))
            return None
        return client
    if not name:
        draft.refuse("name", _("请填姓名和身份证号。"))
        return None
    same_name = list(within_reach(writing).filter(name_index__in=name_indexes(name))[:2])
    if len(same_name) == 1:
        return same_name[0]
    message = _("本单位有同名的人,请填身份证号。") if same_name else _("本单位台账里没有这个姓名,请填身份证号。")
    draft.refuse("name" if same_name else "id_number", message)
    return None


def add_missing(drafts: Sequence[Draft], *, created_at: datetime) -> None:
    """Add the clients that ``drafts`` name and that are not there yet (inside the caller's transaction)."""
    bulk.store(missing(drafts, created_at=created_at))


def missing(drafts: Sequence[Draft], *, created_at: datetime) -> bulk.Lot:
    """The clients that ``drafts`` name and that are not there yet, ready to be stored; one query."""
    known = clients_for(drafts)
    wanted = {}
    for draft in drafts:
        number = draft.values.get("id_number")
        if not number:
            continue
        # Checked before index keys were rotated, a draft may name a client by another id than the one there is now.
        key = person_key(number)
        draft.extra["client_id"] = known[number].pk if number in known else key.client_id
        if number not in known:
            wanted[key] = draft
    for draft in wanted.values():
        assert draft.division_id is not None and draft.unit_id is not None, "every client stands somewhere"
    names = [identity.normalise_name(draft.values["name"]) for draft in wanted.values()]
    numbers = [draft.values["id_number"] for draft in wanted.values()]
    return bulk.prepare(
        Client,
        len(wanted),
        {
            "id": [key.client_id for key in wanted],
            "name": names,
            **indexes_of(HOME, names),
            "id_number": numbers,
            "id_index": [key.id_index for key in wanted],
            "sex": [identity.parse(number, from_original=True).sex for number in numbers],
            "phone": [draft.values.get("phone") or "" for draft in wanted.values()],
            "division_id": [draft.division_id for draft in wanted.values()],
            "unit_id": [draft.unit_id for draft in wanted.values()],
            "caseworker_id": [draft.caseworker_id for draft in wanted.values()],
            "created_at": bulk.Each(created_at),
        },
    )
