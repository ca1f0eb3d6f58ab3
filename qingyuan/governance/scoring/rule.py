"""What every rule kind is: parameters read once with their problems, a sentence, an evaluation in steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import ClassVar, Self, TypeVar

from qingyuan.governance.scoring.asked import Asked
from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.governance.scoring.structure import BIGGEST

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation; the points of all steps of a clause add up to its score."""

    words: str
    points: Decimal


class VetoEffect(StrEnum):
    """SHEET_ZERO the total is nothing; GRADE the grade is fixed; GRADE_DOWN one grade lower; CAP the total is at most so
    much; GROUP_ZERO one group gives nothing."""

    SHEET_ZERO = "sheet_zero"
    GRADE = "grade"
    GRADE_DOWN = "grade_down"
    CAP = "cap"
    GROUP_ZERO = "group_zero"


@dataclass(frozen=True, slots=True)
class VetoFired:
    """What a veto did to the sheet, and why."""

    effect: VetoEffect
    grade: str
    reason: str
    cap: Decimal | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Steps that add up to the points (not yet rounded), the arithmetic as written on the sheet, a veto if one fired.

    waiting  why there can be no points yet ("抽查不足 4 所"); empty: nothing to measure, the clause's `when_empty` decides
    """

    steps: tuple[Step, ...]
    arithmetic: str
    veto: VetoFired | None = None
    waiting: str = ""
    empty: str = ""

    @property
    def points(self) -> Decimal:
        return sum((step.points for step in self.steps), ZERO)


class Params:
    """Reads a rule's parameters and collects everything wrong with them, so that a writer sees all of it at once."""

    def __init__(
        self,
        data: Mapping[str, object],
        inputs: Sequence[str],
        where: str = "",
        *,
        over: Decimal = ZERO,
        under: Decimal = ZERO,
    ) -> None:
        self._data = data
        self._where = where
        self.over, self.under = over, under
        self._read: set[str] = set()
        self.inputs = tuple(inputs)
        self.used: set[str] = set()
        self.problems: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def inside(self, words: str, points: Decimal, of: Decimal) -> Decimal:
        """Points a rule may give, complained about where they leave what the clause may give."""
        low, high = -self.under, of + self.over
        if not low <= points <= high:
            self.complain(f"{words} {plain(points)} 不在 {plain(low)} 到 {plain(high)} 之间")
        return points

    def flag(self, name: str) -> bool:
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            self.complain(f"参数 {name} 应为 true 或 false,现为“{value}”")
        return value is True

    def within(self, data: Mapping[str, object], what: str, inputs: Sequence[str] | None = None) -> Params:
        """Parameters of a rule inside this one; complaints and used inputs are shared unless it reads its own."""
        own = Params(data, self.inputs if inputs is None else inputs, f"{self._where}{what}:")
        own.problems = self.problems
        own.over, own.under = self.over, self.under
        if inputs is None:
            own.used = self.used
        return own

    def spec(self, name: str) -> tuple[str, Mapping[str, object]]:
        """A rule inside this one as written: {kind, params}."""
        value = self._take(name)
        if isinstance(value, Mapping) and set(value) <= {"kind", "params"} and "kind" in value:
            params = value.get("params", {})
            if isinstance(params, Mapping):
                return str(value["kind"]), params
        self.complain(f"参数 {name} 应为一条规则:{{kind: …, params: {{…}}}}")
        return "", {}

    def complain(self, message: str) -> None:
        self.problems.append(f"{self._where}{message}")

    def _take(self, name: str) -> object:
        self._read.add(name)
        return self._data.get(name)

    def maybe_number(self, name: str) -> Decimal | None:
        """An exact number, or None when it is left out (or is not a number: complained about)."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, (int, Decimal, str)) or isinstance(value, bool):
            self.complain(f"参数 {name} 应为数字,现为“{value}”")
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.complain(f"参数 {name} 应为数字,现为“{value}”")
            return None
        if abs(number) > BIGGEST:
            self.complain(f"参数 {name} 太大,应不超过一万亿,现为“{value}”")
            return None
        return number

    def number(self, name: str, *, default: Decimal | None = None) -> Decimal:
        missing = name not in self._data
        number = self.maybe_number(name)
        if number is not None:
            return number
        if missing and default is None:
            self.complain(f"缺参数 {name}")
        return default if default is not None else ZERO

    def positive(self, name: str, *, default: Decimal | None = None) -> Decimal:
        before = len(self.problems)
        number = self.number(name, default=default)
        if number <= ZERO and len(self.problems) == before:
            self.complain(f"参数 {name} 应大于 0,现为 {number}")
        return number

    def text(self, name: str, *, default: str | None = None) -> str:
        value = self._take(name)
        if value is None:
            if default is None:
                self.complain(f"缺参数 {name}")
            return default or ""
        return str(value)

    def choice(self, name: str, options: type[Choice], *, default: Choice) -> Choice:
        value = self._take(name)
        if value is None:
            return default
        if value not in [option.value for option in options]:
            self.complain(f"参数 {name} 只能是 {'、'.join(options)},现为“{value}”")
            return default
        return options(str(value))

    def names_input(self, name: str) -> bool:
        """Whether the parameter is the name of an input rather than a number."""
        return self._data.get(name) in self.inputs

    def input(self, name: str = "input") -> str:
        """The name of an input of the clause; may be left out when the clause has just one."""
        value = self._take(name)
        if value is None and len(self.inputs) == 1:
            value = self.inputs[0]
        if value is None:
            self.complain(f"没有写明用哪个取数(参数 {name}),本条款的取数有:{'、'.join(self.inputs) or '无'}")
            return ""
        if value not in self.inputs:
            self.complain(f"取数“{value}”不在本条款的 inputs 里")
        self.used.add(str(value))
        return str(value)

    def rows(self, name: str, what: str) -> list[Params]:
        """A list of parameter tables; each row's complaints name their place."""
        value = self._take(name)
        if not isinstance(value, (list, tuple)) or not value:
            self.complain(f"参数 {name} 应为非空列表")
            return []
        rows = []
        for index, item in enumerate(value, start=1):
            if isinstance(item, Mapping):
                row = Params(item, self.inputs, f"{self._where}第 {index} {what}:", over=self.over, under=self.under)
                row.problems, row.used = self.problems, self.used
                rows.append(row)
            else:
                self.complain(f"参数 {name} 的第 {index} 项应为一组参数")
        return rows

    def table(self, name: str, what: str) -> Params:
        """One nested parameter table."""
        value = self._take(name)
        if not isinstance(value, Mapping):
            self.complain(f"参数 {name} 应为一组参数")
            value = {}
        nested = Params(value, self.inputs, f"{self._where}{what}:", over=self.over, under=self.under)
        nested.problems, nested.used = self.problems, self.used
        return nested

    def optional_table(self, name: str) -> Mapping[str, object]:
        """A table as written; empty where it is left out."""
        value = self._take(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.complain(f"参数 {name} 应为一组参数")
            return {}
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """A list of inputs of the clause; left out, all of them."""
        value = self._take(name)
        listed = self.inputs if value is None else value
        if not isinstance(listed, (list, tuple)) or not listed:
            self.complain(f"参数 {name} 应为取数名的列表")
            return ()
        for item in listed:
            if item not in self.inputs:
                self.complain(f"取数“{item}”不在本条款的 inputs 里")
        self.used.update(str(item) for item in listed)
        return tuple(str(item) for item in listed)

    def finish(self) -> None:
        """Complain about parameters nobody read: they are misspelt, and a misspelt rule must not score."""
        for name in self._data:
            if name not in self._read:
                self.complain(f"参数 {name} 不认识,请检查拼写")


class Rule(ABC):
    """A rule with its parameters read. One module per kind in `kinds`; the module's name is the kind's name."""

    title: ClassVar[str]
    #: How a clerk tells it from the other kinds, a small example of it, and what its form asks.
    says: ClassVar[str] = ""
    such_as: ClassVar[str] = ""
    asks: ClassVar[tuple[Asked, ...]] = ()

    @classmethod
    @abstractmethod
    def read(cls, params: Params, of: Decimal) -> Self:
        """Parameters of a clause worth `of` points; what is wrong goes to params.problems."""

    @abstractmethod
    def sentence(self, of: Decimal) -> str:
        """The rule in one sentence, made from its parameters, so that the text and the machine cannot differ."""

    @abstractmethod
    def evaluate(self, of: Decimal, amounts: Mapping[str, Decimal]) -> Outcome:
        """Points for these amounts (by input name), in steps."""

    @abstractmethod
    def best(self, of: Decimal) -> Decimal:
        """The most this rule can ever give: less than `of` means unreachable points."""

    def units(self) -> Mapping[str, str]:
        """The unit in which each input's thresholds are written, where the rule has thresholds."""
        return {}

    def divides(self) -> bool:
        """Whether there may be nothing to divide by though every input is there; then the clause must say what follows."""
        return False

    def signed(self) -> frozenset[str]:
        """Inputs that may be negative (a change, points taken off)."""
        return frozenset()

    def reads(self) -> Mapping[str, str]:
        """What it reads of an input besides its amount: 'series', 'peers' or 'choice', by input name."""
        return {}
