"""Statutory clocks: the list of the page and one clock with its reasons. Read only: what happened is recorded on the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from qingyuan.api.asking import actor_of, division_of, log_read, today
from qingyuan.api.errors import NotHere, Refusal, Refused
from qingyuan.casework.clocks import queries
from qingyuan.casework.clocks.listing import ALL, OVER, narrowed
from qingyuan.casework.clocks.queries import Asked
from qingyuan.casework.models import ClockEvent, RunningClock
from qingyuan.foundation.words import in_chinese
from qingyuan.journeys import clock_words
from qingyuan.organisation.models import DivisionPath

router = Router(tags=["clocks"])
NO = {401: Refusal, 403: Refusal, 404: Refusal, 422: Refusal}
State = Literal["over", "today", "soon", "paused", "unsaid", "prompt", "counted", "all"]


class ClocksWanted(Schema):
    """``row`` or ``person`` narrows to one row or one person, whatever the place; then everything is listed unless ``state`` says."""

    state: State | None = None
    division: Annotated[str, Field(max_length=12)] = ""
    row: UUID | None = None
    person: UUID | None = None
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    per_page: Annotated[int, Field(ge=1, le=200)] = 50


class ClockOut(Schema):
    """``about`` is the row as the reader may read it; ``due_on`` what the list sorts by, ``last_day`` the engine's own."""

    id: UUID
    code: str
    name: str
    kind: str
    pack: str
    ledger: str
    row_id: UUID
    about: str
    division: str
    unit: str
    state: str
    started_on: date | None
    last_day: date | None
    printed_on: date | None
    due_on: date | None
    ended: str
    ended_on: date | None
    to_be_decided: bool
    why: str


class ClocksOut(Schema):
    clocks: list[ClockOut]
    total: int
    page: int
    per_page: int
    pages: int


class EventOut(Schema):
    """One thing that was recorded; ``corrects`` names the one it replaces."""

    id: UUID
    event: str
    on: date
    until: date | None
    days: int
    term: str
    option: str
    approved_by: str
    paper: str
    source: str
    corrects: UUID | None
    withdrawn: bool
    recorded_at: datetime


class OneClockOut(Schema):
    """``answer``: what ``qingyuan clock --json`` says of these events; null, with ``trouble``, where they contradict each other."""

    clock: ClockOut
    answer: dict[str, Any] | None
    trouble: str
    provisional: bool
    events: list[EventOut]


@router.get("", response={200: ClocksOut, **NO}, summary="期限清单")
def clocks(request: HttpRequest, wanted: Annotated[ClocksWanted, Query()]) -> ClocksOut:
    actor, on = _reader(request), today()
    mine = queries.clocks_visible(actor, on)
    one = wanted.row is not None or wanted.person is not None
    if wanted.row is not None:
        mine = mine.filter(subject_id=wanted.row)
    if wanted.person is not None:
        mine = mine.filter(person=str(wanted.person))
    if wanted.division:
        place = division_of(actor, wanted.division, on)
        below = DivisionPath.objects.on(on).filter(ancestor_id=place.pk)
        mine = mine.in_division(below.values("descendant_id"))
    found = narrowed(mine, wanted.state or (ALL if one else OVER), on, ended=one)
    total, first = found.count(), (wanted.page - 1) * wanted.per_page
    shown = list(found[first : first + wanted.per_page])
    _trace(request, "list", shown)
    return ClocksOut(
        clocks=_out(request, queries.all_asked(shown, on)),
        total=total,
        page=wanted.page,
        per_page=wanted.per_page,
        pages=max(-(-total // wanted.per_page), 1),
    )


@router.get("/{uuid:clock_id}", response={200: OneClockOut, **NO}, summary="一个期限,连同理由和事件")
def clock(request: HttpRequest, clock_id: UUID) -> OneClockOut:
    on = today()
    running = queries.clocks_visible(_reader(request), on).filter(pk=clock_id).first()
    if running is None:
        raise NotHere
    _trace(request, "detail", [running])
    events = list(running.events.all())
    asked = queries.asked(running, events, on)
    (shown,) = _out(request, [asked])
    return OneClockOut(
        clock=shown,
        answer=asked.said.as_json() if asked.said is not None else None,
        trouble=asked.trouble,
        provisional=asked.provisional,
        events=[_event(one) for one in events],
    )


def _reader(request: HttpRequest) -> Any:
    """Raises Refused 403 for everyone who reads no row that runs a clock."""
    actor = actor_of(request)
    if not queries.reads_any(actor):
        raise Refused(403, _("您不能查看具体的人和案件的期限。"), _("需要数字的,看“指标”。"))
    return actor


@in_chinese
def _out(request: HttpRequest, asked: list[Asked]) -> list[ClockOut]:
    on = today()
    about = clock_words.subjects([one.running for one in asked], actor_of(request))
    return [_one(found, about[found.running.pk].title, on) for found in asked]


def _one(found: Asked, about: str, on: date) -> ClockOut:
    running = found.running
    return ClockOut(
        id=running.pk,
        code=running.code,
        name=running.declared.name,
        kind=running.kind,
        pack=running.pack,
        ledger=running.ledger,
        row_id=running.subject_id,
        about=about,
        division=running.division.code,
        unit=running.unit.name,
        state=clock_words.left(found, on).words,
        started_on=running.started_on,
        last_day=running.last_day,
        printed_on=running.printed_on,
        due_on=running.due_on,
        ended=running.end,
        ended_on=running.ended_on,
        to_be_decided=found.ran_out_on is not None,
        why=clock_words.why(found),
    )


def _event(row: ClockEvent) -> EventOut:
    return EventOut(
        id=row.pk,
        event=row.word,
        on=row.on,
        until=row.until,
        days=row.days,
        term=row.term,
        option=row.option,
        approved_by=row.approved_by,
        paper=row.paper,
        source=row.source,
        corrects=row.corrects_id,
        withdrawn=row.withdrawn,
        recorded_at=row.recorded_at,
    )


def _trace(request: HttpRequest, act: str, found: Iterable[RunningClock]) -> None:
    """To read a clock is to read its row: the read audit names the row, in its own ledger."""
    rows: dict[str, list[UUID]] = defaultdict(list)
    for one in found:
        rows[one.ledger].append(one.subject_id)
    for ledger, ids in rows.items():
        log_read(request, act, ledger, list(dict.fromkeys(ids)), reason=gettext_noop("期限"))
