"""Counting for every page: the questions of all sources become one statement, whose words are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Value
from django.db.models.expressions import Combinable

from qingyuan.foundation import clock
from qingyuan.organisation.actor import Actor

EVERY_ROW: Final = Count("pk")
MOST_KEPT: Final = 4_000


@dataclass(frozen=True)
class Tally:
    """How many ``rows`` there are, each being one to-do; ``of`` counts otherwise, ``most`` 1 = all of them are one line."""

    rows: Any
    of: Combinable = EVERY_ROW
    most: int | None = None


@dataclass(frozen=True)
class Question:
    """A tally in the words of the database: a statement that answers with one number, or with no row for none."""

    sql: str
    params: tuple[Any, ...]
    most: int | None = None

    def capped(self, found: int) -> int:
        return found if self.most is None else min(found, self.most)


Part = Tally | Question | int
Pressing = Callable[[Actor, date], Iterable[Part]]


def total(parts: Iterable[Part]) -> int:
    """The sum of all parts; those that ask the database ask it together, in one query."""
    known, asked = 0, list[Question]()
    for part in parts:
        if isinstance(part, int):
            known += part
        elif (question := part if isinstance(part, Question) else worded(part)) is not None:
            asked.append(question)
    return known + sum(asked[number].capped(found) for number, found in _answers(asked))


def worded(tally: Tally) -> Question | None:
    """None for a question that can find nothing."""
    # The value keeps the count a count of all rows: without it an empty table would answer with no row.
    rows = tally.rows.order_by().values(part=Value(0)).annotate(found=tally.of).values_list("found")
    try:
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return Question(sql, tuple(params), tally.most)


def _answers(asked: list[Question]) -> Iterable[tuple[int, int]]:
    if not asked:
        return ()
    parts = [f"SELECT {number}, one.* FROM ({question.sql}) AS one" for number, question in enumerate(asked)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [param for question in asked for param in question.params])
        return [(int(number), int(found)) for number, found in cursor.fetchall()]


_kept: OrderedDict[tuple[Any, ...], tuple[Question, ...]] = OrderedDict()


def kept(pressing: Pressing, actor: Actor, on: date) -> Iterable[Part]:
    """What ``pressing`` asks for ``actor`` on that day, in the words it was put into before.

    Putting a question into words costs ten times what answering it does. The words are kept, never the answer, by all that
    goes into them: who asks, the day, the emergency looks that are live now. What sent a statement meanwhile is not kept.
    """
    key = (pressing, connection.vendor, actor, _live(actor), on)
    found = _kept.get(key)
    if found is not None:
        _kept.move_to_end(key)
        return found
    sent = _Sent()
    with connection.execute_wrapper(sent):
        parts = list(pressing(actor, on))
        questions = tuple(one for part in parts if isinstance(part, Tally) and (one := worded(part)) is not None)
    if sent.any or not all(isinstance(part, Tally) for part in parts):
        return parts
    _kept[key] = questions
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return questions


def forget() -> None:
    """Put all questions anew, as when what is fixed for a process (the policy, a bar) was changed under it by a test."""
    _kept.clear()


def _live(actor: Actor) -> frozenset[UUID]:
    now = clock.now()
    return frozenset(one.look_id for one in actor.opened if one.until > now)


class _Sent:
    """Notices whether a statement was sent."""

    def __init__(self) -> None:
        self.any = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.any = True
        return execute(sql, params, many, context)
