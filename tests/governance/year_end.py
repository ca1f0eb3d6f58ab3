"""A round of the cast's city, brought along step by step: who does what in it, on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from qingyuan.foundation import clock
from qingyuan.governance.actions import assessment_rounds, assessments, manual
from qingyuan.governance.actions.assessment_rounds import Terms
from qingyuan.governance.actions.assessments import Own
from qingyuan.governance.actions.letters import issue
from qingyuan.governance.models import Assessment, AssessmentRound, ClauseReview, Letter, ManualEntry
from qingyuan.governance.queries import assessment_state as reads
from tests.cast import TODAY
from tests.governance.conftest import Desk

SELF_BY, REVIEW_BY = TODAY + timedelta(days=10), TODAY + timedelta(days=30)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.ZONE)


@dataclass
class YearEnd:
    """``desk``: the city with its letters. Clause 3.2 is the education bureau's."""

    desk: Desk

    def letters(self) -> list[Letter]:
        terms = self.desk.terms()
        return [issue(unit=self.desk.city.units[town], terms=terms, by=self.desk.actor("clerk")) for town in ("longdong", "shiqiao")]

    def terms(self, **changes: Any) -> Terms:
        values: dict[str, Any] = {
            "self_by": SELF_BY, "review_by": REVIEW_BY, "scored_on": TODAY, "object_days": 5, "answer_days": 10,
            "sections": {"3.2": self.desk.city.units["education"].pk},
        }  # fmt: skip
        return Terms(**(values | changes))

    def draft(self, **changes: Any) -> AssessmentRound:
        self.letters()
        return assessment_rounds.draft(year=2022, terms=self.terms(**changes), by=self.desk.actor("clerk"), at=at(TODAY, 9))

    def opened(self, **changes: Any) -> AssessmentRound:
        return self.step(self.draft(**changes), "open", "clerk")

    def step(self, round: AssessmentRound, step: str, who: str, on: date = TODAY, **given: Any) -> AssessmentRound:
        return assessment_rounds.take(round=round, step=step, by=self.desk.actor(who), given=given, at=at(on))

    def case(self, round: AssessmentRound, town: str = "longdong") -> Assessment:
        found = round.assessments.select_related("letter__scheme", "letter__unit", "unit", "issuer", "round").get(unit__code=town)
        assert isinstance(found, Assessment)
        return found

    def take(self, case: Assessment, step: str, who: str, on: date = TODAY, **given: Any) -> Assessment:
        return assessments.take(case=case, step=step, by=self.desk.actor(who), given=given, at=at(on))

    def own(self, case: Assessment, who: str = "supervisor", **points: tuple[str, str]) -> None:
        """``c1_1=("10", "why")`` says clause 1.1."""
        given = {key[1:].replace("_", "."): Own(*value) for key, value in points.items()}
        assessments.write_own(case=case, given=given, by=self.desk.actor(who), at=at(TODAY))

    def filed(self, round: AssessmentRound, town: str = "longdong", who: str = "supervisor") -> Assessment:
        return self.take(self.case(round, town), "file", who, statement="全年工作按责任书落实。")

    def review(self, case: Assessment, clause: str) -> ClauseReview:
        return ClauseReview.objects.select_related("assessment", "unit").get(assessment=case, clause=clause)

    def review_all(self, case: Assessment, on: date = TODAY) -> None:
        """The education bureau judges its clause, the office the rest; the leader is the second person."""
        for review in case.reviews.select_related("assessment", "unit").order_by("clause"):
            who = "liaison" if review.unit.code == "education" else "clerk"
            asked = reads.unanswered(case, review.clause)
            by = self.desk.actor(who)
            if asked:
                key = next(iter(asked))
                value = {"3.1": "96", "3.2": "4"}.get(review.clause, "0")
                assessments.set_number(review=review, value=value, key=key, opinion="查阅材料认定。", by=by, at=at(on))
            else:
                try:
                    assessments.confirm(review=review, opinion="", by=by, at=at(on))
                except assessments.StepRefused:
                    assessments.set_number(review=review, value="1", opinion="没有数据,按材料认定。", by=by, at=at(on))
        self.confirm_all(case)

    def confirm_all(self, case: Assessment) -> None:
        for entry in ManualEntry.objects.standing().filter(letter=case.letter, reviewed_at=None):
            who = "clerk" if entry.by_name == self.desk.actor("leader").name else "leader"
            manual.review(entry=entry, by=self.desk.actor(who))

    def noticed(self, round: AssessmentRound, town: str = "longdong", who: str = "supervisor", on: date = TODAY) -> Assessment:
        case = self.filed(round, town, who)
        self.review_all(case)
        return self.take(case, "notice", "clerk", on)

    def settled(self, round: AssessmentRound, town: str = "longdong", who: str = "supervisor") -> Assessment:
        return self.take(self.noticed(round, town, who), "accept", who)

    def published(self) -> AssessmentRound:
        round = self.opened()
        self.settled(round)
        self.settled(round, "shiqiao", "stranger")
        return self.step(round, "publish", "leader")
