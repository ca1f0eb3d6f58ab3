"""The contents of a letter as values: parties, term, persons in charge, duties, targets, assessment. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from qingyuan.governance.letters.unit_duties import duties_of
from qingyuan.governance.scoring.clauses import read_rule
from qingyuan.governance.scoring.kinds.veto import Veto
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.rule import VetoEffect
from qingyuan.governance.scoring.scheme import GroupRole, Scheme
from qingyuan.reference.statutes import cite

_DUTIES: Final = Path(__file__).parent / "duties.yaml"
_MEMBER_DUTIES: Final = Path(__file__).parent / "member_duties.yaml"


@dataclass(frozen=True)
class PostHolder:
    """Who answers, and in which post: duties attach to the post-holder's term (S25)."""

    title: str
    name: str
    responsibility: str

    def to_data(self) -> dict[str, str]:
        return {"title": self.title, "name": self.name, "responsibility": self.responsibility}


@dataclass(frozen=True)
class PartyData:
    """One side of the letter."""

    unit: str
    posts: tuple[PostHolder, ...]

    def of(self, responsibility: str) -> list[PostHolder]:
        return [post for post in self.posts if post.responsibility == responsibility]

    def to_data(self) -> dict[str, Any]:
        return {"unit": self.unit, "posts": [post.to_data() for post in self.posts]}


@dataclass(frozen=True)
class TargetLine:
    """One annual target as printed."""

    indicator: str
    title: str
    unit: str
    target: str
    baseline: str
    method: str
    source: str
    due: str

    def to_data(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class ClauseLine:
    """One clause of the scheme as summed up in the letter."""

    id: str
    title: str
    points: str
    text: str
    verification: str


@dataclass(frozen=True)
class Duty:
    text: str
    article: str


@dataclass(frozen=True)
class DutySection:
    title: str
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class LetterContents:
    """All that a letter says. ``amends``: number and reason where it supplements an earlier one."""

    number: str
    title: str
    city: str
    place: str
    year: int
    issued_on: date
    first: PartyData
    second: PartyData
    targets: tuple[TargetLine, ...]
    scheme_title: str
    scheme_version: str
    scheme_hash: str
    total: str
    clauses: tuple[ClauseLine, ...]
    extras: tuple[str, ...]
    grades: tuple[str, ...]
    vetoes: tuple[str, ...]
    duties: tuple[DutySection, ...]
    reporting: tuple[str, ...]
    amends: str = ""
    amends_reason: str = ""
    notice: str = ""
    refused_note: str = field(
        default="案件、缴获、决定、收治、阳性和查获人员的数量只作态势展示，不作为本责任书的指标、得分和奖励依据。"
    )


def scheme_lines(scheme: Scheme) -> tuple[ClauseLine, ...]:
    """The scored clauses in the sheet's order."""
    return tuple(
        ClauseLine(clause.id, clause.title, plain(clause.points), clause.text, clause.verification)
        for group in scheme.groups
        if group.role is GroupRole.BASE
        for clause in group.clauses
    )


def extra_lines(scheme: Scheme) -> tuple[str, ...]:
    """Bonuses and penalties, one sentence each."""
    words = {GroupRole.BONUS: "加分", GroupRole.PENALTY: "扣分"}
    return tuple(
        f"{group.title}（{words[group.role]}，最多 {plain(group.points)} 分）：{clause.text}"
        for group in scheme.groups
        if group.role in words
        for clause in group.clauses
    )


def grade_lines(scheme: Scheme) -> tuple[str, ...]:
    """«90 分以上为先进», highest first."""
    ordered = sorted(scheme.grades, key=lambda grade: grade.from_points, reverse=True)
    return tuple(
        f"{plain(grade.from_points)} 分以上为{grade.name}" for grade in ordered if grade.from_points > 0
    ) + tuple(f"其余为{grade.name}" for grade in ordered if grade.from_points <= 0)


def veto_lines(scheme: Scheme) -> tuple[str, ...]:
    """What brings the whole sheet down, and how."""
    lines = []
    for clause in scheme.vetoes:
        rule = read_rule(clause).rule
        effect = _effect(rule) if isinstance(rule, Veto) else "全部不得分"
        lines.append(f"{clause.title}：{clause.text}（{effect}）")
    return tuple(lines)


def _effect(rule: Veto) -> str:
    if rule.effect is VetoEffect.GRADE:
        return f"定为{rule.grade}"
    return "全部不得分" if rule.effect is VetoEffect.SHEET_ZERO else rule.consequence()


def duty_sections() -> tuple[DutySection, ...]:
    """The duties of a town by law with their articles as printed. Raises reference's UnknownArticle."""
    return _sections(_DUTIES)


def member_sections(kind: str) -> tuple[DutySection, ...]:
    """The duties of a member unit: those of every unit, then what a unit of this kind does by law. Raises as duty_sections."""
    own = tuple(Duty(f"{one.task}：{one.done_when}。", one.article) for one in duties_of(kind))
    return (*_sections(_MEMBER_DUTIES), *((DutySection("本单位职责", own),) if own else ()))


@cache
def _sections(file: Path) -> tuple[DutySection, ...]:
    data: Sequence[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(
        DutySection(item["title"], tuple(Duty(duty["text"], cite(duty["cite"]).label) for duty in item["items"]))
        for item in data
    )
