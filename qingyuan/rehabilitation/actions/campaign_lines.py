"""The lines of a frame as a ledger: brought in by a table, changed on the row's page or by a program, never added and never voided.

Whoever is not on the register on the reference day has no line, and no table gives one: neither leads nor sweeps of households
become rows here. What a line may say is asked of the same rules as on the page of the campaign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.words import Problem
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.enums import Action
from qingyuan.rehabilitation import campaigns as reads
from qingyuan.rehabilitation import people
from qingyuan.rehabilitation.actions.campaigns import LONGEST, locked, wrong_with
from qingyuan.rehabilitation.campaigns import LINES
from qingyuan.rehabilitation.enums import EndState

#: What the unit says of a line; the rest stands since the frame was drawn.
SAID: Final = ("state", "happened_on", "paper_number", "words", "to_place")
_TEXTS: Final = ("state", "paper_number", "words", "to_place")


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find each draft's line among those of the writer's unit, and hold what it says against the rules."""
    found = _named(drafts, writing) | _numbered(drafts, writing)
    for draft in drafts:
        for name in _TEXTS:
            if name in draft.values:  # a table that has not the column says nothing of it
                draft.values[name] = draft.values[name] or ""
        line = found.get(draft.number)
        if line is None:
            if not draft.problems:
                draft.refuse("name", _not_in_the_frame())
            continue
        draft.extra |= {"campaign_id": line.campaign_id, "client_id": line.client_id}
        draft.division_id, draft.unit_id, draft.caseworker_id = line.division_id, line.unit_id, line.client.caseworker_id or 0
        draft.values |= {"division": line.division_id, "listed_on": line.listed_on}
        if differs(line, draft.values):
            draft.problems += _problems(line, draft.values)


def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    """No line is ever added: one that ``prepare`` found is there already. Raises DuplicateRow."""
    raise _writing.DuplicateRow(_("这个人已经在名册上:请打开那一行登记核查结果。"))


@transaction.atomic
def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    """What was said of each line, by whom and when. Raises RowChanged where somebody else has said it meanwhile."""
    # One order for all: two who bring in tables of the same persons do not wait for each other.
    for row, draft in sorted(changes, key=lambda one: (str(one[0].campaign_id), str(one[0].client_id), str(one[0].pk))):
        held = locked(row)
        given = {name: draft.values.get(name, getattr(row, name)) for name in SAID}
        if held is None or held.version != row.version or _problems(held, given):
            raise _writing.RowChanged(_("这一行刚被别人登记过,请刷新后核对再填。"))
        draft.values |= {"words": (given["words"] or "")[:LONGEST], "to_place": given["to_place"] or ""}
        draft.extra |= {"said_at": clock.now(), "said_by_id": writing.by.account_id, "said_by_name": writing.by.name[:40]}
        draft.extra |= {"refused_words": "", "to_unit_id": held.to_unit_id if _inside(held, given) else None}
    _writing.change(registry.get(LINES), changes, writing)


def void(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises CannotVoid: who was on the register on the reference day was on it."""
    raise _writing.CannotVoid(_("名册上的行不作废:不归本单位的记“非本辖区”,同一人两行的一行记“重复”;普查本身印错的,由印发单位撤回。"))


def differs(line: Any, values: Mapping[str, Any]) -> bool:
    """Whether anything else is said of the line than it says."""
    return any((values.get(name, getattr(line, name)) or "") != (getattr(line, name) or "") for name in SAID)


def _problems(line: Any, values: Mapping[str, Any]) -> list[Problem]:
    given = {name: values.get(name, getattr(line, name)) for name in SAID}
    if line.accepted_at is not None:
        message = _("对方单位已经签收,由那里继续核查;需要更正的请那里先说明。")
        return [Problem(column="state", address="", value=given["state"] or "", message=message)]
    return wrong_with(line, given, inside=_inside(line, given))


def _inside(line: Any, given: Mapping[str, Any]) -> bool:
    """A unit of the city that was named on the page stays named while the line still says so."""
    return line.to_unit_id is not None and given["state"] == EndState.ELSEWHERE and not given["to_place"]


def _named(drafts: Sequence[Draft], writing: Writing) -> dict[int, Any]:
    """The line that a table names by the campaign's document and the person."""
    wanted = [draft for draft in drafts if draft.target_id is None]
    known = people.clients_for(wanted, among=people.within_reach(writing))
    owners = {draft.number: client for draft in wanted if (client := people.find(draft, known, writing)) is not None}
    lines = reads.lines_visible(writing.by, writing.on, Action.CHANGE).filter(client__in={one.pk for one in owners.values()})
    held = {(line.client_id, line.campaign.document_number): line for line in lines}
    numbers = {draft.number: (draft.values.get("campaign") or "").strip() for draft in wanted}
    return {number: held[key] for number, owner in owners.items() if (key := (owner.pk, numbers[number])) in held}


def _numbered(drafts: Sequence[Draft], writing: Writing) -> dict[int, Any]:
    """The line a draft changes, by the row itself."""
    wanted: dict[UUID, int] = {draft.target_id: draft.number for draft in drafts if draft.target_id is not None}
    lines = reads.lines_visible(writing.by, writing.on, Action.CHANGE).filter(pk__in=list(wanted))
    return {wanted[line.pk]: line for line in lines}


def _not_in_the_frame() -> str:
    return _("这次普查的名册上没有这个人:名册只从台账里取基准日在册的人,线索、入户走访中遇到的人不进名册。请核对印发文号和身份证号。")
