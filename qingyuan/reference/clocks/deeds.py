"""What each event does to a running clock, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from qingyuan.reference.clocks import sentences
from qingyuan.reference.clocks.declaration import Clock, Deed, Effect
from qingyuan.reference.clocks.events import BadEvents, Event
from qingyuan.reference.clocks.lengths import choose, given, longer
from qingyuan.reference.clocks.running import Run, day_of, midnight
from qingyuan.reference.clocks.sentences import Sentence
from qingyuan.reference.clocks.terms import Term, Unit
from qingyuan.reference.statutes import describe

_ONE_DAY = timedelta(days=1)
_EDGES = "suspend.edges"


def replay(run: Run, event: Event) -> None:
    effect = run.clock.effect(event.event)
    if effect is None:
        raise BadEvents(_not_known(run.clock, event))
    if effect.deed is not Deed.START and run.started is None:
        raise BadEvents(f"第 {event.place} 个事件“{effect.zh}”发生时期限还没有起算,请先写“{run.clock.trigger}”。")
    if run.stopped is not None and effect.deed is not Deed.RESTART:
        raise BadEvents(f"第 {event.place} 个事件“{effect.zh}”发生在期限终止({run.stopped.on})之后,请核对日期。")
    _limit(run, effect, event)
    _DEEDS[effect.deed](run, event, effect)


def _start(run: Run, event: Event, effect: Effect) -> None:
    if run.started is not None:
        raise BadEvents(f"期限只能起算一次;第 {event.place} 个事件又写了“{effect.zh}”。更正前一个请用 corrects。")
    run.started = event
    run.chosen = choose(run, event)
    if run.chosen is not None and (term := given(run, run.chosen, event)):
        run.terms = [term]


def _suspend(run: Run, event: Event, effect: Effect) -> None:
    if run.pauses and run.pauses[-1][1] is None:
        raise BadEvents(f"第 {event.place} 个事件“{effect.zh}”:期限已经中止,请先写恢复的日期。")
    first, until = _paused(run, event)
    if until is not None and event.until is not None:
        run.say(sentences.AWAY, effect.articles, day=day_of(event), until=_until(event), what=effect.zh)
    else:
        run.say(sentences.PAUSED, effect.articles, day=day_of(event), what=effect.zh)
    run.pauses.append((first, until))
    _paper(run, event, effect)


def _paused(run: Run, event: Event) -> tuple[datetime, datetime | None]:
    """The uncounted stretch. An interval with both ends written is uncounted from its first through its last day; an open
    one starts and ends by the pack's rule for the edge days."""
    if run.by_hour:
        return event.moment, event.until_at or (midnight(event.until) if event.until else None)
    if event.until is not None:
        return midnight(event.on), midnight(event.until + _ONE_DAY)
    served = _edges(run, event.on)
    return midnight(event.on + _ONE_DAY if served else event.on), None


def _resume(run: Run, event: Event, effect: Effect) -> None:
    if not run.pauses or run.pauses[-1][1] is not None:
        raise BadEvents(f"第 {event.place} 个事件“{effect.zh}”:期限没有中止,不能恢复。")
    first, _ = run.pauses[-1]
    until = event.moment if run.by_hour else midnight(event.on)
    run.pauses[-1] = (first, max(first, until))
    lost = (max(first, until) - first).days
    if run.by_hour:
        run.say(sentences.RESUMED, effect.articles, day=day_of(event), what=effect.zh)
    else:
        run.say(sentences.RESUMED_AFTER, effect.articles, day=day_of(event), what=effect.zh, days=lost)


def _stop(run: Run, event: Event, effect: Effect) -> None:
    run.stopped = event
    run.say(sentences.STOPPED, effect.articles, day=day_of(event), what=effect.zh)
    _paper(run, event, effect)


