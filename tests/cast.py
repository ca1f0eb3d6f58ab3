"""The cast: a small made-up city and the people who work in it, instead of a thousand factories.

Two towns of one city. 何姐 is the caseworker of 龙洞镇, 吴主任 her supervisor; 石桥镇 has its own, who must see nothing of
龙洞; the clerk of the commission, a police officer, a doctor, an auditor who reads and never writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from qingyuan.foundation import identity
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actions import divisions
from qingyuan.organisation.actor import Actor, actor_of
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, Division, RoleGrant, Unit
from qingyuan.organisation.rules import DivisionLine

TODAY = date(2022, 11, 23)
BEGAN = date(2015, 1, 1)
SETTER = Actor(account_id=None, username="set-up", name="初始化", unit_id=None)
LINES = (
    ("999981", "云岭市", None),
    ("999981101", "龙洞镇", False),
    ("999981101001", "龙洞社区", True),
    ("999981101201", "大坪村", False),
    ("999981102", "石桥镇", False),
    ("999981102001", "石桥社区", True),
)
PEOPLE = {
    "clerk": ("office", "周文", Role.COMMISSION_CLERK, "云岭市"),
    "leader": ("office", "秦川", Role.COMMISSION_LEADER, "云岭市"),
    "caseworker": ("longdong", "何姐", Role.CASEWORKER, "龙洞镇"),
    "supervisor": ("longdong", "吴主任", Role.TOWN_SUPERVISOR, "龙洞镇"),
    "town_leader": ("longdong", "罗镇长", Role.TOWN_LEADER, "龙洞镇"),
    "stranger": ("shiqiao", "石平", Role.TOWN_SUPERVISOR, "石桥镇"),
    "officer": ("police", "韩警官", Role.POLICE_OFFICER, "云岭市"),
    "liaison": ("education", "沈老师", Role.UNIT_LIAISON, "云岭市"),
    "prosecutor": ("procuratorate", "严检", Role.PROSECUTOR, "云岭市"),
    "doctor": ("clinic", "白医生", Role.DOCTOR, "云岭市"),
    "auditor": ("office", "孟审", Role.AUDITOR, "云岭市"),
    "security": ("office", "安全员", Role.SECURITY_OFFICER, "云岭市"),
}
UNITS = {
    "office": ("市禁毒办", "云岭市", "commission"),
    "longdong": ("龙洞镇人民政府", "龙洞镇", "commission"),
    "shiqiao": ("石桥镇人民政府", "石桥镇", "commission"),
    "police": ("市公安局禁毒大队", "云岭市", "police"),
    "education": ("市教育局", "云岭市", "commission"),
    "procuratorate": ("市人民检察院", "云岭市", "commission"),
    "clinic": ("市戒毒门诊", "云岭市", "health"),
}


@dataclass
class City:
    """Everything by its short name."""

    divisions: dict[str, Division] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def actor(self, who: str, on: date = TODAY) -> Actor:
        return actor_of(self.accounts[who], on)

    def writing(self, who: str, reason: str = "") -> Writing:
        return Writing(by=self.actor(who), on=TODAY, reason=reason)

    def enter(self, ledger: str, who: str, *values: dict[str, Any]) -> list[Any]:
        """Enter rows the way a form does: prepare, check, create. Fails the test when a row is refused."""
        declared = registry.get(ledger)
        writing = self.writing(who)
        drafts = [
            Draft(
                number=number,
                values=dict(row),
                division_id=row.get("division") or writing.by.division_id,
                unit_id=writing.by.unit_id,
            )
            for number, row in enumerate(values, start=1)
        ]
        if declared.prepare is not None:
            declared.prepare(drafts, writing)
        for draft in drafts:
            problems = draft.problems + (declared.check(draft.values) if declared.check else [])
            assert problems == [], problems
        return declared.create(drafts=drafts, writing=writing)


def id_number(serial: int, born: str = "19910101") -> str:
    """An ID number no real person has: area 999999 does not exist."""
    first = f"999999{born}{serial:03d}"
    return first + identity.check_digit(first)


def measure_values(city: City, serial: int, **changes: Any) -> dict[str, Any]:
    """A community detox measure of 龙洞镇 reported on 2022-01-10."""
    values = {
        "name": f"测试{'甲乙丙丁戊己庚辛'[serial % 8]}",
        "id_number": id_number(100 + serial),
        "kind": "CD",
        "division": city.divisions["龙洞社区"].pk,
        "decided_on": date(2022, 1, 3),
        "served_on": date(2022, 1, 5),
        "reported_on": date(2022, 1, 10),
        "agreement_on": date(2022, 1, 12),
    }
    return values | changes


@pytest.fixture
def city(db: None, facts_home: Any) -> City:
    return found_city()


def found_city() -> City:
    """The cast in whatever database is connected: the fixture's, or that of a process of its own."""
    made = City()
    divisions.load(
        lines=[DivisionLine(code=code, name=name, urban=urban) for code, name, urban in LINES],
        valid_from=BEGAN,
        by=SETTER,
    )
    made.divisions = {division.name: division for division in Division.objects.all()}
    for code, (name, place, zone) in UNITS.items():
        made.units[code] = Unit.objects.create(
            code=code, name=name, short_name=name, kind="office", division=made.divisions[place], zone=zone
        )
    for username, (unit, name, role, place) in PEOPLE.items():
        account = Account(username=username, name=name, unit=made.units[unit])
        account.set_password("synthetic-pass-2022")
        account.save()
        RoleGrant.objects.create(
            account=account, role=role, division=made.divisions[place], start=BEGAN, granted_by="set-up"
        )
        made.accounts[username] = account
    return made
