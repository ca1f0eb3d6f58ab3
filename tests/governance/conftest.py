"""The cast's city with what governance needs: kinds of unit, post-holders, a published sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from qingyuan.governance.actions.letters import Issue, issue
from qingyuan.governance.actions.schemes import publish_scheme
from qingyuan.governance.models import Letter, PublishedScheme
from qingyuan.governance.scoring.shipped import FOLDER
from qingyuan.organisation.enums import Responsibility
from qingyuan.organisation.models import Account, Post, PostTerm, RoleGrant, Unit
from tests.cast import BEGAN, City

KINDS = {
    "office": "commission_office",
    "longdong": "town",
    "shiqiao": "town",
    "police": "police_narcotics",
    "education": "education",
    "procuratorate": "procuratorate",
    "clinic": "clinic",
}
POSTS = (
    ("党委书记", Responsibility.FIRST, "龙一"),
    ("镇长", Responsibility.FIRST, "罗镇长"),
    ("分管副镇长", Responsibility.DIRECT, "龙三"),
    ("禁毒专干", Responsibility.LIAISON, "吴主任"),
)
SHEET = (FOLDER / "town-2022.yaml").read_text(encoding="utf-8")


@dataclass
class Desk:
    """The city and the shortcuts its governance tests share."""

    city: City

    def actor(self, who: str) -> Any:
        return self.city.actor(who)

    def publish_sheet(self) -> PublishedScheme:
        return publish_scheme(text=SHEET, by=self.actor("leader"))

    def terms(self, scheme: PublishedScheme | None = None) -> Issue:
        return Issue(
            city=self.city.divisions["云岭市"],
            year=2022,
            scheme=scheme or self.publish_sheet(),
            issuer=self.city.units["office"],
            on=date(2022, 2, 24),
        )

    def letter(self, town: str = "longdong") -> Letter:
        return issue(unit=self.city.units[town], terms=self.terms(), by=self.actor("clerk"))


@pytest.fixture
def desk(city: City) -> Desk:
    return furnished(city)


def furnished(city: City) -> Desk:
    """The city with kinds of unit and post-holders; also for a process that founds one of its own."""
    for code, kind in KINDS.items():
        Unit.objects.filter(code=code).update(kind=kind)
        city.units[code].refresh_from_db()
    for town in ("longdong", "shiqiao"):
        for title, responsibility, holder in POSTS:
            post = Post.objects.create(unit=city.units[town], title=title, responsibility=responsibility)
            PostTerm.objects.create(post=post, holder_name=holder, start=BEGAN)
    leader = Account.objects.get(username="leader")
    assert RoleGrant.objects.filter(account=leader).exists()
    return Desk(city)