def _restart(run: Run, event: Event, effect: Effect) -> None:
    run.restarts += 1
    run.started = replace(event, option=event.option or (run.started.option if run.started else ""))
    run.stopped = None
    run.done = None
    run.pauses = []
    run.credit = 0
    if effect.term is not None or event.term is not None:
        run.terms = [event.term or effect.term or Term(0, Unit.DAY)]
        run.say(sentences.RESTARTED_WITH, effect.articles, day=day_of(event), what=effect.zh, term=run.terms[0])
    else:
        run.chosen = choose(run, run.started)
        run.terms = [run.chosen.term] if run.chosen and run.chosen.term else run.terms[:1]
        run.say(sentences.RESTARTED, effect.articles, day=day_of(event), what=effect.zh)
    _paper(run, event, effect)


def _extend(run: Run, event: Event, effect: Effect) -> None:
    term = event.term or effect.term or (Term(event.days, Unit.DAY) if event.days else None)
    if term is None:
        raise BadEvents(f'第 {event.place} 个事件“{effect.zh}”要写延长多久,如 "term": "30 day"。')
    if effect.most and longer(term, effect.most):
        raise BadEvents(f"“{effect.zh}”一次最长 {effect.most.label}({describe(effect.articles)}),写的是 {term.label}。")
    run.terms.append(term)
    run.say(sentences.EXTENDED, effect.articles, day=day_of(event), what=effect.zh, term=term)
    _approved(run, event, effect)
    _paper(run, event, effect)


def _credit(run: Run, event: Event, effect: Effect) -> None:
    days = event.days or (((event.until - event.on).days + 1) if event.until else 0)
    if days <= 0:
        raise BadEvents(f"第 {event.place} 个事件“{effect.zh}”要写折抵的天数(days),或者起止日期(on、until)。")
    run.credit += days
    run.say(sentences.CREDITED, effect.articles, day=day_of(event), what=effect.zh, days=days)
    _paper(run, event, effect)


def _transfer(run: Run, event: Event, effect: Effect) -> None:
    run.say(sentences.MOVED, effect.articles, day=day_of(event), what=effect.zh)
    _paper(run, event, effect)


def _done(run: Run, event: Event, effect: Effect) -> None:
    run.done = event
    articles = effect.articles if effect.articles != run.clock.articles else ""
    run.say(sentences.DONE, articles, day=day_of(event), what=effect.zh)


_DEEDS = {
    Deed.START: _start,
    Deed.SUSPEND: _suspend,
    Deed.RESUME: _resume,
    Deed.STOP: _stop,
    Deed.RESTART: _restart,
    Deed.EXTEND: _extend,
    Deed.CREDIT: _credit,
    Deed.TRANSFER: _transfer,
    Deed.DONE: _done,
}


def _limit(run: Run, effect: Effect, event: Event) -> None:
    run.counts[effect.event] = run.counts.get(effect.event, 0) + 1
    if effect.times and run.counts[effect.event] > effect.times:
        raise BadEvents(
            f"“{effect.zh}”以 {effect.times} 次为限({describe(effect.articles)}),第 {event.place} 个事件是第"
            f" {run.counts[effect.event]} 次。"
        )


def _approved(run: Run, event: Event, effect: Effect) -> None:
    if effect.approver and not event.approved_by:
        run.unconfirmed = True
        run.notes.append(Sentence(sentences.NOT_APPROVED, what=effect.zh, who=effect.approver))
    elif event.approved_by:
        run.say(sentences.APPROVED, who=event.approved_by)


def _paper(run: Run, event: Event, effect: Effect) -> None:
    if event.paper:
        run.say(sentences.PAPER, paper=event.paper)
    elif effect.paper:
        run.notes.append(Sentence(sentences.NO_PAPER, what=effect.zh, paper=effect.paper))


def _not_known(clock: Clock, event: Event) -> str:
    known = "、".join(f"{one.event}({one.zh})" for one in clock.effects)
    return f"“{clock.name}”不认识第 {event.place} 个事件“{event.event}”:法律没有写它对本期限的作用。可以写:{known}。"


def _edges(run: Run, on: date) -> bool:
    """Whether the first day of a pause still counts. No statute says so; unless the pack says ``served``, it does not."""
    found = run.pack.find(_EDGES, on)
    if found is None:
        return False
    run.used.append(found)
    return found.value == "served"


def _until(event: Event) -> str:
    return f"{event.until_at:%Y-%m-%d %H:%M}" if event.until_at else str(event.until)
