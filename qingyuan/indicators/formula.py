"""Indicator formulas: SQL aggregate expressions, parsed and checked against a whitelist before anything is run.

A formula is never pasted into a statement. It is parsed to a tree, every node of the tree must be of a kind listed here,
every column must be declared by the fact table, and the statement is generated from the tree. What is not listed does not
exist: no sub-query, no function that reads a file, no setting, no window, no second statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from sqlglot import exp, tokenize
from sqlglot import parse as parse_sql
from sqlglot.errors import SqlglotError

DIALECT: Final = "duckdb"
MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 40

#: Columns every fact has, whatever its table declares.
BASE_COLUMNS: Final[Mapping[str, str]] = {
    "row_id": "text",
    "happened_on": "date",
    "until": "date",
    "division_id": "integer",
    "unit_id": "integer",
}
#: What a formula may know about the question. ``period_end`` is the day after the last; ``read_day`` is the last day of
#: the period that has come; ``as_of`` is the day the question is asked for.
PARAMETERS: Final = ("period_start", "period_last", "period_end", "read_day", "as_of")

AGGREGATES: Final = (exp.Sum, exp.Count, exp.Min, exp.Max, exp.Avg, exp.Median)
_STRUCTURE: Final = frozenset(
    {exp.Filter, exp.Where, exp.Distinct, exp.Star, exp.Paren, exp.Identifier, exp.Column, exp.Placeholder, exp.Literal}
)
_ARITHMETIC: Final = frozenset({exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg})
_LOGIC: Final = frozenset(
    {exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.And, exp.Or, exp.Not, exp.In, exp.Between, exp.Is}
)
_SCALARS: Final = frozenset(
    {exp.Case, exp.If, exp.Coalesce, exp.DateDiff, exp.Null, exp.Boolean, exp.Cast, exp.DataType, exp.Var}
)
ALLOWED: Final = frozenset(AGGREGATES) | _STRUCTURE | _ARITHMETIC | _LOGIC | _SCALARS
_DATE_UNITS: Final = frozenset({"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"})
_ALLOWED_WORDS: Final = (
    "sum、count、count(distinct …)、min、max、avg、median、filter (where …)、加减乘除、比较、and/or/not、in、between、"
    "is null、case、coalesce、date_diff、date '2022-01-01'"
)


class BadFormula(ValueError):
    """The formula is refused. ``position`` is the 1-based character it is about; the message says what is allowed."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True, eq=False)
class Formula:
    """A checked expression. ``tree`` is private to this package: change copies only."""

    text: str
    tree: exp.Expr
    columns: frozenset[str]
    parameters: frozenset[str]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def aggregates(self) -> tuple[exp.Expr, ...]:
        return tuple(node for node in self.tree.walk() if isinstance(node, AGGREGATES))

    @property
    def counts_or_sums(self) -> bool:
        """Whether rows or amounts are added up, as against looked at (average, median, extreme)."""
        return any(isinstance(node, (exp.Sum, exp.Count)) for node in self.aggregates)

    @property
    def is_plain_total(self) -> bool:
        """One sum or count, so that over no rows it is nought and not unknown."""
        bare = _bare(self.tree)
        return isinstance(bare, (exp.Sum, exp.Count))

    @property
    def adds_up(self) -> bool:
        """One sum or count without distinct: the places' figures add up to the whole's."""
        bare = _bare(self.tree)
        return isinstance(bare, exp.Sum) or (isinstance(bare, exp.Count) and not isinstance(bare.this, exp.Distinct))


def parse_aggregate(text: str, columns: Mapping[str, str]) -> Formula:
    """A term of an indicator: every column inside an aggregate, no aggregate inside another.

    Raises:
        BadFormula: with the position and what is allowed instead.
    """
    tree = _checked(text, columns)
    _check_levels(text, tree)
    return _formula(text, tree)


def parse_condition(text: str, columns: Mapping[str, str]) -> Formula:
    """A row condition (``where``): true or false per fact, no aggregate.

    Raises:
        BadFormula: with the position and what is allowed instead.
    """
    tree = _checked(text, columns)
    for node in tree.walk():
        if isinstance(node, (*AGGREGATES, exp.Filter, exp.Star, exp.Distinct)):
            raise _refusal(text, node, _("条件里不能有汇总函数，请写成逐行的比较"))
    if not isinstance(_unwrapped(tree), (*_LOGIC_TYPES, exp.Column, exp.Boolean)):
        raise _refusal(text, tree, _("条件要是一个判断，例如 outcome = 'done'"))
    return _formula(text, tree)


