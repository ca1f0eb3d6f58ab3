"""A checked formula over facts at hand, reckoned in plain Python: no database, exact numbers, SQL's own unknown.

It is the second way to a figure: an archive is verified with it where there is neither a city nor a fact store. What it does not
know to the last digit (means, medians, division) it refuses, so that nothing is called wrong for how it was rounded.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlglot import exp

from qingyuan.indicators.enums import Select
from qingyuan.indicators.formula import AGGREGATES, Formula

Row = Mapping[str, Any]


class NotReckoned(ValueError):
    """The formula uses what is not reckoned to the last digit here."""


def chosen(rows: Iterable[Row], select: Select, dated_by: str, start: date, read_day: date) -> list[Row]:
    """The facts that a term reads for a period that begins on ``start`` and is read on ``read_day``."""
    dated = [row for row in rows if row.get(dated_by) is not None and row[dated_by] <= read_day]
    match select:
        case Select.IN_PERIOD:
            return [row for row in dated if row[dated_by] >= start]
        case Select.IN_FORCE:
            return [row for row in dated if row.get("until") is None or row["until"] > read_day]
        case Select.DURING:
            return [row for row in dated if row.get("until") is None or row["until"] >= start]
        case Select.LATEST_IN_PERIOD:
            return _newest([row for row in dated if row[dated_by] >= start], dated_by)
        case Select.LATEST_KNOWN:
            return _newest(dated, dated_by)


def _newest(rows: Sequence[Row], dated_by: str) -> list[Row]:
    """Each division's newest: that of dissolved divisions was left out where the facts were taken."""
    last: dict[Any, date] = {}
    for row in rows:
        place = row.get("division_id")
        last[place] = max(last.get(place, row[dated_by]), row[dated_by])
    return [row for row in rows if row[dated_by] == last[row.get("division_id")]]


def reckon(formula: Formula, where: Formula | None, rows: Sequence[Row], days: Mapping[str, date]) -> Decimal | None:
    """The figure of ``rows``; ``days`` are the question's own. Raises NotReckoned."""
    kept = [row for row in rows if where is None or _of_row(where.tree, row, days) is True]
    found = _of_all(formula.tree, kept, days)
    if found is None or isinstance(found, Decimal):
        return found
    raise NotReckoned(type(found).__name__)


def _of_all(node: exp.Expr, rows: Sequence[Row], days: Mapping[str, date]) -> Any:
    """An expression of aggregates."""
    if isinstance(node, exp.Filter):
        condition = node.expression.this
        return _aggregate(node.this, [row for row in rows if _of_row(condition, row, days) is True], days)
    if isinstance(node, AGGREGATES):
        return _aggregate(node, rows, days)
    return _reckoned(node, lambda part: _of_all(part, rows, days), {}, days)


def _aggregate(node: exp.Expr, rows: Sequence[Row], days: Mapping[str, date]) -> Any:
    inside = node.this
    if isinstance(node, exp.Count) and isinstance(inside, (exp.Star, exp.Literal)):
        return Decimal(len(rows))
    distinct = isinstance(inside, exp.Distinct)
    argument = inside.expressions[0] if distinct else inside
    values = [value for row in rows if (value := _of_row(argument, row, days)) is not None]
    if isinstance(node, exp.Count):
        return Decimal(len(set(values)) if distinct else len(values))
    if distinct or isinstance(node, (exp.Avg, exp.Median)):
        raise NotReckoned(node.key)
    if not values:
        return None
    if isinstance(node, exp.Sum):
        return sum((_number(value) for value in values), Decimal(0))
    return _plain(min(values) if isinstance(node, exp.Min) else max(values))


def _of_row(node: exp.Expr, row: Row, days: Mapping[str, date]) -> Any:
    return _reckoned(node, lambda part: _of_row(part, row, days), row, days)


_COMPARED: Final[Mapping[type[exp.Expr], Callable[[Any, Any], bool]]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
}


def _reckoned(node: exp.Expr, part: Callable[[exp.Expr], Any], row: Row, days: Mapping[str, date]) -> Any:
    """One node, its parts reckoned by ``part``; None is SQL's unknown."""
    match node:
        case exp.Paren():
            return part(node.this)
        case exp.Column():
            return _plain(row.get(node.name.lower()))
        case exp.Placeholder():
            return days[str(node.this)]
        case exp.Literal():
            return str(node.this) if node.is_string else Decimal(str(node.this))
        case exp.Boolean():
            return bool(node.this)
        case exp.Null():
            return None
        case exp.Not():
            found = part(node.this)
            return None if found is None else not found
        case exp.And():
            return _both(part(node.this), part(node.expression), False)
        case exp.Or():
            return _both(part(node.this), part(node.expression), True)
        case exp.Is():
            return part(node.this) is None if isinstance(node.expression, exp.Null) else part(node.this) is part(node.expression)
        case exp.In():
            return _among(part(node.this), [part(one) for one in node.expressions])
        case exp.Between():
            low = _compared(operator.ge, part(node.this), part(node.args["low"]))
            return _both(low, _compared(operator.le, part(node.this), part(node.args["high"])), False)
        case exp.Coalesce():
            return next((found for one in (node.this, *node.expressions) if (found := part(one)) is not None), None)
        case exp.Case():
            return _case(node, part)
        case exp.Neg():
            found = part(node.this)
            return None if found is None else -_number(found)
        case exp.Add() | exp.Sub() | exp.Mul():
            return _sum(node, part(node.this), part(node.expression))
        case exp.Cast() if node.to.this is exp.DataType.Type.DATE and isinstance(node.this, exp.Literal):
            return date.fromisoformat(str(node.this.this))
        case exp.DateDiff() if str(node.args.get("unit") or "DAY").strip("'").upper() == "DAY":
            last, first = part(node.this), part(node.expression)
            return None if last is None or first is None else Decimal((last - first).days)
    compare = _COMPARED.get(type(node))
    if compare is None:
        raise NotReckoned(node.key)
    return _compared(compare, part(node.this), part(node.expression))


def _compared(compare: Callable[[Any, Any], bool], one: Any, other: Any) -> bool | None:
    return None if one is None or other is None else bool(compare(one, other))


def _both(one: Any, other: Any, decides: bool) -> bool | None:
    """And (``decides`` False) and or (True) of SQL, where unknown leaves open what the other side does not decide."""
    if decides in (one, other):
        return decides
    return None if None in (one, other) else not decides


def _among(value: Any, listed: Sequence[Any]) -> bool | None:
    if value is None:
        return None
    return True if value in [one for one in listed if one is not None] else None if None in listed else False


def _case(node: exp.Case, part: Callable[[exp.Expr], Any]) -> Any:
    if node.this is not None:
        raise NotReckoned("case")
    for branch in node.args["ifs"]:
        if part(branch.this) is True:
            return part(branch.args["true"])
    otherwise = node.args.get("default")
    return None if otherwise is None else part(otherwise)


def _sum(node: exp.Expr, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return None
    if isinstance(one, date):
        if isinstance(other, date):
            return Decimal((one - other).days)
        return one + timedelta(days=int(other) * (-1 if isinstance(node, exp.Sub) else 1))
    above, below = _number(one), _number(other)
    return above + below if isinstance(node, exp.Add) else above - below if isinstance(node, exp.Sub) else above * below


def _number(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    raise NotReckoned(type(value).__name__)


def _plain(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
