"""From a checked formula to SQL: for DuckDB within one statement, for Spark as the same expression.

Everything here works on copies of trees that ``formula`` has checked; nothing is parsed and no text of a user is pasted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from sqlglot import exp

from qingyuan.indicators.formula import AGGREGATES, DIALECT, Formula


def narrowed(formula: Formula, where: Formula | None) -> exp.Expr:
    """The tree with ``where`` added to the filter of each aggregate, so that terms with different conditions share a scan."""
    tree = formula.tree.copy()
    if where is None:
        return tree
    holder = exp.Paren(this=tree)
    for node in list(holder.find_all(*AGGREGATES)):
        condition = exp.paren(where.tree.copy())
        parent = node.parent
        if isinstance(parent, exp.Filter):
            parent.set("expression", exp.Where(this=exp.and_(parent.expression.this, condition)))
        else:
            node.replace(exp.Filter(this=node.copy(), expression=exp.Where(this=condition)))
    inner = holder.this
    return inner if isinstance(inner, exp.Expr) else tree


@dataclass(frozen=True)
class TwoSteps:
    """Aggregates per division first (``inner``: name and tree), then the same figures from those (``outer``, over ``i``)."""

    inner: tuple[tuple[str, exp.Expr], ...]
    outer: tuple[exp.Expr, ...]


def in_two_steps(trees: Sequence[exp.Expr]) -> TwoSteps | None:
    """The trees as totals of totals, so that a fact is touched once however many places it counts towards.

    None where that is not the same figure: distinct counts, means and medians need the facts themselves.
    """
    inner: dict[str, tuple[str, exp.Expr]] = {}
    outer = []
    for tree in trees:
        holder = exp.Paren(this=tree.copy())
        for node in list(holder.find_all(*AGGREGATES)):
            if isinstance(node, (exp.Avg, exp.Median)) or isinstance(node.this, exp.Distinct):
                return None
            step = node.parent if isinstance(node.parent, exp.Filter) else node
            name, _first = inner.setdefault(step.sql(dialect=DIALECT), (f"a{len(inner)}", step.copy()))
            again = exp.Sum if isinstance(node, (exp.Sum, exp.Count)) else type(node)
            step.replace(again(this=exp.column(name, table="i", quoted=True)))
        outer.append(holder.this)
    return TwoSteps(inner=tuple(inner.values()), outer=tuple(outer))


def row_condition(formula: Formula, where: Formula | None) -> exp.Expr:
    """True for the facts that move the formula's figure: inside a filter, and not adding nought or nothing."""
    parts: list[exp.Expr] = []
    for node in formula.aggregates:
        needs = [*_argument_counts(node)]
        if isinstance(node.parent, exp.Filter):
            needs.append(exp.paren(node.parent.expression.this.copy()))
        parts.append(reduce(exp.and_, needs) if needs else exp.true())
    condition: exp.Expr = exp.paren(reduce(exp.or_, parts))
    return exp.and_(condition, exp.paren(where.tree.copy())) if where is not None else condition


def _argument_counts(node: exp.Expr) -> Iterator[exp.Expr]:
    argument = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    if isinstance(argument, (exp.Star, exp.Literal)):
        return
    yield exp.Not(this=exp.Is(this=exp.paren(argument.copy()), expression=exp.null()))
    if isinstance(node, exp.Sum):
        yield exp.NEQ(this=exp.paren(argument.copy()), expression=exp.Literal.number(0))


def to_sql(tree: exp.Expr, *, alias: str = "f", dialect: str = DIALECT) -> str:
    """SQL of a checked tree: columns of ``alias``, the question's days of ``p``, division on doubles, NULL over nought."""
    placed = _alike_everywhere(tree).transform(_placed, alias)
    return placed.sql(dialect=dialect, comments=False)


def to_spark(formula: Formula) -> str:
    """The same expression for Spark over the same files, where one machine is outgrown (named parameters stay)."""
    return _alike_everywhere(formula.tree).sql(dialect="spark", comments=False)


def _placed(node: exp.Expr, alias: str) -> exp.Expr:
    if isinstance(node, exp.Column) and not node.table:
        return exp.column(node.name.lower(), table=alias, quoted=True)
    if isinstance(node, exp.Placeholder):
        return exp.column(str(node.this), table="p", quoted=True)
    return node


def _alike_everywhere(tree: exp.Expr) -> exp.Expr:
    """Engines differ on whole-number division, on division by nought and on the median of decimals (DuckDB keeps their four
    places); ours is a double, unknown, and a double."""
    holder = exp.Paren(this=tree.copy())
    for middle in list(holder.find_all(exp.Median)):
        middle.set("this", exp.cast(exp.paren(middle.this.copy()), "double"))
    for node in reversed(list(holder.find_all(exp.Div, bfs=False))):
        above = exp.cast(exp.paren(node.this.copy()), "double")
        below = exp.Nullif(this=exp.paren(node.expression.copy()), expression=exp.Literal.number(0))
        node.replace(exp.Div(this=above, expression=below, typed=False, safe=False))
    inner = holder.this
    return inner if isinstance(inner, exp.Expr) else tree
