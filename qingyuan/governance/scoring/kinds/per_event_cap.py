"""K4 so much for each event, up to a cap ("常务会议每次 0.5,其他会议每次 0.3,最多 1"; "每月最多 0.2,全年最多 2")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.asked import INPUT, UNIT, choice, number, rows, text
from qingyuan.governance.scoring.numbers import ZERO, Amounts, equals, plain
from qingyuan.governance.scoring.periods import Period, grouped
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step

EVENT = (
    INPUT,
    number("each", "每次得"),
    text("words", "什么事"),
    UNIT,
    choice("period", "分期封顶的,按", ("month", "月"), ("quarter", "季"), ("half", "半年")),
    number("period_cap", "每期最多"),
)


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event with its points each, and a cap of its own where the sheet gives one."""

    input: str
    each: Decimal
    words: str
    unit: str
    cap: Decimal | None
    period: Period | None = None
    period_cap: Decimal | None = None

    def sentence(self) -> str:
        own = "" if self.cap is None else f"(最多 {plain(self.cap)})"
        if self.period is not None and self.period_cap is not None:
            own = f"(每{self.period.word}最多 {plain(self.period_cap)}{'' if self.cap is None else f',全年最多 {plain(self.cap)}'})"
        return f"{self.words}每{self.unit} {plain(self.each)}{own}"

    def most(self) -> Decimal | None:
        """The most it can give in a year; None without an end."""
        ends = [] if self.cap is None else [self.cap]
        if self.period is not None and self.period_cap is not None:
            ends.append(self.period.in_a_year * self.period_cap)
        return min(ends, default=None)

    def earned(self, amounts: Amounts) -> tuple[Decimal, str]:
        """What it gives before the caps over the whole year, and the term of the sum."""
        times = max(ZERO, amounts[self.input])
        if self.period is None or self.period_cap is None:
            return times * self.each, f"{plain(self.each)} × {plain(times, 2)}"
        by_period = grouped(amounts.series.get(self.input, {}), self.period)
        each = [min(max(ZERO, count) * self.each, self.period_cap) for count in by_period.values()]
        shown = " + ".join(plain(one, 4) for one in each) or "0"
        return sum(each, ZERO), f"({shown})" if len(each) > 1 else shown


@dataclass(frozen=True, slots=True)
class PerEventCap(Rule):
    """Params: input, each, words, unit (次), and `cap`; or `events`, a list of {input, each, words, unit, cap}.

    period, period_cap   of an event: at most so much in each month, quarter or half (the input then comes by period)
    """

    title = "按次计分,封顶"
    says = "每做一次得几分,封顶"
    such_as = "每开一次会得 5 分,最多 10 分"
    asks = (
        *EVENT,
        number("cap", "全年最多几分", "不填就是本条的分值"),
        rows("events", "几种事各计各的", *EVENT, number("cap", "本项最多"), help="只有一种事的,填上面;几种的,只填这里"),
    )

    events: tuple[Event, ...]
    cap: Decimal

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        cap = params.positive("cap", default=of + params.over)
        if cap > of + params.over:
            params.complain(f"封顶 {plain(cap)} 超过本条 {plain(of + params.over)} 分")
        if "events" in params:
            rows = params.rows("events", "项")
            events = tuple(cls._event(row, row.maybe_number("cap")) for row in rows)
            for row in rows:
                row.finish()
        else:
            events = (cls._event(params, None),)
        params.finish()
        return cls(events, cap)

    @staticmethod
    def _event(row: Params, cap: Decimal | None) -> Event:
        words, unit = row.text("words", default=""), row.text("unit", default="次")
        period = row.choice("period", Period, default=Period.MONTH) if "period" in row else None
        period_cap = row.positive("period_cap") if period is not None or "period_cap" in row else None
        if period is None and period_cap is not None:
            row.complain("写了 period_cap 就要写 period:month(月)、quarter(季)或 half(半年)")
        return Event(row.input(), row.positive("each"), words, unit, cap, period, period_cap)

    def best(self, of: Decimal) -> Decimal:
        own = [event.most() for event in self.events]
        if any(cap is None for cap in own):
            return self.cap
        return min(self.cap, sum((cap for cap in own if cap is not None), ZERO))

    def reads(self) -> Mapping[str, str]:
        return {event.input: "series" for event in self.events if event.period is not None}

    def sentence(self, of: Decimal) -> str:
        return ",".join([*(event.sentence() for event in self.events), f"最多 {plain(self.cap)}"])

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        given, steps, terms = Amounts.of(amounts), [], []
        for event in self.events:
            if event.period is not None and event.input not in given.series:
                return Outcome((), "", waiting=f"{event.words or event.input}要按{event.period.word}给出(series)")
            times = max(ZERO, amounts[event.input])
            earned, term = event.earned(given)
            if event.cap is not None and earned > event.cap:
                earned, term = event.cap, f"{plain(event.cap)}"
            steps.append(Step(f"{event.words} {plain(times, 2)} {event.unit}".strip(), earned))
            terms.append(term)
        raw = sum((step.points for step in steps), ZERO)
        arithmetic = equals(" + ".join(terms), raw)
        if raw > self.cap:
            steps.append(Step(f"最多 {plain(self.cap)}", self.cap - raw))
            arithmetic += f",封顶得 {plain(self.cap)}"
        return Outcome(tuple(steps), arithmetic)


RULE = PerEventCap
