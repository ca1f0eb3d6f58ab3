"""Expressions over a clause's amounts: the whitelist indicators are checked by, reckoned exactly in decimals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from sqlglot import exp

from qingyuan.governance.scoring.numbers import ZERO
from qingyuan.indicators.formula import BadFormula, parse_amount

Value = Decimal | bool | None
_ARITHMETIC: Final[dict[type[exp.Expr], Callable[[Decimal, Decimal], Decimal]]] = {
    exp.Add: lambda a, b: a + b,
    exp.Sub: lambda a, b: a - b,
    exp.Mul: lambda a, b: a * b,
}
_COMPARED: Final[dict[type[exp.Expr], Callable[[Decimal, Decimal], bool]]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
}


class BadExpression(ValueError):
    """The expression is refused; the message says what is allowed, and at which character."""


class Undefined(ArithmeticError):
    """There is no value: a division by nothing, or no branch that holds."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. `names` are the amounts it reads, `divides` whether it divides by more than a written number."""

    text: str
    names: frozenset[str]
    divides: bool
    tree: exp.Expr

    def value(self, amounts: Mapping[str, Decimal]) -> Decimal:
        """Raises Undefined where there is none, KeyError where an amount is not there."""
        try:
            found = _value(self.tree, amounts)
        except InvalidOperation:
            raise Undefined(f"“{self.text}”的结果太大,算不出来") from None
        if not isinstance(found, Decimal):
            raise Undefined(f"“{self.text}”没有给出数")
        return found


def read_expression(text: str, names: Iterable[str]) -> Expression:
    """Parse and check. Raises BadExpression."""
    return _read(text, tuple(sorted(names)))


@lru_cache(maxsize=512)
def _read(text: str, names: tuple[str, ...]) -> Expression:
    try:
        formula = parse_amount(text, names)
    except BadFormula as error:
        raise BadExpression(str(error)) from None
    by_lower = {name.lower(): name for name in names}
    divides = any(not isinstance(node.expression, exp.Literal) for node in formula.tree.find_all(exp.Div))
    zero = [node for node in formula.tree.find_all(exp.Div) if _is_zero(node.expression)]
    if zero:
        raise BadExpression("除数写成了 0")
    return Expression(text, frozenset(by_lower[name] for name in formula.columns), divides, formula.tree)


def _is_zero(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and Decimal(str(node.this)) == ZERO


def _value(node: exp.Expr, amounts: Mapping[str, Decimal]) -> Value:
    if isinstance(node, exp.Paren):
        return _value(node.this, amounts)
    if isinstance(node, exp.Literal):
        return Decimal(str(node.this))
    if isinstance(node, exp.Column):
        return _amount(node.name, amounts)
    if isinstance(node, (exp.Null, exp.Boolean)):
        return None if isinstance(node, exp.Null) else bool(node.this)
    if isinstance(node, exp.Neg):
        return -_number(node.this, amounts)
    if isinstance(node, exp.Case):
        return _case(node, amounts)
    if isinstance(node, exp.Coalesce):
        return next((found for part in [node.this, *node.expressions] if (found := _value(part, amounts)) is not None), None)
    return _operation(node, amounts)


def _operation(node: exp.Expr, amounts: Mapping[str, Decimal]) -> Value:
    if type(node) in _ARITHMETIC:
        return _ARITHMETIC[type(node)](_number(node.this, amounts), _number(node.expression, amounts))
    if isinstance(node, exp.Div):
        below = _number(node.expression, amounts)
        if not below:
            raise Undefined(f"“{node.expression.sql()}”为零,不能作除数")
        return _number(node.this, amounts) / below
    if type(node) in _COMPARED:
        return _COMPARED[type(node)](_number(node.this, amounts), _number(node.expression, amounts))
    if isinstance(node, (exp.And, exp.Or)):
        left = bool(_value(node.this, amounts))
        return (left and bool(_value(node.expression, amounts))) if isinstance(node, exp.And) else (
            left or bool(_value(node.expression, amounts))
        )
    if isinstance(node, exp.Not):
        return not _value(node.this, amounts)
    if isinstance(node, exp.Between):
        return _number(node.args["low"], amounts) <= _number(node.this, amounts) <= _number(node.args["high"], amounts)
    if isinstance(node, exp.In):
        return _number(node.this, amounts) in [_number(item, amounts) for item in node.expressions]
    return _is(node, amounts)


def _is(node: exp.Expr, amounts: Mapping[str, Decimal]) -> Value:
    """`is null` and `is true`; the whitelist lets nothing else through."""
    left, right = _value(node.this, amounts), _value(node.expression, amounts)
    return left is None if right is None else left is right


def _case(node: exp.Case, amounts: Mapping[str, Decimal]) -> Value:
    for branch in node.args["ifs"]:
        holds = _value(branch.this, amounts)
        if node.this is not None:
            holds = _value(node.this, amounts) == holds
        if holds:
            return _value(branch.args["true"], amounts)
    default = node.args.get("default")
    if default is None:
        raise Undefined("没有一种情形成立,case 里请写 else")
    return _value(default, amounts)


def _number(node: exp.Expr, amounts: Mapping[str, Decimal]) -> Decimal:
    found = _value(node, amounts)
    if not isinstance(found, Decimal):
        raise Undefined(f"“{node.sql()}”不是数")
    return found


def _amount(name: str, amounts: Mapping[str, Decimal]) -> Decimal:
    if name in amounts:
        return amounts[name]
    return next(amount for key, amount in amounts.items() if key.lower() == name.lower())
