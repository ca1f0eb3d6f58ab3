"""Which statutory clocks a case and a person in a case run, from the columns of their rows alone. Pure.

No column says when one of them was answered, so a person records it; what the outcome moves on from is over with it.
治安案件办结 (D60, from 2026 D60b), 刑事拘留 (D70, D170), 逮捕 (D72, D171), 取保候审、监视居住 (D173). Of seized drugs the step
that seized them runs 送检 (D206) and, once a sample was taken and something is left, 入库 (D207, 及时); later steps answer both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from qingyuan.casework.clocks.wanted import Said, Wanted
from qingyuan.enforcement.rules.custody import ZERO, Stage, Step, balance
from qingyuan.reference.packs import NATIONAL

NEW_PUBLIC_ORDER_LAW: Final = date(2026, 1, 1)  # 治安管理处罚法(2025 年修订)施行之日
_FILED: Final = {"D60": {"accepted": "filed_on"}, "D60b": {"filed": "filed_on"}}
#: Which word of a clock comes from which column.
CASE_COLUMNS: Final = _FILED
PARTY_COLUMNS: Final = {
    "D70": {"start": "outcome_on"},
    "D170": {"start": "outcome_on"},
    "D72": {"arrested": "outcome_on"},
    "D171": {"start": "outcome_on"},
    "D173": {"start": "outcome_on"},
}
SAMPLE_RULES: Final = date(2016, 7, 1)  # 公禁毒〔2016〕511 号施行之日
DRUG: Final = "drug"
#: «sampled» and «stored» are no columns of the row itself but the day of the later step of the same exhibit.
EXHIBIT_COLUMNS: Final = {
    "D206": {"seized": "moved_on", "sampled": "sampled"},
    "D207": {"sampled": "sampled", "stored": "stored"},
}
# By the outcome of a person: the clocks it starts, each with its word and the case of the law.
_STARTED: Final = {
    "detained": (("D70", "start", ""), ("D170", "start", "")),
    "arrested": (("D72", "arrested", ""), ("D171", "start", "")),
    "bail": (("D173", "start", "bail"),),
    "residential": (("D173", "start", "residence"),),
}


def of_case(row: Any, _pack: str = NATIONAL) -> list[Wanted]:
    """``row``: a case, or anything with its columns. Criminal cases have no term of their own: custody has."""
    if row.case_kind != "administrative":
        return []
    code = "D60" if row.filed_on < NEW_PUBLIC_ORDER_LAW else "D60b"
    (word, column), *_ = _FILED[code].items()
    return [Wanted(code, (Said(word, column, row.filed_on),), answered=False)]


def of_party(row: Any, _pack: str = NATIONAL) -> list[Wanted]:
    """``row``: a person in a case, or anything with its columns."""
    if row.outcome_on is None:
        return []
    return [
        Wanted(code, (Said(word, "outcome_on", row.outcome_on, option=option),), answered=False)
        for code, word, option in _STARTED.get(row.outcome, ())
    ]


def of_movement(row: Any, _pack: str = NATIONAL) -> list[Wanted]:
    """``row``: a step of an exhibit, or anything with its columns, and in ``steps`` every step of the same exhibit in order."""
    if row.stage != Stage.SEIZED or row.kind != DRUG or row.moved_on < SAMPLE_RULES:
        return []
    later = [step for step in row.steps if step.on >= row.moved_on]
    sampled = next((step for step in later if step.stage is Stage.SAMPLED), None)
    seized = Said("seized", "moved_on", row.moved_on)
    if sampled is None:
        return [Wanted("D206", (seized,), closed_on=_gone_on(row.steps))]
    found = [Wanted("D206", (seized, Said("sampled", "sampled", sampled.on)))]
    return found + _to_store(row.steps, sampled)


def _to_store(steps: Sequence[Step], sampled: Step) -> list[Wanted]:
    """What is still with the officers after the first sample has to be in the store, handed over or destroyed."""
    place = steps.index(sampled)
    if balance(steps[: place + 1]).loose == ZERO:
        return []
    said = [Said("sampled", "sampled", sampled.on)]
    ends = range(place + 2, len(steps) + 1)
    if stored := next((steps[end - 1].on for end in ends if balance(steps[:end]).loose == ZERO), None):
        said.append(Said("stored", "stored", stored))
    return [Wanted("D207", tuple(said))]


def _gone_on(steps: Sequence[Step]) -> date | None:
    """The day from which nothing of the exhibit is here any more, although no sample is on file."""
    found = balance(steps)
    return steps[-1].on if steps and found.loose == ZERO and found.stored == ZERO else None
