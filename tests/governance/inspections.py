"""Four departments and their inspectors for the cast, and a round taken as far as a test needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from qingyuan.foundation.clock import ZONE
from qingyuan.governance.actions import inspections as actions
from qingyuan.governance.actions.inspections import Plan
from qingyuan.governance.enums import Answer, Department
from qingyuan.governance.models import InspectionRound, InspectionVisit
from qingyuan.governance.queries import inspections as reads
from qingyuan.governance.rules import inspections as rules
from qingyuan.organisation.actor import Actor, actor_of
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant, Unit
from tests.cast import BEGAN, TODAY, City, measure_values

SENT = {
    Department.POLICE: ("police_narcotics", "禁毒大队", "段警官", Role.POLICE_OFFICER),
    Department.POLITICS_LAW: ("politics_law", "市委政法委", "冯政", Role.UNIT_LIAISON),
    Department.JUSTICE: ("justice", "市司法局", "司平", Role.UNIT_LIAISON),
    Department.CIVIL_AFFAIRS: ("civil_affairs", "市民政局", "闵洁", Role.UNIT_LIAISON),
}


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


@dataclass
class Inspecting:
    """The cast with its four departments; ``files`` people under a measure in 龙洞镇, two of them in rehabilitation."""

    city: City
    units: dict[Department, Unit] = field(default_factory=dict)

    @classmethod
    def of(cls, city: City, files: int = 9) -> Inspecting:
        made = cls(city)
        for department, (kind, name, person, role) in SENT.items():
            zone = "police" if department is Department.POLICE else "commission"
            unit = Unit.objects.create(
                code=f"in-{department.value}", name=name, short_name=name, kind=kind, division=city.divisions["云岭市"], zone=zone
            )
            made.units[department] = unit
            account = Account(username=department.value, name=person, unit=unit)
            account.set_password("synthetic-pass-2022")
            account.save()
            RoleGrant.objects.create(account=account, role=role, division=city.divisions["云岭市"], start=BEGAN, granted_by="set-up")
            city.accounts[department.value] = account
        people = [
            measure_values(city, serial, name=f"暗卷{chr(0x7532 + serial)}", kind="CR" if serial >= files - 2 else "CD", ends_on=date(2024, 1, 10))
            for serial in range(files)
        ]
        if people:
            city.enter("measures", "supervisor", *people)
        return made

    def actor(self, who: str, on: date = TODAY) -> Actor:
        return actor_of(self.city.accounts[who], on)

    def plan(self, **changes: Any) -> Plan:
        values: dict[str, Any] = {
            "title": "四季度社区戒毒社区康复联合检查", "period": "2022Q4", "starts_on": TODAY, "ends_on": TODAY + timedelta(days=20),
            "towns": 1, "files": 4, "by_kind": True, "units": {one: unit.pk for one, unit in self.units.items()},
        }  # fmt: skip
        return Plan(**values | changes)

    def planned(self, **changes: Any) -> InspectionRound:
        return actions.plan(plan=self.plan(**changes), by=self.actor("clerk"), at=at(TODAY))

    def revealed(self, **changes: Any) -> InspectionRound:
        made = self.planned(**changes)
        actions.freeze(round_id=made.pk, by=self.actor("clerk"), at=at(TODAY))
        return actions.reveal(round_id=made.pk, by=self.actor("clerk"), at=at(TODAY))

    def visit(self, **changes: Any) -> InspectionVisit:
        found: InspectionVisit = self.revealed(**changes).visits.get()
        return found

    def arrived(self, visit: InspectionVisit | None = None) -> InspectionVisit:
        visit = visit or self.visit()
        for department in Department:
            actions.sign_in(visit_id=visit.pk, by=self.actor(department.value), at=at(TODAY, 10))
        return InspectionVisit.objects.get(pk=visit.pk)

    def marked(self, failed: dict[tuple[str, int], str] | None = None) -> InspectionVisit:
        """Everything answered; ``failed``: (item, place of the file from 1, 0 at the station) → what was found."""
        return self.answered(self.arrived(), failed)

    def marked_of(self, made: InspectionRound, failed: dict[tuple[str, int], str] | None = None) -> InspectionVisit:
        return self.answered(self.arrived(made.visits.get()), failed)

    def answered(self, visit: InspectionVisit, failed: dict[tuple[str, int], str] | None = None) -> InspectionVisit:
        wrong = failed or {}
        for item, lot in rules.asked(reads.items_of(visit.round), visit.files):
            words = wrong.get((item, visit.files.index(lot) + 1 if lot else 0), "")
            answer = Answer.NO if words else Answer.YES
            actions.mark(visit_id=visit.pk, item=item, lot=lot, answer=answer, finding=words, by=self.actor("justice"), at=at(TODAY, 11))
        return visit

    def final(self, failed: dict[tuple[str, int], str] | None = None) -> InspectionVisit:
        visit = self.marked(failed)
        for department in Department:
            actions.sign(visit_id=visit.pk, mend_by=TODAY + timedelta(days=15), by=self.actor(department.value), at=at(TODAY, 16))
        return InspectionVisit.objects.get(pk=visit.pk)
