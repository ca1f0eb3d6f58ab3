"""From a replayed clock to its answer: the last day (or moment), the state on a day, how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from qingyuan.reference import holidays
from qingyuan.reference.clocks import sentences
from qingyuan.reference.clocks.answer import Answer, Reading, Reason, State
from qingyuan.reference.clocks.declaration import Effect, Kind
from qingyuan.reference.clocks.events import Event
from qingyuan.reference.clocks.reckoning import (
    OPEN,
    Pause,
    Way,
    backwards,
    certain,
    days_used,
    last_day,
    last_moment,
    merged,
)
from qingyuan.reference.clocks.running import Run, day_of
from qingyuan.reference.clocks.terms import Term, Unit

_ONE_DAY = timedelta(days=1)
_PACK_PREFIX = "pack:"
_RUNNING = frozenset({State.RUNNING, State.DUE_TODAY, State.SUSPENDED})


def concluded(run: Run, on: date) -> Answer:
    clock = run.clock
    if run.started is None:
        return _said(run, on, State.RULE if clock.kind is Kind.RULE else State.NOT_STARTED)
    match clock.kind:
        case Kind.AT_ONCE:
            return _at_once(run, on)
        case Kind.PROMPT:
            return _prompt(run, on)
        case Kind.BEFORE | Kind.WITHIN_LAST | Kind.LOOK_BACK | Kind.YEARLY:
            return _around(run, on)
        case _:
            return _forward(run, on)


def _forward(run: Run, on: date) -> Answer:
    clock, started = run.clock, run.started
    assert started is not None
    if clock.terms and run.chosen is None:
        return _undecided(run, on)
    if not run.terms:
        return _said(run, on, State.RULE)
    if run.by_hour:
        return _hourly(run, on)
    way = Way(run.value(clock.counts_start, started.on) in ("yes", "day_before"), clock.sticky)
    pauses = _pauses(run)
    end = last_day(started.on, run.terms, pauses, credit=run.credit, way=way)
    _lead(run, started, way)
    end = _capped(run, started, end, way)
    if end is None:
        used = days_used(started.on, on, pauses, counts_start=way.counts_start)
        run.say(sentences.STANDS_STILL, days=used)
        state = _ended_state(run, None, on) or State.SUSPENDED
        return _said(run, on, state, days_used=used)
    due = _rolled(run, end, started.on)
    latest = due
    if run.chosen and run.chosen.latest and not run.restarts:
        outer = last_day(started.on, [run.chosen.latest, *run.terms[1:]], pauses, credit=run.credit, way=way)
        latest = max(due, _roll(run, outer, started.on) if outer else due)
    state = _ended_state(run, due, on) or _running_state(run, due, on, pauses)
    return _said(
        run,
        on,
        state,
        nominal=end,
        last_day=due,
        latest=latest,
        days_left=(due - on).days,
        days_used=days_used(started.on, min(on, due), pauses, counts_start=way.counts_start),
        certain=_certain(run, started.on, end, due),
    )


def _pauses(run: Run) -> tuple[Pause, ...]:
    """The uncounted days, disjoint and in order."""
    if not run.pauses:
        return ()
    return merged(Pause(first.date(), until.date() if until is not None else OPEN) for first, until in run.pauses)


def _lead(run: Run, started: Event, way: Way) -> None:
    """The first reason of all: what started the clock and from which day one counts."""
    clock, first = run.clock, run.terms[0]
    pattern = sentences.SAME_DAY if way.counts_start else sentences.NEXT_DAY
    what = started.event if run.restarts else clock.trigger
    effect = clock.effect(started.event)
    what = effect.zh if effect else what
    articles = (run.chosen.articles if run.chosen and run.chosen.articles else "") or clock.articles
    run.reasons.insert(0, Reason(pattern, articles, {"day": started.on, "what": what, "term": first}))
    if run.chosen and run.chosen.zh:
        run.reasons.insert(1, Reason(sentences.CASE, "", {"case": run.chosen.zh}))
    if run.chosen and run.chosen.note:
        run.notes.append(run.chosen.note)


def _capped(run: Run, started: Event, end: date | None, way: Way) -> date | None:
    total = run.clock.total
    # A first length is never above the whole: the law says so, and one that a decision gives was held to it.
    if total is None or end is None or run.restarts or len(run.terms) == 1:
        return end
    outermost = last_day(
        started.on,
        [total],
        _pauses(run),
        way=way,
    )
    if outermost is not None and end > outermost:
        run.say(sentences.AT_MOST, run.clock.articles, term=total, day=outermost)
        return outermost
    return end


def _rolled(run: Run, end: date, started: date) -> date:
    due = _roll(run, end, started)
    if due != end:
        run.say(sentences.ROLLED, _roll_article(run), end=end, holiday=holidays.holiday_name(end), due=due)
    elif run.clock.rolls == "custody" and not holidays.is_working_day(end):
        run.say(sentences.CUSTODY, "MPSADM19-35", end=end, holiday=holidays.holiday_name(end))
    run.say(sentences.ENDS, day=due)
    return due


def _roll(run: Run, end: date, started: date) -> date:
    declared = run.clock.rolls
    rolls = run.value(declared, started)
    open_text = declared.startswith(_PACK_PREFIX)
    if rolls != "yes" and not open_text:
        return end
    due = holidays.next_working_day(end)
    if due == end and open_text:
        # The value decided nothing: a day on a working day is sure whatever the pack says.
        run.used.pop()
    return due if rolls == "yes" else end


def _roll_article(run: Run) -> str:
    if run.clock.rolls.startswith(_PACK_PREFIX) and run.used:
        return run.used[-1].article
    return {"刑事": "CPL105", "行政复议": "CIV203"}.get(run.clock.field, "MPSADM19-35")


def _certain(run: Run, started: date, end: date, due: date) -> bool:
    if run.clock.rolls in ("no", "custody") and not any(term.unit is Unit.WORKING_DAY for term in run.terms):
        return True
    return certain((started, end, due))


def _hourly(run: Run, on: date) -> Answer:
    started = run.started
    assert started is not None
    moment = last_moment(started.moment, run.terms, run.pauses)
    _first(run, sentences.BY_HOUR, run.articles, day=day_of(started), term=run.terms[0])
    if started.at is None:
        run.notes.append(sentences.NO_HOUR)
    if moment is None:
        return _said(run, on, State.SUSPENDED)
    run.say(sentences.ENDS, day=f"{moment:%Y-%m-%d %H:%M}")
    state = _ended_state(run, moment.date(), on, moment) or _running_state(run, moment.date(), on, ())
    return _said(
        run,
        on,
        state,
        nominal=moment.date(),
        last_day=moment.date(),
        moment=moment,
        latest=moment.date(),
        days_left=(moment.date() - on).days,
    )


def _first(run: Run, pattern: str, articles: str, **params: Any) -> None:
    """The first reason of all: what started it."""
    run.reasons.insert(0, Reason(pattern, articles, {"what": run.clock.trigger, **params}))


def _around(run: Run, on: date) -> Answer:
    """A day before, around or a fixed day after the anchor."""
    clock, started = run.clock, run.started
    assert started is not None
    if clock.kind is Kind.YEARLY:
        assert clock.day_of_year is not None
        due = date(started.on.year, *clock.day_of_year)
        if due <= started.on:
            due = due.replace(year=due.year + 1)
        _first(run, sentences.YEARLY, clock.articles, day=started.on, due=due)
        return _dated(run, due, on)
    if run.chosen is None or not run.terms:
        return _undecided(run, on)
    term = run.terms[0]
    day = backwards(started.on, term)
    if clock.kind is Kind.LOOK_BACK:
        _first(run, sentences.LOOKING_BACK, run.articles, day=started.on, term=term, first=day)
        return _said(run, on, State.RUNNING, nominal=day, last_day=started.on, opens_on=day)
    if clock.kind is Kind.WITHIN_LAST:
        last = started.on - _ONE_DAY
        _first(run, sentences.WITHIN, run.articles, day=started.on, term=term, first=day, last=last)
        return _dated(run, last, on, opens_on=day)
    _first(run, sentences.BEFORE, run.articles, day=started.on, term=term, due=day)
    return _dated(run, day, on)


def _dated(run: Run, due: date, on: date, *, opens_on: date | None = None, moment: datetime | None = None) -> Answer:
    """The answer of a clock whose day is fixed by its anchor."""
    started = run.started
    assert started is not None
    state = _ended_state(run, due, on) or _running_state(run, due, on, ())
    working = any(term.unit is Unit.WORKING_DAY for term in run.terms)
    return _said(
        run,
        on,
        state,
        nominal=due,
        last_day=due,
        moment=moment,
        latest=due,
        opens_on=opens_on,
        days_left=(due - on).days,
        certain=not working or certain((started.on, due)),
    )


def _at_once(run: Run, on: date) -> Answer:
    started = run.started
    assert started is not None
    _first(run, sentences.AT_ONCE, run.clock.articles, day=day_of(started))
    return _dated(run, started.on, on, moment=started.at)


def _prompt(run: Run, on: date) -> Answer:
    """``及时``: no day of the law; the pack's reminder, named as what it is."""
    started, clock = run.started, run.clock
    assert started is not None
    _first(run, sentences.PROMPT, clock.articles, day=started.on)
    key, _, unit = clock.reminder.partition(" ")
    value = run.pack.find(key, started.on) if key else None
    if value is None or not value.value:
        state = _ended_state(run, None, on) or State.PROMPT
        return _said(run, on, state)
    term = Term.parse(value.value if not value.value.isdecimal() else f"{value.value} {unit or 'working_day'}")
    reminder = last_day(started.on, [term]) if term.unit is not Unit.HOUR else None
    moment = last_moment(started.moment, [term]) if term.unit is Unit.HOUR else None
    day = reminder or (moment.date() if moment else started.on)
    run.used.append(value)
    run.say(sentences.REMINDER, value.article, term=term, day=day)
    state = _ended_state(run, day, on) or State.PROMPT
    return _said(run, on, state, moment=moment, latest=day, days_left=(day - on).days)


