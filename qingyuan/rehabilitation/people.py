"""Finding and adding clients within the community compartment; used by this room's actions only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from qingyuan.foundation import identity
from qingyuan.foundation.crypto import blind_index
from qingyuan.foundation.enums import Compartment
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
    """The client an ID number belongs to within this compartment, whether or not it is there yet."""
    index = blind_index(HOME, "id_number", id_number)
    return PersonKey(client_id=UUID(hex=blind_index(HOME, "client", id_number)), id_index=index)


def name_index(name: str) -> str:
    return blind_index(HOME, "name", identity.normalise_name(name))


def clients_for(drafts: Sequence[Draft], among: QuerySet[Client] | None = None) -> dict[str, Client]:
    """The clients that the drafts' ID numbers name, by index; one query for the batch. ``among``: only of these."""
    indexes = {person_key(draft.values["id_number"]).id_index for draft in drafts if draft.values.get("id_number")}
    found = (Client.objects.all() if among is None else among).filter(id_index__in=indexes)
    return {client.id_index: client for client in found}


def present() -> QuerySet[Client]:
    """Clients with a row that counts: nobody is on a list by a voided row, or by an import that is still on its way in."""
    measures, isolations = Measure.objects.filter(client=OuterRef("pk")), Isolation.objects.filter(client=OuterRef("pk"))
    return Client.objects.filter(Exists(measures) | Exists(isolations))


def within_reach(writing: Writing) -> QuerySet[Client]:
    """The clients the writer may enter something for; all others answer as if they were not there."""
    return visible_to(writing.by, present(), compartment=HOME, on=writing.on, action=Action.CREATE)


def find(draft: Draft, known: dict[str, Client], writing: Writing) -> Client | None:
    """The client ``draft`` is about, by ID number, else by a name that is unique among those within reach.

    Adds the problem to the draft when there is none, or when name and number disagree.
    """
    number, name = draft.values.get("id_number"), draft.values.get("name") or ""
    if number:
        client = known.get(person_key(number).id_index)
        if client is None:
            draft.refuse("id_number", _("台账里没有这个人:请先在“社区措施”台账登记,或对照原件核对号码。"))
        elif name and identity.normalise_name(name) != identity.normalise_name(client.name):
            draft.refuse("name", _("姓名与这个号码在台账里的姓名不符,请对照原件。"))
            return None
        return client
    if not name:
        draft.refuse("name", _("请填姓名和身份证号。"))
        return None
    same_name = list(within_reach(writing).filter(name_index=name_index(name))[:2])
    if len(same_name) == 1:
        return same_name[0]
    message = _("本单位有同名的人,请填身份证号。") if same_name else _("本单位台账里没有这个姓名,请填身份证号。")
    draft.refuse("name" if same_name else "id_number", message)
    return None


def add_missing(drafts: Sequence[Draft], *, created_at: datetime) -> None:
    """Add the clients that ``drafts`` name and that are not there yet (inside the caller's transaction)."""
    wanted: dict[UUID, Client] = {}
    for draft in drafts:
        number = draft.values.get("id_number")
        if not number:
            continue
        assert draft.division_id is not None and draft.unit_id is not None, "every client stands somewhere"
        key = person_key(number)
        wanted[key.client_id] = Client(
            id=key.client_id,
            name=identity.normalise_name(draft.values["name"]),
            name_index=name_index(draft.values["name"]),
            id_number=number,
            id_index=key.id_index,
            sex=identity.parse(number, from_original=True).sex,
            phone=draft.values.get("phone") or "",
            division_id=draft.division_id,
            unit_id=draft.unit_id,
            caseworker_id=draft.caseworker_id,
            created_at=created_at,
        )
    present = set(Client.objects.filter(pk__in=list(wanted)).values_list("pk", flat=True))
    Client.objects.bulk_create([client for pk, client in wanted.items() if pk not in present], batch_size=500)
