"""The score page as values: tiles, groups, clauses, and the explanation of each clause that stands open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.governance.models import Letter
from qingyuan.governance.queries.score import Drill, ExplainedClause, ExplainedGroup, LetterScore, score_letter
from qingyuan.governance.scoring.tree import ClauseState, InputUsed
from qingyuan.governance.scoring.words_for_few import WITHHELD
from qingyuan.organisation.actor import Actor
from qingyuan.web.letters import clause_words, opens
from qingyuan.web.letters.late import late_since_closing
from qingyuan.web.letters.manual import Book, Given, book_of
from qingyuan.web.letters.peers import Beside, beside
from qingyuan.web.letters.phrases import graded, phrased
from qingyuan.web.letters.tiles import GradeTile, ScoreTile, grade_tile, score_tile
from qingyuan.web.letters.words import points_text, span_text
from qingyuan.web.shapes import Closed

SHEET_ORDER = "sheet"
_POOR = Decimal("0.6")


@dataclass(frozen=True)
class NumberLine:
    """A number the clause read: which indicator, what it says, where it opens. ``late``: the months that are closed there,
    what they said when they were closed and what came in since; "" where the two are the same."""

    head: str
    words: str
    href: str
    note: str
    late: str
    openings: tuple[opens.Opening, ...]


@dataclass(frozen=True)
class Why:
    """Clause → rule → number → rows, for a clause standing open. ``few``: its numbers are closed to this reader."""

    rule_head: str
    rule: str
    arithmetic: str
    text: str
    numbers: tuple[NumberLine, ...]
    given: tuple[Given, ...]
    few: Closed | None
    readings: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class ClauseRow:
    """One line of the sheet. ``held_out``: why a clause is kept and not counted.

    ``word`` stands where the points are closed; ``counts_as`` is its range in points,
    ``low`` and ``width`` draw it in per cent."""

    id: str
    anchor: str
    title: str
    facts: str
    points: str
    of: str
    bar: Decimal | None
    bar_of: Decimal
    tone: str
    bar_words: str
    word: str
    counts_as: str
    low: Decimal
    width: Decimal
    waiting: bool
    held_out: str
    toggle: str
    why: Why | None


@dataclass(frozen=True)
class GroupRows:
    title: str
    points: str
    of: str
    rows: tuple[ClauseRow, ...]


@dataclass(frozen=True)
class Loss:
    """Where points are lost, the most first; ``toggle`` opens the clause."""

    title: str
    lost: str
    facts: str
    toggle: str


@dataclass(frozen=True)
class ScorePage:
    score: LetterScore
    tile: ScoreTile
    grade: GradeTile
    beside: Beside
    groups: tuple[GroupRows, ...]
    vetoes: tuple[ClauseRow, ...]
    count: int
    closed: int
    losses: tuple[Loss, ...]
    waiting: tuple[ClauseRow, ...]
    other_order: str
    by_sheet: bool
    open_ids: str
    order: str
    lines: tuple[str, ...]


def score_page(
    letter: Letter, on: date, reader: Actor, *, opened: Collection[str] | None = (), order: str = ""
) -> ScorePage:
    """``opened``: ids of the clauses explained, None = all of them. Raises as governance.queries.score.score_letter."""
    score = score_letter(letter, on, reader)
    known = [clause.id for clause in (*score.clauses, *score.vetoes)]
    sheet = _Sheet(
        score,
        reader,
        on,
        [name for name in known if opened is None or name in opened],
        order,
        book_of(letter, reader, on),
    )
    groups = list(score.groups) if order == SHEET_ORDER else sorted(score.groups, key=_lost_first)
    rows = tuple(sheet.group(group) for group in groups)
    flat = [row for group in rows for row in group.rows]
    return ScorePage(
        score=score,
        tile=score_tile(score, reader),
        grade=grade_tile(score),
        beside=beside(letter, on, reader),
        groups=rows,
        vetoes=tuple(sheet.row(clause) for clause in score.vetoes),
        count=len(score.clauses),
        closed=sum(1 for clause in score.clauses if clause.hidden),
        losses=tuple(sheet.loss(clause) for clause in score.losses[:4]),
        waiting=tuple(row for row in flat if row.waiting),
        other_order=sheet.address(sheet.opened, "" if order == SHEET_ORDER else SHEET_ORDER),
        by_sheet=order == SHEET_ORDER,
        open_ids=",".join(sheet.opened),
        order=order,
        lines=tuple(map(phrased, score.lines)),
    )


def _lost_first(group: ExplainedGroup) -> Decimal:
    """The group that lost most first."""
    return -sum((_lost(clause) for clause in group.clauses), Decimal(0))


def _clause_lost_first(clause: ExplainedClause) -> Decimal:
    return -_lost(clause)


def _lost(clause: ExplainedClause) -> Decimal:
    """Points lost; of what is closed, what may have been; of what has no number yet, none."""
    return clause.of - clause.low if clause.lost is not None or clause.hidden else Decimal(0)


@dataclass(frozen=True)
class _Sheet:
    """What all rows of one page share."""

    score: LetterScore
    reader: Actor
    on: date
    opened: Sequence[str]
    order: str
    book: Book

    def group(self, group: ExplainedGroup) -> GroupRows:
        clauses = list(group.clauses) if self.order == SHEET_ORDER else sorted(group.clauses, key=_clause_lost_first)
        rows = tuple(self.row(clause) for clause in clauses)
        return GroupRows(said(group.title), span_text(group.low, group.high), points_text(group.of), rows)

    def row(self, clause: ExplainedClause) -> ClauseRow:
        share = (clause.points or Decimal(0)) / clause.of if clause.of else Decimal(1)
        scored = clause.points is not None
        given = self.book.of(clause)
        return ClauseRow(
            id=clause.id,
            anchor=clause_words.anchor_of(clause.id),
            title=said(clause.title),
            facts=clause_words.facts(clause, given),
            points=points_text(clause.points) if clause.points is not None else "",
            of=points_text(clause.of),
            bar=clause.points,
            bar_of=clause.of,
            tone="" if not scored else "good" if share >= 1 else "soon" if share >= _POOR else "late",
            bar_words=clause_words.bar_words(clause),
            word=_("不公开") if clause.word == WITHHELD else graded(clause.word),
            counts_as=span_text(clause.low, clause.high) if clause.hidden else "",
            low=clause.low / clause.of * 100 if clause.hidden and clause.of else Decimal(0),
            width=(clause.high - clause.low) / clause.of * 100 if clause.hidden and clause.of else Decimal(0),
            waiting=not scored and not clause.hidden and clause.state is not ClauseState.REFUSED,
            held_out=clause.lines[0] if clause.state is ClauseState.REFUSED and clause.lines else "",
            toggle=self.toggled(clause.id),
            why=self._why(clause, given) if clause.id in self.opened else None,
        )

    def loss(self, clause: ExplainedClause) -> Loss:
        lost = points_text(clause.lost or Decimal(0))
        return Loss(
            said(clause.title),
            f"−{lost}",
            clause_words.facts(clause, self.book.of(clause), brief=True),
            self._opened_with(clause.id),
        )

    def toggled(self, clause_id: str) -> str:
        rest = [name for name in self.opened if name != clause_id]
        return self.address(rest if clause_id in self.opened else [*self.opened, clause_id], self.order)

    def _opened_with(self, clause_id: str) -> str:
        rest = [name for name in self.opened if name != clause_id]
        return self.address([*rest, clause_id], self.order)

    def address(self, opened: Sequence[str], order: str) -> str:
        query = {name: value for name, value in (("open", ",".join(opened)), ("order", order)) if value}
        return f"?{urlencode(query, safe=',')}" if query else "?"

    def _why(self, clause: ExplainedClause, given: Sequence[Given]) -> Why:
        version = self.score.letter.scheme.version
        return Why(
            rule_head=_("规则 · 条款 %(id)s 第 %(version)s 版 · %(kind)s")
            % {"id": clause.id, "version": version, "kind": phrased(clause.rule_title)},
            rule=phrased(clause.rule),
            arithmetic=phrased(clause.arithmetic),
            text=clause.text,
            numbers=() if clause.hidden else self._numbers(clause),
            given=tuple(given),
            few=opens.few_people(self.score.letter.unit.name) if clause.hidden else None,
            readings=tuple(
                phrased(reading.words)
                + ":"
                + (points_text(reading.points) if reading.points is not None else _("不适用"))
                for reading in clause.readings
            ),
            basis=clause_words.basis(clause),
        )

    def _numbers(self, clause: ExplainedClause) -> tuple[NumberLine, ...]:
        pairs = zip(clause.inputs, clause.drills, strict=True)
        return tuple(self._number(item, drill) for item, drill in pairs if drill.source != "manual")

    def _number(self, item: InputUsed, drill: Drill) -> NumberLine:
        division = self.score.letter.division
        return NumberLine(
            head=clause_words.number_head(item, drill),
            words=phrased(item.words),
            href=opens.indicator_href(drill, division),
            note=clause_words.number_note(item, drill),
            late=late_since_closing(drill, division, self.reader, self.on),
            openings=tuple(opens.openings(drill, division, self.reader, self.on)),
        )