_NO_AMOUNT: Final = (*AGGREGATES, exp.Filter, exp.Star, exp.Distinct, exp.DateDiff, exp.Cast, exp.Placeholder, exp.Var)


def parse_amount(text: str, names: Collection[str]) -> Formula:
    """A number reckoned from named amounts (a clause of a score sheet): the same whitelist without rows, dates and parameters.

    Raises:
        BadFormula: with the position and what is allowed instead.
    """
    tree = _checked(text, dict.fromkeys((name.lower() for name in names), "decimal"))
    known = {name.lower() for name in names}
    for node in tree.walk():
        is_text = isinstance(node, exp.Literal) and node.is_string
        if is_text or isinstance(node, _NO_AMOUNT):
            what = _("这里只能用取数名、数字、加减乘除、比较和 case，不能写“%(what)s”")
            raise _refusal(text, node, what % {"what": _excerpt(node)})
        if isinstance(node, exp.Column) and node.name.lower() not in known:
            what = _("没有“%(name)s”这个取数。可以用：%(names)s")
            raise _refusal(text, node, what % {"name": node.name, "names": "、".join(names)})
    return _formula(text, tree)


def _formula(text: str, tree: exp.Expr) -> Formula:
    names = frozenset(column.name.lower() for column in tree.find_all(exp.Column))
    parameters = frozenset(str(node.this) for node in tree.find_all(exp.Placeholder))
    return Formula(text=text, tree=tree, columns=names, parameters=parameters)


_LOGIC_TYPES: Final = tuple(_LOGIC)


def _checked(text: str, columns: Mapping[str, str]) -> exp.Expr:
    tree = _parsed(text)
    known = {**BASE_COLUMNS, **columns}
    for node, depth in _with_depth(tree):
        if depth > MAX_DEPTH:
            raise _refusal(text, node, _("公式嵌套太深，请拆成几个部分"))
        if type(node) not in ALLOWED:
            what = _("这里不能写“%(what)s”。可以用：%(allowed)s")
            raise _refusal(text, node, what % {"what": _excerpt(node), "allowed": _ALLOWED_WORDS})
        _check_node(text, node, known)
    return tree


def _parsed(text: str) -> exp.Expr:
    if not text.strip():
        raise BadFormula(_("公式是空的，请写一个汇总表达式，例如 count(*)"), 1)
    if len(text) > MAX_LENGTH:
        raise BadFormula(_("公式超过 %(most)d 个字符，请拆成几个部分") % {"most": MAX_LENGTH}, MAX_LENGTH)
    try:
        if any(token.text == ";" for token in tokenize(text, read=DIALECT)):
            raise BadFormula(_("公式只能是一个表达式，不能有分号"), text.find(";") + 1)
        trees = [tree for tree in parse_sql(text, read=DIALECT) if tree is not None]
    except SqlglotError as error:
        position = _error_position(error, text)
        raise BadFormula(_("第 %(at)d 个字符处读不懂，请检查括号和引号") % {"at": position}, position) from None
    except RecursionError:
        raise BadFormula(_("公式嵌套太深，请拆成几个部分"), 1) from None
    if len(trees) != 1:
        raise BadFormula(_("公式只能是一个表达式"), 1)
    return trees[0]


def _error_position(error: SqlglotError, text: str) -> int:
    details = getattr(error, "errors", None) or [{}]
    line, col = details[0].get("line"), details[0].get("col")
    if not isinstance(line, int) or not isinstance(col, int):
        return 1
    before = text.splitlines(keepends=True)[: line - 1]
    return max(1, min(len(text), sum(map(len, before)) + col))


