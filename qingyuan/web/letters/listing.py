"""The year's letters as a table; the page and the exports show the same cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import letters_visible
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.score import ExplainedClause, LetterScore, scores_of_city
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.web.fair_words import group_text
from qingyuan.web.letters.peers import testing_of
from qingyuan.web.letters.words import grades_text, points_text, span_text, state_text, state_tone

RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One letter: its paper state, and its score as this reader may see it. ``of_unit``: a member unit's, listed apart."""

    letter: Letter
    of_unit: bool
    place: str
    state: str
    tone: str
    signed: str
    points: str
    low: Decimal
    width: Decimal
    exact: bool
    grade: str
    beside: str
    losses: str
    closed: int

    @property
    def cells(self) -> list[str]:
        """As exported: the words of the page."""
        kind = _("成员单位") if self.of_unit else _("乡镇(街道)")
        return [self.place, self.letter.number, self.state, self.signed, self.points, self.grade, self.beside, self.losses, kind]


def headers() -> list[str]:
    return [_("责任单位"), _("文号"), _("状态"), _("签订日期"), _("此刻得分"), _("等次"), _("应检尽检与全市比"), _("失分最多"), _("类别")]


def lines_of(reader: Actor, division: Division, year: int, today: date) -> list[Line]:
    """Live letters under ``division``, towns before member units, in the order of their numbers: never in that of their scores."""
    letters = letters_visible(reader, today).live().of_year(year)
    under = Division.objects.under(division.pk, today)
    wanted = list(letters.filter(division__in=under.values("pk")).order_by("serial"))
    scores = _scores(wanted, year, today, reader)
    beside = _beside(wanted, today, reader)
    lines = [_line(letter, scores.get(letter.pk), beside.get(letter.pk, "—")) for letter in wanted]
    return sorted(lines, key=lambda line: line.of_unit)  # stable: within each kind the order of numbers stays


def _beside(letters: Sequence[Letter], today: date, reader: Actor) -> dict[object, str]:
    """A group instead of a rank: how each town's testing stands beside the others, judged together."""
    found: dict[object, str] = {}
    towns = [letter for letter in letters if not letter.is_of_unit]
    for city in {letter.city_id: letter.city for letter in towns}.values():
        members = [letter for letter in towns if letter.city_id == city.pk]
        on = min(_day(letter, today) for letter in members)
        table = testing_of(city, on, reader)
        for letter in members:
            line = table.of(letter.division_id) if table is not None else None
            if line is not None:
                found[letter.pk] = group_text(line.groups)
    return found


def _day(letter: Letter, today: date) -> date:
    scheme = scheme_of(letter.scheme)
    return min(max(today, scheme.valid_from), scheme.valid_to - timedelta(days=1))


def closed_letters(reader: Actor, division: Division, year: int, today: date) -> list[Letter]:
    """Letters void or replaced, kept as they were issued."""
    under = Division.objects.under(division.pk, today)
    found = letters_visible(reader, today).of_year(year).filter(division__in=under.values("pk"))
    return list(found.exclude(pk__in=letters_visible(reader, today).live().values("pk")).order_by("serial"))


def _scores(letters: Sequence[Letter], year: int, today: date, reader: Actor) -> Mapping[object, LetterScore]:
    """Asked once for each city and day; a letter whose sheet is over is scored on the sheet's last day."""
    asked: dict[tuple[int, date], None] = {}
    for letter in letters:
        asked.setdefault((letter.city_id, _day(letter, today)))
    found: dict[object, LetterScore] = {}
    for city_id, on in asked:
        found.update({score.letter.pk: score for score in scores_of_city(city_id, year, on, reader)})
    return found


def _line(letter: Letter, score: LetterScore | None, beside: str) -> Line:
    exact = score is not None and score.total is not None
    low = score.total if exact and score and score.total is not None else score.low if score else Decimal(0)
    high = low if exact else score.high if score else Decimal(0)
    of = score.of if score and score.of else Decimal(100)
    return Line(
        letter=letter,
        of_unit=letter.is_of_unit,
        place=letter.addressee,
        state=state_text(letter.state),
        tone=state_tone(letter.state),
        signed=letter.signed_on.isoformat() if letter.signed_on else "",
        points=span_text(low, high) if score else "—",
        low=low / of * 100,
        width=(high - low) / of * 100,
        exact=exact,
        grade=grades_text(score.grades) if score else "—",
        beside=beside,
        losses=_losses(score.losses[:2]) if score else "",
        closed=sum(1 for clause in score.clauses if clause.hidden) if score else 0,
    )


def _losses(clauses: Sequence[ExplainedClause]) -> str:
    return "、".join(f"{said(clause.title)} −{points_text(clause.lost or Decimal(0))}" for clause in clauses)


def about(year: int, division: Division, today: date) -> str:
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    day = _("算到 %(day)s") % {"day": today.isoformat()}
    return "  ".join([*fiction, f"{division.name} {year}", day, _("按文号排列,不排名")])


def workbook(title: str, names: Sequence[str], rows: Sequence[Sequence[str]], notice: str) -> bytes:
    """A plain workbook of texts: nothing in it becomes a formula or a link."""
    target = io.BytesIO()
    columns = [Column(f"c{number}", name, Kind.TEXT) for number, name in enumerate(names)]
    write_export(target, title=title, columns=columns, rows=rows, notice=notice)
    return target.getvalue()


def as_csv(names: Sequence[str], rows: Sequence[Sequence[str]], notice: str) -> bytes:
    """UTF-8 with its mark, so that Excel opens it; the first line says what it is. Risky beginnings are defused."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([notice])
    writer.writerow(names)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(RISKY) else cell for cell in row])
    return target.getvalue().encode("utf-8-sig")
