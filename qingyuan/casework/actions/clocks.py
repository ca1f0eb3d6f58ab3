"""The only writers of clocks and their events. What a ledger row says is brought in line as often as one likes; what a person
records is added, corrected or withdrawn, and the clock replays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from qingyuan.casework.actions.clock_records import (
    CACHED,
    CHUNK,
    cache,
    copied,
    delta,
    events_by_clock,
    said_of,
    snapshot,
)
from qingyuan.casework.clocks.events import events_of, standing_rows
from qingyuan.casework.clocks.figures import Figures, ask, figures
from qingyuan.casework.clocks.wanted import Runs, Said, Wanted, ledgers_with_clocks, runs_of
from qingyuan.casework.enums import ClockEnd, EventSource
from qingyuan.casework.models import ClockEvent, RunningClock
from qingyuan.casework.serving.queries import said_to_clocks, with_services
from qingyuan.foundation import audit, clock
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.queries import city_pack
from qingyuan.reference.clocks import BadEvents, BadTermText, ClockNotInForce, Kind, Term, get_clock

UPKEEP = Actor(account_id=None, username="upkeep", name="按台账自动起算", unit_id=None)
KEPT = ("division", "unit", "caseworker_id", "person", "printed_on", "pack", "version")
PLACE = ("division_id", "unit_id", "caseworker_id", "person", "printed_on")


class CannotRecord(ValueError):
    """The event cannot stand; the message says why and what to do. ``field`` is the one it concerns, or empty."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class SomebodyWasFaster(CannotRecord):
    """Another person has recorded something since the page was opened."""


@dataclass(frozen=True)
class Given:
    """An event as a person says it. Days and moments of the place's own time; ``days`` credited days."""

    word: str
    on: date
    at: time | None = None
    until: date | None = None
    until_at: time | None = None
    days: int = 0
    option: str = ""
    term: str = ""
    approved_by: str = ""
    paper: str = ""
    lawful: bool = False
    objected: bool = False
    decided: bool = False


@dataclass
class _Plan:
    """What bringing rows in line comes to: clocks to add, to change, events to add, and the audit's lines."""

    fresh: list[RunningClock] = field(default_factory=list)
    changed: list[RunningClock] = field(default_factory=list)
    events: list[ClockEvent] = field(default_factory=list)
    deltas: list[audit.RowDelta] = field(default_factory=list)


# --- what the ledger says ----------------------------------------------------------------------------------------------
@transaction.atomic
def follow(*, ledger: str, rows: Sequence[Any], by: Actor) -> int:
    """Bring the clocks of ``rows`` in line with their columns; repeatable at will. Returns how many clocks changed or began.

    A clock its row asks for no longer is ended, never removed: what people recorded stays with it.
    """
    runs = runs_of(ledger)
    if runs is None:
        return 0
    return sum(_follow(runs, rows[start : start + CHUNK], by) for start in range(0, len(rows), CHUNK))


@transaction.atomic
def give_up(*, ledger: str, rows: Sequence[Any], by: Actor) -> int:
    """End the clocks of rows that were voided."""
    runs = runs_of(ledger)
    if runs is None:
        return 0
    nothing = replace(runs, wanted=lambda _row, _pack: ())
    return sum(_follow(nothing, rows[start : start + CHUNK], by, over=True) for start in range(0, len(rows), CHUNK))


def replay(by: Actor = UPKEEP) -> int:
    """Reckon anew, under the city's rule pack, every clock that rests on another: from its row and its events, nothing is carried
    over. Returns how many. In short transactions, so that breaking it off costs nothing and doing it again goes on."""
    pack, done = city_pack().code, 0
    for code in ledgers_with_clocks():
        ledger = registry.get(code)
        ids = list(RunningClock.objects.filter(ledger=code).exclude(pack=pack).order_by("subject_id").values_list("subject_id", flat=True).distinct())
        for start in range(0, len(ids), CHUNK):
            rows = list(ledger.with_related(ledger.model.everything.filter(pk__in=ids[start : start + CHUNK])))
            done += follow(ledger=code, rows=[row for row in rows if row.voided_at is None], by=by)
            done += give_up(ledger=code, rows=[row for row in rows if row.voided_at is not None], by=by)
    return done


