"""The procedure of a return as a table, and the checks of its cells. Pure."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.governance.enums import Move, ReturnState

Cells = Mapping[str, Decimal | None]
LARGEST: Final = Decimal(10) ** 12
_MOST_DIGITS: Final = 15


class MoveRefused(ValueError):
    """The step cannot be taken from where the return stands; the message says what can."""


class BadCheck(ValueError):
    """A form's check expression uses more than cells, whole numbers, + − and one comparison."""


class Who(StrEnum):
    """FILLER: who keeps the unit's returns. REVIEWER: the level it waits at. OFFICE: the commission's office."""

    FILLER = "filler"
    REVIEWER = "reviewer"
    OFFICE = "office"


@dataclass(frozen=True)
class Transition:
    """One step: from where, to where, who may, whether a reason must be given. ``top`` True = only at the last level,
    False = only below it, None = anywhere."""

    from_state: ReturnState
    step: Move
    to_state: ReturnState
    who: Who
    needs_reason: bool = False
    top: bool | None = None


S = ReturnState
PROCEDURE: Final = (
    Transition(S.DRAFT, Move.SAVE, S.DRAFT, Who.FILLER),
    Transition(S.SENT_BACK, Move.SAVE, S.DRAFT, Who.FILLER),
    Transition(S.DRAFT, Move.SUBMIT, S.SUBMITTED, Who.FILLER),
    Transition(S.SUBMITTED, Move.SEND_BACK, S.SENT_BACK, Who.REVIEWER, needs_reason=True),
    Transition(S.SUBMITTED, Move.APPROVE, S.SUBMITTED, Who.REVIEWER, top=False),
    Transition(S.SUBMITTED, Move.APPROVE, S.APPROVED, Who.REVIEWER, top=True),
    Transition(S.APPROVED, Move.SEND_BACK, S.SENT_BACK, Who.OFFICE, needs_reason=True),
    Transition(S.APPROVED, Move.LOCK, S.LOCKED, Who.OFFICE),
    # A locked return never changes: a correction is a new version beside it.
    Transition(S.LOCKED, Move.CORRECT, S.DRAFT, Who.FILLER, needs_reason=True),
    # Asking for a return moves nothing; it stands in the unit's list of work and in the return's history.
    Transition(S.DRAFT, Move.REMIND, S.DRAFT, Who.OFFICE),
    Transition(S.SENT_BACK, Move.REMIND, S.SENT_BACK, Who.OFFICE),
)


def transition(state: str, step: Move, *, at_top: bool, reason: str) -> Transition:
    """The row of the table that lets ``step`` be taken. Raises MoveRefused."""
    for row in PROCEDURE:
        if row.from_state == state and row.step == step and row.top in (None, at_top):
            if row.needs_reason and not reason.strip():
                raise MoveRefused(_("“%(step)s”要写明理由，理由随报表保存。") % {"step": step.label})
            return row
    possible = "、".join(str(row.label) for row in steps_from(state)) or _("查看")
    words = _("报表现在是“%(state)s”，不能“%(step)s”；可以：%(possible)s。")
    raise MoveRefused(words % {"state": ReturnState(state).label, "step": step.label, "possible": possible})


def steps_from(state: str) -> list[Move]:
    """What can be done with a return in this state, each once, in the table's order."""
    return list(dict.fromkeys(row.step for row in PROCEDURE if row.from_state == state))


def why_not_remind(*, due_on: date, reminded_on: date | None, today: date) -> str:
    """Why the office does not ask for a return now: its day has not come, or it was asked for today. "" when it may."""
    if today < due_on:
        return _("期限 %(day)s 还没到,到期没有报再催。") % {"day": due_on.isoformat()}
    if reminded_on is not None and reminded_on >= today:
        return _("今天已经催过,明天还没有报再催。")
    return ""


@dataclass(frozen=True)
class Cell:
    """One number of a form. ``coercive``: it counts cases or people, so it is shown and never scored (mission line 3)."""

    code: str
    title: str
    unit: str
    coercive: bool
    decimals: int = 0
    help: str = ""


@dataclass(frozen=True)
class Check:
    """A relation the numbers must keep: ``handled >= relapsed``."""

    expression: str
    message: str


def read_number(text: str | int | Decimal | None) -> Decimal | None:
    """A typed number; None for an empty cell. Raises ValueError for anything else."""
    if text is None or (isinstance(text, str) and not text.strip()):
        return None
    written = str(text).strip().replace(",", "").replace("，", "")
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise ValueError(written) from None
    # 1e999999 is a number too, and would be a gigabyte of zeros once written out.
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS or int(number.as_tuple().exponent) < -_MOST_DIGITS:
        raise ValueError(written)
    return number


def check_cells(cells: tuple[Cell, ...], checks: tuple[Check, ...], values: Cells) -> list[Problem]:
    """Everything wrong with the numbers, cell by cell and then between cells; empty when they may be submitted."""
    problems = [problem for cell in cells for problem in _cell(cell, values.get(cell.code))]
    unknown = sorted(set(values) - {cell.code for cell in cells})
    problems += [Problem(code, "", "", _("这张表没有这一格。")) for code in unknown]
    if problems:
        return problems
    for check in checks:
        names = names_in(check.expression)
        if not holds(check.expression, values):
            problems.append(Problem(names[0], "", str(values.get(names[0])), check.message, check.expression))
    return problems


def _cell(cell: Cell, value: Decimal | None) -> list[Problem]:
    if value is None:
        return [Problem(cell.code, "", "", _("“%(title)s”没有填，没有发生请填 0。") % {"title": cell.title})]
    shown = str(value)
    if value < 0 or value >= LARGEST:
        return [Problem(cell.code, "", shown, _("“%(title)s”不是合理的数，请核对。") % {"title": cell.title})]
    if value != round(value, cell.decimals):
        words = _("“%(title)s”最多 %(places)s 位小数。") % {"title": cell.title, "places": cell.decimals}
        return [Problem(cell.code, "", shown, words)]
    return []


_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Decimal, Decimal], bool]]] = {
    ast.GtE: operator.ge,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
    ast.Eq: operator.eq,
}


def holds(expression: str, values: Cells) -> bool:
    """Whether the numbers keep the relation; every named cell must have one. Raises BadCheck."""
    node = _parse(expression)
    compare = _COMPARISONS.get(type(node.ops[0]))
    if compare is None:
        raise BadCheck(expression)
    return compare(_amount(node.left, values, expression), _amount(node.comparators[0], values, expression))


def names_in(expression: str) -> list[str]:
    """The cells a check names, in reading order. Raises BadCheck."""
    nodes = [node for node in ast.walk(_parse(expression)) if isinstance(node, ast.Name)]
    return [node.id for node in sorted(nodes, key=lambda node: node.col_offset)]


def _parse(expression: str) -> ast.Compare:
    try:
        node = ast.parse(expression, mode="eval").body
    except SyntaxError:
        raise BadCheck(expression) from None
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        raise BadCheck(expression)
    return node


def _amount(node: ast.expr, values: Cells, expression: str) -> Decimal:
    match node:
        case ast.Name(id=name):
            value = values.get(name)
            if value is None:
                raise BadCheck(expression)
            return value
        case ast.Constant(value=int() as number):
            return Decimal(number)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _amount(left, values, expression) + _amount(right, values, expression)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _amount(left, values, expression) - _amount(right, values, expression)
    raise BadCheck(expression)