def _check_node(text: str, node: exp.Expr, known: Mapping[str, str]) -> None:
    if isinstance(node, exp.Column):
        _check_column(text, node, known)
    elif isinstance(node, exp.Placeholder):
        if node.this not in PARAMETERS:
            names = "、".join(f":{name}" for name in PARAMETERS)
            raise _refusal(text, node, _("没有这个参数。可以用：%(names)s") % {"names": names})
    elif isinstance(node, exp.Distinct):
        if not isinstance(node.parent, exp.Count) or len(node.expressions) != 1 or node.args.get("on"):
            raise _refusal(text, node, _("distinct 只能写成 count(distinct 一个列)"))
    elif isinstance(node, exp.Star):
        if not isinstance(node.parent, exp.Count) or any(value for value in node.args.values()):
            raise _refusal(text, node, _("星号只能写在 count(*) 里"))
    elif isinstance(node, exp.In):
        if node.args.get("query") or node.args.get("unnest") or node.args.get("field") or not node.expressions:
            raise _refusal(text, node, _("in 后面只能是列出的值，例如 in ('a', 'b')"))
    elif isinstance(node, exp.Is):
        if not isinstance(node.expression, (exp.Null, exp.Boolean)):
            raise _refusal(text, node, _("is 后面只能是 null、true 或 false"))
    elif isinstance(node, exp.Cast):
        literal = isinstance(node.this, exp.Literal) and node.this.is_string
        if not literal or not node.to.is_type(exp.DType.DATE):
            raise _refusal(text, node, _("类型转换只能写日期，例如 date '2022-01-01'"))
    elif isinstance(node, exp.Var):
        if not isinstance(node.parent, exp.DateDiff) or node.name.upper() not in _DATE_UNITS:
            raise _refusal(text, node, _("date_diff 的单位只能是 day、week、month、quarter、year"))


def _check_column(text: str, node: exp.Column, known: Mapping[str, str]) -> None:
    if node.args.get("table") or node.args.get("join_mark"):
        raise _refusal(text, node, _("列名前不写表名"))
    if node.name.lower() not in known:
        what = _("没有“%(name)s”这一列。可以用：%(names)s")
        raise _refusal(text, node, what % {"name": node.name, "names": "、".join(known)})


def _check_levels(text: str, tree: exp.Expr) -> None:
    """Columns only inside aggregates, filters only around them, none inside another."""
    if not any(isinstance(node, AGGREGATES) for node in tree.walk()):
        raise _refusal(text, tree, _("公式里至少要有一个汇总函数，例如 count(*)"))
    for node in tree.walk():
        inside = node.find_ancestor(*AGGREGATES)
        if isinstance(node, AGGREGATES) and inside is not None:
            raise _refusal(text, node, _("汇总函数里不能再套汇总函数"))
        if isinstance(node, AGGREGATES) and isinstance(node.find_ancestor(exp.Where), exp.Where):
            raise _refusal(text, node, _("filter 里不能有汇总函数"))
        if isinstance(node, exp.Filter) and not isinstance(node.this, AGGREGATES):
            raise _refusal(text, node, _("filter 只能跟在汇总函数后面"))
        if isinstance(node, exp.Where) and not isinstance(node.parent, exp.Filter):
            raise _refusal(text, node, _("where 只能写在 filter ( ) 里"))
        if isinstance(node, exp.Column) and inside is None and node.find_ancestor(exp.Where) is None:
            raise _refusal(text, node, _("列“%(name)s”要放在汇总函数里面") % {"name": node.name})


def _with_depth(tree: exp.Expr) -> Iterator[tuple[exp.Expr, int]]:
    pending = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        pending.extend((child, depth + 1) for child in node.iter_expressions())


def _refusal(text: str, node: exp.Expr, reason: str) -> BadFormula:
    position = _position(text, node)
    return BadFormula(_("第 %(at)d 个字符：%(reason)s。") % {"at": position, "reason": reason.rstrip("。")}, position)


def _position(text: str, node: exp.Expr) -> int:
    """1-based place of the first token of ``node``; found by its text where the parser kept no position."""
    starts = [int(part.meta["start"]) for part in node.walk() if "start" in part.meta]
    if starts:
        return min(starts) + 1
    written = f":{node.this}" if isinstance(node, exp.Placeholder) else _excerpt(node)
    found = text.lower().find(written.lower())
    return found + 1 if found >= 0 else 1


def _excerpt(node: exp.Expr) -> str:
    return node.sql(dialect=DIALECT)[:40]


def _unwrapped(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _bare(node: exp.Expr) -> exp.Expr:
    """The aggregate inside brackets and filters."""
    while isinstance(node, (exp.Paren, exp.Filter)):
        node = node.this
    return node