def _undecided(run: Run, on: date) -> Answer:
    started, clock = run.started, run.clock
    assert started is not None
    readings = []
    for one in clock.terms:
        if one.holds(started.on) and one.term is not None:
            way = Way(clock.counts_start == "yes", clock.sticky)
            hourly = one.term.unit is Unit.HOUR
            if clock.kind in (Kind.BEFORE, Kind.WITHIN_LAST, Kind.LOOK_BACK):
                end: date | None = backwards(started.on, one.term)
            elif hourly:
                moment = last_moment(started.moment, [one.term])
                end = moment.date() if moment else None
            else:
                reached = last_day(started.on, [one.term], way=way)
                end = _roll(run, reached, started.on) if reached else None
            readings.append(Reading(one.option, one.zh, end, one.articles or clock.articles))
    names = "、".join(f"{one.option}({one.zh},{one.last_day})" for one in readings)
    run.say(sentences.CASES, clock.articles, day=started.on, what=clock.trigger, cases=names)
    return _said(run, on, State.UNDECIDED, readings=tuple(readings))


def _ended_state(run: Run, due: date | None, on: date, moment: datetime | None = None) -> State | None:
    if run.stopped is not None:
        return State.STOPPED
    if run.done is None:
        return None
    if due is None:
        return State.DONE
    if moment is not None and run.done.at is not None:
        return State.DONE_LATE if run.done.at > moment else State.DONE
    return State.DONE_LATE if run.done.on > due else State.DONE


