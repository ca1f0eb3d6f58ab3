"""The only writers of what happens while a measure is carried out. Its clocks follow in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import clocks
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.ledgers.kinds import Kind
from qingyuan.rehabilitation import people, rules
from qingyuan.rehabilitation.actions.measures import MEASURES
from qingyuan.rehabilitation.models import Client, Measure, Suspension
from qingyuan.rehabilitation.rules.case import overlapping

CHUNK: Final = 400


@dataclass(frozen=True)
class OfMeasure:
    """The writers of one ledger whose rows are of a measure. ``day``: the column that says of which; ``happened``: the columns
    of days that cannot lie ahead; ``follows``: whether the measure's clocks hear of it; ``own``: whether the row has clocks;
    ``guard``: asked of the measures after writing, with the measures locked."""

    code: str
    day: str
    happened: tuple[str, ...]
    follows: bool = False
    own: bool = False
    guard: Callable[[Collection[UUID]], None] | None = None

    def prepare(self, drafts: Sequence[Draft], writing: Writing) -> None:
        """Find each draft's client and the measure of its day."""
        nobody_named(self.code, drafts)
        known = people.clients_for(drafts, among=people.within_reach(writing))
        found = [(draft, client) for draft in drafts if (client := people.find(draft, known, writing)) is not None]
        measures = _measures_of([client for _draft, client in found])
        for draft, client in found:
            draft.problems += rules.not_in_future(draft.values, self.happened, writing.on)
            place(draft, client)
            on = draft.values.get(self.day)
            if on is None:
                continue
            measure = next((one for one in measures.get(client.pk, []) if _within(one, on)), None)
            if measure is None:
                draft.refuse(self.day, _("这一天没有社区措施,请核对日期,或先在“社区戒毒社区康复台账”登记措施。"))
            else:
                draft.extra["measure_id"] = measure.pk
                draft.division_id, draft.unit_id = measure.division_id, measure.unit_id

    @transaction.atomic
    def record(self, *, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
        rows = _writing.insert(registry.get(self.code), drafts, writing)
        if not writing.in_flight:
            self.follow(rows=rows, writing=writing)
        return rows

    @transaction.atomic
    def follow(self, *, rows: Sequence[Any], writing: Writing) -> None:
        if self.own:
            _with_clients(rows)
            clocks.follow(ledger=self.code, rows=rows, by=writing.by)
        self._tell({row.measure_id for row in rows}, writing)

    @transaction.atomic
    def change(self, *, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
        before = {row.measure_id for row, _draft in changes}
        _writing.change(registry.get(self.code), changes, writing)
        self.follow(rows=[row for row, _draft in changes], writing=writing)
        self._tell(before, writing)

    @transaction.atomic
    def void(self, *, rows: Sequence[Any], writing: Writing) -> None:
        _writing.void(registry.get(self.code), rows, writing)
        if self.own:
            clocks.give_up(ledger=self.code, rows=rows, by=writing.by)
        self._tell({row.measure_id for row in rows}, writing)

    def _tell(self, measure_ids: Iterable[UUID], writing: Writing) -> None:
        ids = list(measure_ids)
        if self.guard is not None:
            self.guard(ids)
        if self.follows:
            for start in range(0, len(ids), CHUNK):
                rows = list(Measure.objects.filter(pk__in=ids[start : start + CHUNK]).select_related("client"))
                clocks.follow(ledger=MEASURES, rows=rows, by=writing.by)


@dataclass(frozen=True)
class OfClient:
    """The writers of one ledger whose rows are of a client. ``clocks``: whether its rows run clocks."""

    code: str
    happened: tuple[str, ...]
    clocks: bool = False

    def prepare(self, drafts: Sequence[Draft], writing: Writing) -> None:
        nobody_named(self.code, drafts)
        known = people.clients_for(drafts, among=people.within_reach(writing))
        for draft in drafts:
            draft.problems += rules.not_in_future(draft.values, self.happened, writing.on)
            client = people.find(draft, known, writing)
            if client is not None:
                place(draft, client)

    @transaction.atomic
    def record(self, *, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
        rows = _writing.insert(registry.get(self.code), drafts, writing)
        if not writing.in_flight:
            self.follow(rows=rows, writing=writing)
        return rows

    @transaction.atomic
    def follow(self, *, rows: Sequence[Any], writing: Writing) -> None:
        if self.clocks:
            _with_clients(rows)
            clocks.follow(ledger=self.code, rows=rows, by=writing.by)

    @transaction.atomic
    def change(self, *, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
        _writing.change(registry.get(self.code), changes, writing)
        self.follow(rows=[row for row, _draft in changes], writing=writing)

    @transaction.atomic
    def void(self, *, rows: Sequence[Any], writing: Writing) -> None:
        _writing.void(registry.get(self.code), rows, writing)
        if self.clocks:
            clocks.give_up(ledger=self.code, rows=rows, by=writing.by)


def nobody_named(code: str, drafts: Sequence[Draft]) -> None:
    """Those who acted are a list; left empty it has nobody in it."""
    names = [column.name for column in registry.get(code).columns if column.kind == Kind.STAFF]
    for draft in drafts:
        for name in names:
            draft.values[name] = draft.values.get(name) or []


def place(draft: Draft, client: Client) -> None:
    """A row about a client stands where the client is looked after."""
    draft.extra["client_id"] = client.pk
    draft.division_id, draft.unit_id = client.division_id, client.unit_id
    draft.caseworker_id = client.caseworker_id or 0  # nobody's is no caseworker's own


def prepare_suspension(drafts: Sequence[Draft], writing: Writing) -> None:
    """Two pauses of one measure cannot overlap: the term would stand still twice on one day."""
    SUSPENSIONS.prepare(drafts, writing)
    there: dict[UUID, list[tuple[UUID, date, date | None]]] = {}
    ids = [draft.extra["measure_id"] for draft in drafts if "measure_id" in draft.extra]
    for pk, measure_id, first, last in Suspension.objects.filter(measure_id__in=ids).values_list(
        "pk", "measure_id", "stopped_on", "resumed_on"
    ):
        there.setdefault(measure_id, []).append((pk, first, last))
    for draft in drafts:
        first, measure_id = draft.values.get("stopped_on"), draft.extra.get("measure_id")
        if first is None or measure_id is None:
            continue
        last = draft.values.get("resumed_on")
        others = [(began, ended) for pk, began, ended in there.get(measure_id, []) if pk != draft.target_id]
        if overlapping(first, last, others):
            draft.refuse("stopped_on", _("与已经登记的另一次中止重叠,请核对日期,或先给那一次填恢复日期。"))
        else:
            there.setdefault(measure_id, []).append((UUID(int=draft.number), first, last))


def no_pause_meets_another(measure_ids: Collection[UUID]) -> None:
    """Two people who enter a pause of one measure at once: the second is told. Raises DuplicateRow."""
    list(Measure.objects.select_for_update().filter(pk__in=measure_ids).order_by("pk").values_list("pk", flat=True))
    seen: dict[UUID, list[tuple[date, date | None]]] = {}
    rows = Suspension.objects.filter(measure_id__in=measure_ids).order_by("stopped_on")
    for measure_id, first, last in rows.values_list("measure_id", "stopped_on", "resumed_on"):
        if overlapping(first, last, seen.setdefault(measure_id, [])):
            raise _writing.DuplicateRow(_("与已经登记的另一次中止重叠,请核对日期,或先给那一次填恢复日期。"))
        seen[measure_id].append((first, last))


def _measures_of(clients: Sequence[Client]) -> dict[UUID, list[Measure]]:
    found: dict[UUID, list[Measure]] = {}
    for measure in Measure.objects.filter(client__in=clients).order_by("-decided_on"):
        found.setdefault(measure.client_id, []).append(measure)
    return found


def _within(measure: Measure, on: date) -> bool:
    """From the decision until the day it ended: a measure can stand still before anybody reported (戒毒条例第二十四条)."""
    return measure.decided_on <= on and (measure.ended_on is None or on <= measure.ended_on)


def _with_clients(rows: Sequence[Any]) -> None:
    owners = Client.objects.in_bulk({row.client_id for row in rows})
    for row in rows:
        row.client = owners[row.client_id]


TEAM: Final = OfMeasure("team", "joined_on", ("joined_on", "left_on"))
ABSENCES: Final = OfMeasure("absences", "left_on", ("back_on",), follows=True)
WARNINGS: Final = OfMeasure("warnings", "warned_on", ("warned_on",))
SUSPENSIONS: Final = OfMeasure("suspensions", "stopped_on", ("stopped_on", "resumed_on"), follows=True, guard=no_pause_meets_another)
MOVES: Final = OfMeasure("moves", "moved_on", ("moved_on", "papers_on", "arrived_on"), follows=True, own=True)
CREDITS: Final = OfMeasure("credits", "credited_on", ("credited_on",), follows=True)
RELEASES: Final = OfClient("releases", ("released_on", "met_on", "papers_on"))
