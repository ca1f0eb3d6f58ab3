"""A published round of the cast's city, and its consequences brought along step by step by those who take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from qingyuan.governance.actions import rewards
from qingyuan.governance.actions.kept_files import Evidence
from qingyuan.governance.models import AssessmentRound, Consequence
from qingyuan.reference.holidays import add_working_days
from tests.cast import TODAY
from tests.governance.year_end import YearEnd, at

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Rewarding:
    """``year_end``: the round and its letters. 龙洞 is the town of «supervisor», 石桥 that of «stranger»."""

    year_end: YearEnd

    def round(self) -> AssessmentRound:
        return self.year_end.published()

    def proposed(self, on: date = TODAY) -> AssessmentRound:
        round = self.round()
        rewards.propose(round=round, by=self.year_end.desk.actor("clerk"), at=at(on))
        return round

    def entry(self, rule: str, town: str = "longdong") -> Consequence:
        return Consequence.objects.get(rule=rule, unit__code=town)

    def take(self, case: Consequence, step: str, who: str, on: date = TODAY, **given: Any) -> Consequence:
        return rewards.take(case=case, step=step, by=self.year_end.desk.actor(who), given=given, at=at(on))

    def noticed(self, rule: str, town: str = "longdong") -> Consequence:
        return self.take(self.entry(rule, town), "notify", "clerk")

    def submitted(self, rule: str, town: str = "longdong", who: str = "supervisor") -> Consequence:
        """Told, answered by the unit, handed up."""
        case = self.take(self.noticed(rule, town), "reply", who, reply="情况属实,当年人手不足,已经补齐。")
        return self.take(case, "submit", "clerk", opinion="单位没有异议,建议按规则办。")

    def decided(self, rule: str, town: str = "longdong", who: str = "supervisor") -> Consequence:
        return self.take(self.submitted(rule, town, who), "decide", "leader")


def after_reply(on: date = TODAY) -> date:
    """A working day on which the time to reply is over."""
    return add_working_days(on, 6)


def proof(name: str = "整改照片.pdf", data: bytes = PDF) -> Evidence:
    return Evidence(name, "application/octet-stream", data)
