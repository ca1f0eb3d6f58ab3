"""Rules that first measure something (a change, a place among others, a mean) and then let a rule inside them score it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from qingyuan.governance.scoring.nested import MEASURED, read_rule_inside
from qingyuan.governance.scoring.numbers import ZERO, Amounts
from qingyuan.governance.scoring.rule import Outcome, Params, Rule, Step


@dataclass(frozen=True, slots=True)
class Measure:
    """What was measured and how it is written; or points at once (`given`), or why there is no measure."""

    words: str
    value: Decimal | None = None
    given: Decimal | None = None
    waiting: str = ""
    empty: str = ""


class Unreadable(Rule):
    """Stands where the rule inside could not be read; the complaint is with the parameters, nothing is ever scored by it."""

    title = ""

    @classmethod
    def read(cls, params: Params, of: Decimal) -> Unreadable:
        return cls()

    def sentence(self, of: Decimal) -> str:
        return ""

    def best(self, of: Decimal) -> Decimal:
        return of

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        return Outcome((), "", waiting="规则读不出来")


class MeasuringRule(Rule):
    """Base of such rules: `then` scores what `measure` finds; `about` says what is measured."""

    then: Rule

    @staticmethod
    def read_then(params: Params, of: Decimal) -> Rule:
        """The parameter `then`: {kind, params}, over the measured number."""
        return read_rule_inside(params, "then", of) or Unreadable()

    @abstractmethod
    def measure(self, of: Decimal, amounts: Amounts) -> Measure:
        """What is to be scored. Every amount is there."""

    @abstractmethod
    def about(self) -> str:
        """What is measured, as the beginning of the rule's sentence."""

    def best(self, of: Decimal) -> Decimal:
        return self.then.best(of)

    def divides(self) -> bool:
        return True

    def sentence(self, of: Decimal) -> str:
        return f"{self.about()}:{self.then.sentence(of)}"

    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        found = self.measure(of, Amounts.of(amounts))
        if found.waiting or found.empty:
            return Outcome((), found.words, waiting=found.waiting, empty=found.empty)
        if found.given is not None:
            return Outcome((Step(found.words, found.given),), found.words)
        inner = self.then.evaluate(of, {MEASURED: ZERO if found.value is None else found.value})
        return replace(inner, arithmetic=f"{found.words};{inner.arithmetic}" if found.words else inner.arithmetic)
