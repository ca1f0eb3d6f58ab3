"""K4 so much for each event, up to a cap ("常务会议每次 0.5,其他会议每次 0.3,最多 1")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from qingyuan.governance.scoring.numbers import ZERO, equals, plain
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event with its points each, and a cap of its own where the sheet gives one."""

    input: str
    each: Decimal
    words: str
    unit: str
    cap: Decimal | None

    def sentence(self) -> str:
        own = "" if self.cap is None else f"(最多 {plain(self.cap)})"
        return f"{self.words}每{self.unit} {plain(self.each)}{own}"


@dataclass(frozen=True, slots=True)
class PerEventCap(Rule):
    """Params: input, each, words, unit (次), and `cap`; or `events`, a list of {input, each, words, unit, cap}."""

    title = "按次计分,封顶"

    events: tuple[Event, ...]
    cap: Decimal

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        cap = params.positive("cap", default=of)
        if cap > of:
            params.complain(f"封顶 {plain(cap)} 超过本条 {plain(of)} 分")
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
        return Event(row.input(), row.positive("each"), words, unit, cap)

    def best(self, of: Decimal) -> Decimal:
        own = [event.cap for event in self.events]
        if any(cap is None for cap in own):
            return self.cap
        return min(self.cap, sum((cap for cap in own if cap is not None), ZERO))

    def sentence(self, of: Decimal) -> str:
        return ",".join([*(event.sentence() for event in self.events), f"最多 {plain(self.cap)}"])

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        steps, terms = [], []
        for event in self.events:
            times = max(ZERO, amounts[event.input])
            earned, term = times * event.each, f"{plain(event.each)} × {plain(times, 2)}"
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
