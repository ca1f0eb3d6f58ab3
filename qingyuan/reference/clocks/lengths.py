"""Which of a clock's lengths applies: by the day, by the case of the law, by the province, by the decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qingyuan.reference.clocks import sentences
from qingyuan.reference.clocks.declaration import DatedTerm
from qingyuan.reference.clocks.events import BadEvents, Event
from qingyuan.reference.clocks.reckoning import last_day
from qingyuan.reference.clocks.running import Run
from qingyuan.reference.clocks.terms import Term, Unit
from qingyuan.reference.statutes import describe


class ClockNotInForce(ValueError):
    """The clock's law was not in force on the trigger day."""


def choose(run: Run, event: Event) -> DatedTerm | None:
    """The length in force on the day for the case that applies; None while nobody has said which case it is."""
    clock = run.clock
    if not clock.terms:
        return None
    holding = [one for one in clock.terms if one.holds(event.on)]
    if not holding:
        raise ClockNotInForce(f"{event.on} 时“{clock.name}”的规定不适用,请按当时有效的规定核对日期。")
    if event.option:
        matching = [one for one in holding if event.option in (one.option, one.zh)]
        if not matching:
            options = "、".join(f"{one.option}({one.zh})" for one in holding if one.option)
            raise BadEvents(f"“{clock.name}”没有“{event.option}”这种情形;可以写:{options or '(没有分情形)'}。")
        return _by_pack(run, matching[0], event)
    plain = [one for one in holding if not one.option]
    if plain:
        return _by_pack(run, plain[0], event)
    return _by_pack(run, holding[0], event) if len(holding) == 1 else None


def _by_pack(run: Run, chosen: DatedTerm, event: Event) -> DatedTerm:
    """The same length as a province has it: ``<code>.amount``, ``<code>.unit`` and ``<code>.latest`` of the rule pack."""
    for amount_key, unit_key, latest_key in run.clock.pack_keys:
        amount = run.pack.find(amount_key, event.on)
        latest = run.pack.find(latest_key, event.on)
        if amount is None and latest is None:
            continue
        unit = run.pack.find(unit_key, event.on)
        base = Unit(unit.value) if unit else (chosen.term.unit if chosen.term else Unit.DAY)
        run.used += [one for one in (amount, unit, latest) if one]
        return replace(
            chosen,
            term=Term(int(amount.value), base) if amount else chosen.term,
            latest=Term(int(latest.value), base) if latest else chosen.latest,
            articles=amount.article if amount else chosen.articles,
        )
    return chosen


def given(run: Run, chosen: DatedTerm, event: Event) -> Term | None:
    if not chosen.given:
        return chosen.term
    term = event.term or (Term(event.days, Unit.DAY) if event.days else None)
    if term is None:
        if chosen.term is not None:
            return chosen.term
        raise BadEvents(f'“{run.clock.name}”的长短以决定为准,请在起算事件里写 "term",如 "term": "18 month"。')
    if chosen.most and longer(term, chosen.most):
        if run.clock.total == chosen.most:
            run.say(sentences.CAPPED, run.clock.articles, term=term, most=chosen.most)
            return chosen.most
        raise BadEvents(
            f"“{run.clock.name}”最长 {chosen.most.label}({describe(run.clock.articles)}),写的是 {term.label}。"
        )
    return term


def longer(term: Term, most: Term) -> bool:
    """Whether one length is longer than another, reckoned from a day of no short month."""
    start = date(2021, 1, 1)
    ends = [last_day(start, [one]) for one in (term, most)]
    return ends[0] is not None and ends[1] is not None and ends[0] > ends[1]
