"""Letters of responsibility and their live scores, as the reader may see them."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from qingyuan.api.asking import actor_of, today
from qingyuan.api.errors import NotHere, Refusal, Refused
from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import letters_visible
from qingyuan.governance.queries.schemes import SchemeChanged
from qingyuan.governance.queries.score import ExplainedClause, score_letter
from qingyuan.governance.scoring.score import SchemeNotInForce

router = Router(tags=["letters"])
NO = {401: Refusal, 404: Refusal, 409: Refusal}


class LetterOut(Schema):
    id: UUID
    number: str
    title: str
    year: int
    unit: str
    division: str


class ClauseOut(Schema):
    """``points`` null where there is none yet, or where it turns on fewer than five people (``hidden``, then ``word``)."""

    id: str
    title: str
    of: Decimal
    points: Decimal | None
    hidden: bool
    word: str
    arithmetic: str


class ScoreOut(Schema):
    letter: LetterOut
    on: str
    of: Decimal
    total: Decimal | None
    low: Decimal
    high: Decimal
    grades: list[str]
    clauses: list[ClauseOut]


@router.get("", response={200: list[LetterOut], **NO}, summary="看得到的责任状")
def letters(request: HttpRequest) -> list[LetterOut]:
    return [
        _letter(one) for one in letters_visible(actor_of(request), today()).live().order_by("-year", "number")[:500]
    ]


@router.get("/{uuid:letter_id}/score", response={200: ScoreOut, **NO}, summary="一份责任状此刻的得分")
def score(request: HttpRequest, letter_id: UUID) -> ScoreOut:
    reader, on = actor_of(request), today()
    letter = letters_visible(reader, on).live().filter(pk=letter_id).first()
    if letter is None:
        raise NotHere
    try:
        found = score_letter(letter, on, reader)
    except (SchemeChanged, SchemeNotInForce) as error:
        raise Refused(409, str(error)) from error
    return ScoreOut(
        letter=_letter(letter),
        on=on.isoformat(),
        of=found.of,
        total=found.total,
        low=found.low,
        high=found.high,
        grades=list(found.grades),
        clauses=[_clause(one) for one in (*found.clauses, *found.vetoes)],
    )


def _letter(one: Letter) -> LetterOut:
    return LetterOut(
        id=one.pk,
        number=one.number,
        title=one.title,
        year=one.year,
        unit=one.unit.name,
        division=one.division.code,
    )


def _clause(one: ExplainedClause) -> ClauseOut:
    return ClauseOut(
        id=one.id,
        title=one.title,
        of=one.of,
        points=one.points,
        hidden=one.hidden,
        word=one.word,
        arithmetic=one.arithmetic,
    )
