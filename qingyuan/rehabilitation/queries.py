"""Reads of clients and their timelines, always through ``visible_to``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from qingyuan.casework.enums import Outcome
from qingyuan.casework.models import Due
from qingyuan.casework.rules import Done
from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.identity import normalise_name
from qingyuan.foundation.name_buckets import answering, ways
from qingyuan.foundation.names import NameAsked
from qingyuan.ledgers.models.row import RowQuerySet
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.queries import city_pack
from qingyuan.organisation.scope import visible_to
from qingyuan.reference.matching import spellings
from qingyuan.reference.packs import get_pack
from qingyuan.rehabilitation.models import Client, CommunityTest, Control, Isolation, Measure
from qingyuan.rehabilitation.people import HOME, id_indexes, name_indexes, present
from qingyuan.rehabilitation.rules import exit as exit_rules


def clients(actor: Actor, on: date, *, action: Action = Action.READ) -> QuerySet[Client]:
    """The clients ``actor`` may take ``action`` on."""
    return visible_to(
        actor,
        present().select_related("division", "unit"),
        compartment=Compartment.COMMUNITY,
        on=on,
        action=action,
    )


def search_clients(queryset: QuerySet[Client], text: str) -> QuerySet[Client]:
    """Clients whose whole ID number is ``text``, or whose name answers to it: whole, by surname, reading or initials.

    A name is also looked for by each variant character (张升, 张昇): records are of different people, so both are shown.
    ``queryset`` is what the reader may see; no name outside it is opened. Raises TooManyNames.
    """
    text = text.strip()
    if len(text) == 18 and text[:17].isdigit():
        return queryset.filter(id_index__in=id_indexes(text.upper()))
    whole = [index for name in spellings(normalise_name(text)) for index in name_indexes(name)]
    asked = NameAsked.of(text)
    by_part = ways(answering(queryset.select_related(None).values_list("pk", "name"), asked, HOME), asked)
    return queryset.filter(Q(name_index__in=whole) | Q(pk__in=list(by_part)))


#: Under which subjects the read audit names a client or a row of one, and under which a due of one.
READ_AS_ROWS: Final = ("clients", "measures", "isolation", "tests", "search", "today")
READ_AS_DUES: Final = ("test-dues", "today")


@dataclass(frozen=True)
class Timeline:
    """Everything this room knows about one client, in order of time."""

    client: Client
    measures: Sequence[Measure]
    isolations: Sequence[Isolation]
    tests: Sequence[CommunityTest]
    dues: Sequence[Due]


def timeline(client: Client) -> Timeline:
    """The client's measures, isolation periods, tests and dues. The caller has asked ``clients`` first."""
    measures = list(Measure.objects.filter(client=client).select_related("division", "unit", "client").order_by("decided_on"))
    return Timeline(
        client=client,
        measures=measures,
        isolations=list(Isolation.objects.filter(client=client).order_by("decided_on")),
        tests=list(CommunityTest.objects.filter(client=client).select_related("client").order_by("tested_on")),
        dues=list(Due.objects.filter(subject_id__in=[measure.pk for measure in measures]).order_by("closes_on")),
    )


def looked_at(client: Client) -> QuerySet[ReadEntry]:
    """Who has read this client's rows, the newest first: the list that belongs to the person. The caller has asked
    ``clients`` first. Lists of what is due, and «today», show the person by a due."""
    ids: list[UUID] = [client.pk]
    for model in (Measure, Isolation, CommunityTest):
        ids += RowQuerySet(model).filter(client=client).values_list("pk", flat=True)
    # A due is of a measure, whose key has an index; the person of a due has none.
    subjects = RowQuerySet(Measure).filter(client=client).values_list("pk", flat=True)
    dues = Due.objects.filter(subject_id__in=list(subjects), person=str(client.pk)).values_list("pk", flat=True)
    # By subject first: the log of everything else is not looked through for them.
    rows = audit.reads_of_any(ids).filter(ledger__in=READ_AS_ROWS)
    return (rows | audit.reads_of_any(dues).filter(ledger__in=READ_AS_DUES)).using("audit").order_by("-at", "-id")


