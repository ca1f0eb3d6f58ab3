"""What every rule kind is: parameters read once with their problems, a sentence, an evaluation in steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import ClassVar, Self, TypeVar

from qingyuan.governance.scoring.numbers import ZERO

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation; the points of all steps of a clause add up to its score."""

    words: str
    points: Decimal


class VetoEffect(StrEnum):
    SHEET_ZERO = "sheet_zero"
    GRADE = "grade"


@dataclass(frozen=True, slots=True)
class VetoFired:
    """What a veto did to the sheet, and why."""

    effect: VetoEffect
    grade: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Steps that add up to the points (not yet rounded), the arithmetic as written on the sheet, a veto if one fired."""

    steps: tuple[Step, ...]
    arithmetic: str
    veto: VetoFired | None = None

    @property
    def points(self) -> Decimal:
        return sum((step.points for step in self.steps), ZERO)


class Params:
    """Reads a rule's parameters and collects everything wrong with them, so that a writer sees all of it at once."""

    def __init__(self, data: Mapping[str, object], inputs: Sequence[str], where: str = "") -> None:
        self._data = data
        self._where = where
        self._read: set[str] = set()
        self.inputs = tuple(inputs)
        self.used: set[str] = set()
        self.problems: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._data

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
                row = Params(item, self.inputs, f"{self._where}第 {index} {what}:")
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
        nested = Params(value, self.inputs, f"{self._where}{what}:")
        nested.problems, nested.used = self.problems, self.used
        return nested

    def finish(self) -> None:
        """Complain about parameters nobody read: they are misspelt, and a misspelt rule must not score."""
        for name in self._data:
            if name not in self._read:
                self.complain(f"参数 {name} 不认识,请检查拼写")


class Rule(ABC):
    """A rule with its parameters read. One module per kind in `kinds`; the module's name is the kind's name."""

    title: ClassVar[str]

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
