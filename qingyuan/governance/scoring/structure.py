"""Typed dataclasses to plain data and back, exactly: decimals stay decimals, every wrong field is named by its path."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable

T = TypeVar("T")
#: No sheet has a larger number; beyond it sums would no longer be exact.
BIGGEST = Decimal(10) ** 12
Path = tuple[str, ...]


def to_data(value: object) -> object:
    """Plain data (dict, list, str, int, bool, Decimal, None). Fields at their default are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = [item for item in fields(value) if getattr(value, item.name) != _default(item)]
        return {item.name: to_data(getattr(value, item.name)) for item in kept}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_data(item) for item in value]
    return value


def from_data(cls: type[T], data: object) -> T:
    """Build `cls` from plain data. SchemeUnreadable with every problem, each at its path ('groups 2 › clauses 1')."""
    problems: list[Problem] = []
    built = _Reader(problems).read(cls, data, ())
    if problems:
        raise SchemeUnreadable(problems)
    if not isinstance(built, cls):
        raise TypeError(f"read {type(built).__name__}, wanted {cls.__name__}")
    return built


def exact(value: object) -> object:
    """Free-form data with every number as Decimal, so that what was read from YAML equals what was read from JSON."""
    if isinstance(value, Mapping):
        return {str(key): exact(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(exact(item) for item in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _default(item: Field[Any]) -> object:
    if item.default_factory is not MISSING:
        return item.default_factory()
    return item.default


class _Reader:
    """Walks data and type hints together, collecting problems instead of stopping at the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._scalars: dict[type, Callable[[object, Path], object]] = {
            str: self._text,
            bool: self._bool,
            int: self._int,
            Decimal: self._decimal,
            date: self._date,
        }

    def read(self, hint: Any, data: object, path: Path) -> object:
        if hint is object:
            return exact(data)
        origin = get_origin(hint)
        if origin in (Union, types.UnionType):
            inner = next(arg for arg in get_args(hint) if arg is not type(None))
            return None if data is None else self.read(inner, data, path)
        if origin is tuple:
            return self._tuple(get_args(hint)[0], data, path)
        if origin is Mapping:
            return self._mapping(get_args(hint)[1], data, path)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self._enum(hint, data, path)
        if is_dataclass(hint) and isinstance(hint, type):
            return self._dataclass(hint, data, path)
        return self._scalars[hint](data, path)

    def _complain(self, path: Path, message: str) -> None:
        self._problems.append(Problem(" › ".join(path) or "全文", message))

    def _tuple(self, item: Any, data: object, path: Path) -> tuple[object, ...]:
        if not isinstance(data, (list, tuple)):
            self._complain(path, "应为列表")
            return ()
        base, last = path[:-1], path[-1] if path else ""
        return tuple(self.read(item, value, (*base, f"{last} {i}")) for i, value in enumerate(data, start=1))

    def _mapping(self, item: Any, data: object, path: Path) -> dict[str, object]:
        if not isinstance(data, Mapping):
            self._complain(path, "应为“名称: 值”的一组")
            return {}
        return {str(key): self.read(item, value, (*path, str(key))) for key, value in data.items()}

    def _enum(self, hint: type[Enum], data: object, path: Path) -> object:
        for option in hint:
            if option.value == data:
                return option
        self._complain(path, f"只能是 {'、'.join(str(option.value) for option in hint)},现为“{data}”")
        return next(iter(hint))

    def _dataclass(self, hint: type, data: object, path: Path) -> object:
        if not isinstance(data, Mapping):
            self._complain(path, "应为一组字段")
            return None
        known = {item.name: item for item in fields(hint)}
        for key in data:
            if key not in known:
                comma = "(是不是上一段文字里有逗号?含逗号的文字请加引号)" if data[key] is None else ""
                self._complain((*path, str(key)), f"没有这个字段{comma},可用的有:{'、'.join(known)}")
        hints, values = get_type_hints(hint), {}
        for name, item in known.items():
            if name in data:
                values[name] = self.read(hints[name], data[name], (*path, name))
            elif item.default is MISSING and item.default_factory is MISSING:
                self._complain((*path, name), "缺这个字段")
        if any(item.name not in values and _default(item) is MISSING for item in known.values()):
            return None
        return hint(**values)

    def _text(self, data: object, path: Path) -> str:
        # An unquoted 3.2 in YAML is a number to the reader and a clause number to the writer.
        if isinstance(data, (str, Decimal, int)) and not isinstance(data, bool):
            return str(data)
        self._complain(path, f"应为文字,现为“{data}”")
        return ""

    def _bool(self, data: object, path: Path) -> bool:
        if not isinstance(data, bool):
            self._complain(path, f"应为 true 或 false,现为“{data}”")
        return bool(data)

    def _int(self, data: object, path: Path) -> int:
        number = self._decimal(data, path)
        if number != number.to_integral_value():
            self._complain(path, f"应为整数,现为“{data}”")
        return int(number)

    def _decimal(self, data: object, path: Path) -> Decimal:
        try:
            if isinstance(data, (str, int, Decimal)) and not isinstance(data, bool):
                number = Decimal(data)
                if number.is_finite() and abs(number) <= BIGGEST:
                    return number
                if number.is_finite():
                    self._complain(path, f"太大,应不超过一万亿,现为“{data}”")
                    return Decimal(0)
        except InvalidOperation:
            pass
        self._complain(path, f"应为数字,现为“{data}”")
        return Decimal(0)

    def _date(self, data: object, path: Path) -> date:
        if isinstance(data, date):
            return data
        try:
            return date.fromisoformat(str(data))
        except ValueError:
            self._complain(path, f"应为日期(如 2022-01-01),现为“{data}”")
            return date.min