def waiting_order(found: QuerySet[Client], on: date, *, everyone: bool) -> list[UUID]:
    """The keys of the clients ``found``, who has waited longest first: by the last day of the next open window; those
    without one come last. Without ``everyone`` only those under a measure that has not ended. The caller has asked
    ``clients`` first."""
    measures = Measure.objects.filter(client_id__in=found.order_by().values("pk")).order_by()
    units, chosen = set[int](), set[UUID]()
    for client_id, unit_id, ended_on in measures.values_list("client_id", "unit_id", "ended_on"):
        units.add(unit_id)
        if ended_on is None or ended_on > on:
            chosen.add(client_id)
    if everyone:
        chosen = set(found.order_by().values_list("pk", flat=True))
    # A due stands with the unit of its measure: asked so, the open ones are found in an index. Few measures have one.
    dues = Due.objects.filter(unit_id__in=units, outcome=Outcome.OPEN, closes_on__gt=on).order_by()
    days = dict(dues.values_list("subject_id").annotate(Min("closes_on")))
    owners = Measure.objects.filter(pk__in=dues.values("subject_id")).order_by()
    next_day: dict[UUID, date] = {}
    for pk, client_id in owners.values_list("pk", "client_id"):
        if client_id in chosen:
            next_day[client_id] = min(days[pk], next_day.get(client_id, days[pk]))
    return sorted(chosen, key=lambda pk: (pk not in next_day, next_day.get(pk, date.max), pk))


@dataclass(frozen=True)
class Standing:
    """Where a client stands on a day: the measure being carried out or awaited, the next window, how many closed undone and nobody has looked into."""

    measure: Measure | None
    next_due: Due | None
    late: int


def standings(client_ids: Iterable[UUID], on: date) -> dict[UUID, Standing]:
    """The standing of each client on day ``on``; the caller has asked ``clients`` first. Two queries a chunk."""
    ids = list(client_ids)
    found: dict[UUID, Standing] = {}
    for start in range(0, len(ids), 400):
        chunk = ids[start : start + 400]
        measures: dict[UUID, list[Measure]] = {}
        for measure in Measure.objects.filter(client_id__in=chunk).select_related("division").order_by("decided_on"):
            measures.setdefault(measure.client_id, []).append(measure)
        dues: dict[UUID, list[Due]] = {}
        owner = {measure.pk: measure for owned in measures.values() for measure in owned}
        for due in Due.objects.filter(subject_id__in=list(owner), outcome=Outcome.OPEN).order_by("closes_on"):
            measure = owner[due.subject_id]
            if due.unit_id == measure.unit_id:  # what a former unit left undone stays its own
                dues.setdefault(measure.client_id, []).append(due)
        for client_id in chunk:
            found[client_id] = _standing(measures.get(client_id, []), dues.get(client_id, []), on)
    return found


def _standing(measures: Sequence[Measure], dues: Sequence[Due], on: date) -> Standing:
    running = [measure for measure in measures if measure.ended_on is None or measure.ended_on > on]
    return Standing(
        measure=running[-1] if running else (measures[-1] if measures else None),
        next_due=next((due for due in dues if due.closes_on > on), None),
        late=sum(1 for due in dues if due.closes_on <= on and not due.found),
    )


def measures_by_id(ids: Iterable[UUID]) -> dict[UUID, Measure]:
    """Measures with their clients for dues already narrowed by ``visible_to``."""
    return {measure.pk: measure for measure in Measure.objects.filter(pk__in=list(ids)).select_related("client")}


def done_by_measure(measure_ids: Iterable[UUID]) -> dict[UUID, list[Done]]:
    """The tests of each measure as events that answer dues."""
    found: dict[UUID, list[Done]] = {}
    ids = list(measure_ids)
    for start in range(0, len(ids), 500):
        rows: Any = CommunityTest.objects.filter(measure_id__in=ids[start : start + 500])
        for pk, measure_id, day in rows.values_list("pk", "measure_id", "tested_on"):
            found.setdefault(measure_id, []).append(Done(day=day, row_id=pk))
    return found


def control_last_day(row: Control) -> date:
    """The last day of the three years of dynamic control, by the city's rule pack."""
    return exit_rules.last_day(row.relapsed_on or row.starts_on, pack=get_pack(city_pack().code))


def control_is_over(row: Control, on: date) -> bool:
    """Whether the three years have passed by ``on`` and no row stands against the end."""
    return on > control_last_day(row) and not still_open(row.client_id, row.relapsed_on or row.starts_on, on)


def still_open(client_id: UUID, began: date, ended: date) -> list[str]:
    """Why control cannot end yet, from the rows that are there."""
    found = []
    if Measure.objects.filter(client_id=client_id, ended_on=None).exists():
        found.append(_("还有没有结束的社区措施,请先登记解除或者结束。"))
    if Isolation.objects.filter(client_id=client_id, released_on=None).exists():
        found.append(_("强制隔离戒毒还没有登记解除日期,请先补登。"))
    late = CommunityTest.objects.filter(client_id=client_id, result="positive", tested_on__gt=began, tested_on__lte=ended)
    if late.exists():
        found.append(_("起算以后有一次检测结果需要先核实:请核实后填重新起算日期,或更正那条检测。"))
    return found