def catch_up() -> int:
    """Begin the clocks of rows that stood before clocks were kept here; a row that wants none is only looked at. Returns how many.

    In short transactions, so that nobody waits; breaking it off costs nothing.
    """
    begun = 0
    for code in ledgers_with_clocks():
        ledger = registry.get(code)
        known = RunningClock.objects.filter(subject_id=OuterRef("pk"))
        waiting = ledger.model.objects.exclude(Exists(known)).filter(ledger.followed or Q())
        ids = list(waiting.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            rows = ledger.model.objects.filter(pk__in=ids[start : start + CHUNK])
            begun += follow(ledger=code, rows=list(ledger.with_related(rows)), by=UPKEEP)
    return begun


@transaction.atomic
def reassign(*, people: Iterable[str], caseworker_id: int | None, unit_id: int) -> int:
    """Clocks of a unit follow their person to another caseworker; the caller's audit entry says why. Returns how many moved."""
    keys = list(people)
    return sum(
        RunningClock.objects.filter(person__in=keys[start : start + CHUNK], unit_id=unit_id).update(
            caseworker_id=caseworker_id
        )
        for start in range(0, len(keys), CHUNK)
    )


@transaction.atomic
def leave_behind(*, people: Iterable[str], unit_id: int) -> int:
    """Clocks of what stayed with a former unit when their person went on to ``unit_id`` are its supervisor's from then on, no
    caseworker's. Returns how many that were."""
    keys = list(people)
    return sum(
        RunningClock.objects.filter(person__in=keys[start : start + CHUNK])
        .exclude(unit_id=unit_id)
        .update(caseworker_id=None)
        for start in range(0, len(keys), CHUNK)
    )


@transaction.atomic
def close(*, person: str, closed: bool) -> int:
    """The clocks of a person who was sealed are shown to nobody, of one who was opened again to those who read the rows; the
    caller's audit entry says why. Returns how many."""
    return RunningClock.objects.filter(person=person).update(closed=closed)


def close_rows(ids: Sequence[UUID]) -> int:
    """The clocks of rows that were sealed by law are shown to nobody; the caller's audit entry says why. Returns how many."""
    return RunningClock.objects.filter(subject_id__in=list(ids)).update(closed=True)


def _follow(runs: Runs, rows: Sequence[Any], by: Actor, *, over: bool = False) -> int:
    on, plan, pack = clock.today(), _Plan(), city_pack().code
    ids = [row.pk for row in rows]
    there: dict[tuple[UUID, str], RunningClock] = {
        (one.subject_id, one.code): one for one in RunningClock.objects.select_for_update().filter(subject_id__in=ids)
    }
    happened = events_by_clock([one.pk for one in there.values()])
    served = {} if over else said_to_clocks(runs.ledger, ids)
    for row in runs.gather(rows):
        wanted = with_services(runs.wanted(row, pack), served.get(row.pk, {}))
        for code, want in wanted.items():
            running = there.get((row.pk, code))
            if running is None:
                _begin(plan, runs, row, want, pack, on)
            else:
                _bring_in_line(plan, runs, row, want, running, happened.get(running.pk, []), pack, on)
        for (subject_id, code), running in there.items():
            if subject_id == row.pk and code not in wanted:
                _let_go(plan, running, happened.get(running.pk, []), pack, on)
    _write(plan, runs.ledger, by)
    return len(plan.fresh) + len(plan.changed)


def _begin(plan: _Plan, runs: Runs, row: Any, want: Wanted, pack: str, on: date) -> None:
    if want.closed_on is not None and not want.said:
        return
    running = RunningClock(
        code=want.code,
        kind=get_clock(want.code).kind,
        pack=pack,
        ledger=runs.ledger,
        subject_id=row.pk,
    )
    _place(running, runs, row, want)
    events = [_from_row(running, said) for said in want.said]
    found = _figures(running, events, want, on)
    since, day = settings.QINGYUAN_CLOCKS_FROM, found.last_day or found.started_on
    if not want.answered and since is not None and day is not None and day < since:
        return
    cache(running, found)
    plan.fresh.append(running)
    plan.events += events


def _bring_in_line(
    plan: _Plan,
    runs: Runs,
    row: Any,
    want: Wanted,
    running: RunningClock,
    happened: list[ClockEvent],
    pack: str,
    on: date,
) -> None:
    before, placed = snapshot(running), tuple(getattr(running, name) for name in PLACE)
    added = _said_otherwise(running, happened, want.said)
    _place(running, runs, row, want)
    running.pack = pack
    cache(running, _figures(running, [*happened, *added], want, on))
    plan.events += added
    if added or snapshot(running) != before or placed != tuple(getattr(running, name) for name in PLACE):
        _changed(plan, running, before)


def _let_go(plan: _Plan, running: RunningClock, happened: list[ClockEvent], pack: str, on: date) -> None:
    """The row asks for it no longer (another outcome, a day taken back, the row voided)."""
    if running.end and running.pack == pack:
        return
    before = snapshot(running)
    if running.pack != pack:
        end, ended_on, running.pack = running.end, running.ended_on, pack
        cache(running, _figures(running, happened, None, on))
        running.end, running.ended_on = end, ended_on
    if not running.end:
        running.end, running.ended_on = ClockEnd.ROW, on
    _changed(plan, running, before)


def _said_otherwise(running: RunningClock, happened: Sequence[ClockEvent], said: Sequence[Said]) -> list[ClockEvent]:
    """The events by which what stands from the row becomes what its columns say now."""
    standing = {row.column: row for row in standing_rows(happened) if row.source == EventSource.ROW}
    added = []
    for one in said:
        row = standing.pop(one.column, None)
        fresh = _from_row(running, one)
        if row is not None:
            fresh.option = fresh.option or row.option  # which case of the law it is, a person has said
        if row is not None and _same(row, fresh):
            continue
        fresh.corrects = row
        added.append(fresh)
    for row in standing.values():
        gone = copied(row)
        gone.corrects, gone.withdrawn, gone.recorded_at = row, True, clock.now()
        added.append(gone)
    return added


def _same(one: ClockEvent, other: ClockEvent) -> bool:
    names = ("word", "on", "term", "option", "until", "days", "paper")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _from_row(running: RunningClock, said: Said) -> ClockEvent:
    return ClockEvent(
        clock=running,
        word=said.word,
        on=said.on,
        term=said.term,
        option=said.option,
        until=said.until,
        days=said.days,
        paper=said.paper,
        source=EventSource.ROW,
        column=said.column,
        recorded_at=clock.now(),
    )


def _place(running: RunningClock, runs: Runs, row: Any, want: Wanted) -> None:
    running.division_id, running.unit_id = row.division_id, row.unit_id
    running.person, running.caseworker_id = runs.person(row), runs.caseworker(row)
    running.printed_on = want.printed_on


def _figures(running: RunningClock, events: Sequence[ClockEvent], want: Wanted | None, on: date) -> Figures:
    return figures(
        running.code,
        events_of(running.code, events),
        on=on,
        pack=running.pack,
        printed_on=running.printed_on,
        closed_on=want.closed_on if want else None,
    )


def _write(plan: _Plan, ledger: str, by: Actor) -> None:
    RunningClock.objects.bulk_create(plan.fresh, batch_size=CHUNK)
    # What stands is written as if anew and the conflict updates it: a bulk_update would say each value as a case of its own row,
    # which takes thirty times as long. The rows are there and locked.
    RunningClock.objects.bulk_create(
        plan.changed, batch_size=CHUNK, update_conflicts=True, unique_fields=["id"], update_fields=[*CACHED, *KEPT]
    )
    ClockEvent.objects.bulk_create(plan.events, batch_size=CHUNK)
    if plan.fresh:
        audit.record_write(by=by, act="clocks.begin", ledger=ledger, rows=[], summary=f"+{len(plan.fresh)}")
    if plan.deltas:
        audit.record_write(by=by, act="clocks.follow", ledger=ledger, rows=plan.deltas, summary=f"{len(plan.deltas)}")


# --- what a person says ------------------------------------------------------------------------------------------------
@transaction.atomic
def record(*, running: RunningClock, given: Given, version: int, by: Actor) -> ClockEvent:
    """Add what happened, back-dated or not.

    Raises:
        CannotRecord: the clock does not know it, it comes from a column, it contradicts what stands.
        SomebodyWasFaster: the clock is no longer the one of ``version``.
    """
    return _add(running, _by_person(running, given, by), version, by, "record")


@transaction.atomic
def correct(*, event: ClockEvent, given: Given, reason: str, version: int, by: Actor) -> ClockEvent:
    """Replace an event somebody recorded; what was written stays to be read. Raises as ``record``."""
    _may_be_touched(event, reason)
    fresh = _by_person(event.clock, given, by)
    fresh.corrects = event
    return _add(event.clock, fresh, version, by, "correct", reason)


@transaction.atomic
def withdraw(*, event: ClockEvent, reason: str, version: int, by: Actor) -> ClockEvent:
    """Say that a recorded event never happened. Raises as ``record``."""
    _may_be_touched(event, reason)
    gone = copied(event)
    gone.corrects, gone.withdrawn = event, True
    gone.recorded_at, gone.recorded_by_id, gone.recorded_by_name = clock.now(), by.account_id, by.name[:40]
    return _add(event.clock, gone, version, by, "withdraw", reason)


@transaction.atomic
def object_to(*, event: ClockEvent, reason: str, version: int, by: Actor) -> ClockEvent:
    """The person objects to an occasion a counter counts: it is shown both ways from now on. Raises as ``record``."""
    if not event.clock.is_counter:
        raise CannotRecord(_("只有计次的事项可以登记异议;其他的请更正或者撤回。"))
    _may_be_touched(event, reason)
    if event.objected:
        raise CannotRecord(_("这一次已经登记了异议。"))
    fresh = copied(event)
    fresh.corrects, fresh.objected = event, True
    fresh.recorded_at, fresh.recorded_by_id, fresh.recorded_by_name = clock.now(), by.account_id, by.name[:40]
    return _add(event.clock, fresh, version, by, "object", reason)


@transaction.atomic
def choose(*, running: RunningClock, option: str, version: int, by: Actor) -> ClockEvent:
    """Say which case of the law it is, where the law knows several lengths. The day stays the ledger's. Raises as ``record``."""
    declared = get_clock(running.code)
    if option not in {one.option for one in declared.terms if one.option}:
        raise CannotRecord(_("没有这种情形,请从列出的里面选。"), "option")
    start = next((row for row in standing_rows(list(running.events.all())) if row.word == declared.start), None)
    if start is None:
        raise CannotRecord(_("期限还没有起算,先在台账里填写起算的日期。"))
    fresh = copied(start)
    fresh.corrects, fresh.option = start, option
    fresh.recorded_at, fresh.recorded_by_id, fresh.recorded_by_name = clock.now(), by.account_id, by.name[:40]
    return _add(running, fresh, version, by, "choose")


def _add(
    running: RunningClock, event: ClockEvent, version: int, by: Actor, kind: str, reason: str = ""
) -> ClockEvent:
    held = RunningClock.objects.select_for_update().get(pk=running.pk)
    if held.version != version:
        raise SomebodyWasFaster(_("刚才有人登记过别的事件,期限已经变动。请看一下现在的事件,再登记。"))
    happened = list(held.events.all())
    before = snapshot(held)
    try:
        ask(held.code, events_of(held.code, [*happened, event]), on=clock.today(), pack=held.pack)
    except (BadEvents, ClockNotInForce) as error:
        raise CannotRecord(str(error)) from error
    event.clock = held
    try:
        with transaction.atomic():
            event.save()
    except IntegrityError as error:
        raise SomebodyWasFaster(_("这个事件刚被别人更正或者撤回,请刷新后再看。")) from error
    closed = held.ended_on if held.end == ClockEnd.ROW else None
    cache(
        held,
        figures(
            held.code,
            events_of(held.code, [*happened, event]),
            on=clock.today(),
            pack=held.pack,
            printed_on=held.printed_on,
            closed_on=closed,
        ),
    )
    held.version += 1
    held.save(update_fields=[*CACHED, "version"])
    told = delta(held, before, snapshot(held) | said_of(event))
    audit.record_write(
        by=by,
        act=f"clocks.{kind}",
        ledger=held.ledger,
        rows=[told],
        division_id=held.division_id,
        reason=reason,
    )
    for name in (*CACHED, "version"):
        setattr(running, name, getattr(held, name))
    return event


def _by_person(running: RunningClock, given: Given, by: Actor) -> ClockEvent:
    """Raises CannotRecord."""
    word = _word(running, given)
    if given.on > clock.today():
        raise CannotRecord(_("日期在今天之后:只登记已经发生的事。想知道会怎样,用“如果…”试算。"), "on")
    if given.until is not None and given.until < given.on:
        raise CannotRecord(_("结束日期早于开始日期,请核对。"), "until")
    try:
        term = str(Term.parse(given.term)) if given.term.strip() else ""
    except BadTermText as error:
        raise CannotRecord(str(error), "term") from error
    return ClockEvent(
        clock=running,
        word=word,
        on=given.on,
        at=given.at,
        until=given.until,
        until_at=given.until_at,
        days=given.days,
        option=given.option,
        term=term,
        approved_by=given.approved_by.strip(),
        paper=given.paper.strip(),
        lawful=given.lawful,
        objected=given.objected,
        decided=given.decided,
        source=EventSource.PERSON,
        recorded_at=clock.now(),
        recorded_by_id=by.account_id,
        recorded_by_name=by.name[:40],
    )


def _word(running: RunningClock, given: Given) -> str:
    """The clock's own word for what is said; of a counter the engine judges it."""
    declared = get_clock(running.code)
    if declared.kind is Kind.COUNTER:
        return given.word
    effect = declared.effect(given.word)
    if effect is None:
        raise CannotRecord(_("这个期限没有这种事件,请从列出的里面选。"), "word")
    runs = runs_of(running.ledger)
    column = runs.column_of(running.code, effect.event) if runs else ""
    if runs and column:
        raise CannotRecord(_("这件事取自台账的“%(column)s”一栏:请在台账里填写或者修改。") % {"column": runs.title_of(column)}, "word")
    return effect.event


def _may_be_touched(event: ClockEvent, reason: str) -> None:
    if event.source == EventSource.ROW:
        raise CannotRecord(_("这件事取自台账,请在台账里修改。"))
    if event.withdrawn or ClockEvent.objects.filter(corrects=event).exists():
        raise SomebodyWasFaster(_("这个事件刚被别人更正或者撤回,请刷新后再看。"))
    if not reason.strip():
        raise CannotRecord(_("请写明原因。"), "reason")


def _changed(plan: _Plan, running: RunningClock, before: dict[str, object]) -> None:
    running.version += 1
    plan.changed.append(running)
    plan.deltas.append(delta(running, before, snapshot(running)))