def _running_state(run: Run, due: date, on: date, pauses: Sequence[Pause]) -> State:
    if pauses and any(pause.first <= on < pause.until for pause in pauses):
        return State.SUSPENDED
    if on > due:
        return State.ENDED if run.clock.kind in (Kind.TERM, Kind.KEEP) else State.OVERDUE
    return State.DUE_TODAY if on == due else State.RUNNING


def _said(
    run: Run,
    on: date,
    state: State,
    *,
    nominal: date | None = None,
    last_day: date | None = None,
    moment: datetime | None = None,
    latest: date | None = None,
    opens_on: date | None = None,
    days_left: int | None = None,
    days_used: int | None = None,
    certain: bool = True,
    readings: tuple[Reading, ...] = (),
) -> Answer:
    """The answer with everything the run has gathered: its reasons, its notes, how sure it is. The only place that builds one."""
    clock, over = run.clock, run.stopped or run.done
    extending = clock.extensions
    return Answer(
        clock=clock,
        pack=run.pack.code,
        on=on,
        state=state,
        started_on=run.started.on if run.started else None,
        nominal=nominal,
        last_day=last_day,
        moment=moment,
        latest=latest,
        opens_on=opens_on,
        days_left=days_left,
        days_used=days_used,
        confirmed=_confirmed(run),
        certain=certain,
        terms=tuple(run.terms),
        reasons=tuple(run.reasons),
        notes=_notes(run, certain=certain),
        readings=readings,
        extended=sum(run.counts.get(one.event, 0) for one in extending) if extending else 0,
        restarted=run.restarts,
        remaining_extensions=_left(run, extending) if extending and state in _RUNNING else (),
        ended_on=over.on if over else None,
        pauses=tuple((first.date(), until.date() if until else None) for first, until in run.pauses) if run.pauses else (),
    )


def _confirmed(run: Run) -> bool:
    if not run.used:
        return run.clock.confirmed and not run.unconfirmed
    overridden = any(value.key.endswith(".amount") for value in run.used)
    return not run.unconfirmed and (run.clock.confirmed or overridden) and all(value.confirmed for value in run.used)


def _notes(run: Run, *, certain: bool) -> tuple[str, ...]:
    notes = [run.clock.note] if run.clock.note else []
    if run.notes or run.used:
        notes += [*run.notes, *(value.note for value in run.used if value.note)]
    if not certain:
        notes.append(sentences.UNSURE_YEAR)
    return tuple(dict.fromkeys(notes)) if len(notes) > 1 else tuple(notes)




def _left(run: Run, extending: Sequence[Effect]) -> tuple[str, ...]:
    """Which extensions the law still leaves, in words."""
    return tuple(
        f"{one.zh} {one.term.label if one.term else ''}".strip()
        for one in extending
        if not one.times or run.counts.get(one.event, 0) < one.times
    )
