"""Setting the city up: divisions, units, posts, accounts. Once, before anything can be recorded."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from qingyuan.demo.city import CITY_CODE, CITY_NAME, PREFECTURE, PROVINCE, TOWNS, villages
from qingyuan.demo.units import PASSWORD, AccountLine, UnitLine, accounts, units
from qingyuan.organisation.actions import divisions
from qingyuan.organisation.actions.accounts import create, grant
from qingyuan.organisation.actor import Actor, Grant
from qingyuan.organisation.enums import Responsibility, Role
from qingyuan.organisation.models import Account, Division, Post, PostTerm, Unit
from qingyuan.organisation.rules import DivisionLine

BEGAN = date(2015, 1, 1)
TERM_BEGAN = date(2021, 7, 1)
FOUNDER = Actor(
    account_id=None,
    username="founding",
    name="系统初始化",
    unit_id=None,
    grants=(Grant(role=Role.SECURITY_OFFICER, division_id=0, unit_id=0),),
)


@transaction.atomic
def found(staff: dict[str, tuple[str, ...]]) -> None:
    """Divisions with their place on the schematic map, units, posts with terms, accounts with roles."""
    _divisions()
    places = {division.name: division for division in Division.objects.filter(level__in=("county", "town"))}
    made = _units(places)
    for town in TOWNS:
        _posts(made[town.key], town.urban, staff[town.name])
    for unit in made.values():
        if unit.is_member:
            Post.objects.create(unit=unit, title="主要负责人", responsibility=Responsibility.FIRST)
            Post.objects.create(unit=unit, title="分管负责人", responsibility=Responsibility.DIRECT)
    encoded = make_password(PASSWORD)  # once: hashing is slow on purpose, and the demo's password is printed anyway
    for line in accounts(staff):
        _account(line, made[line.unit], places[line.place], encoded)
    seat_accounts()


def _divisions() -> None:
    lines = [DivisionLine(*PROVINCE), DivisionLine(*PREFECTURE), DivisionLine(CITY_CODE, CITY_NAME)]
    for town in TOWNS:
        lines.append(DivisionLine(town.code, town.name, town.urban))
        lines += [DivisionLine(v.code, v.name, v.urban) for v in villages()[town.name]]
    divisions.load(lines=lines, valid_from=BEGAN, by=FOUNDER)
    for town in TOWNS:
        Division.objects.filter(code=town.code.ljust(12, "0")).update(grid_x=town.x, grid_y=town.y)


def _units(places: dict[str, Division]) -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    for line in units():
        made[line.key] = _unit(line, places[line.place], made.get("office"))
    return made


def _unit(line: UnitLine, place: Division, superior: Unit | None) -> Unit:
    return Unit.objects.create(
        code=line.key,
        name=line.name,
        short_name=line.short,
        kind=line.kind,
        division=place,
        zone=line.zone,
        superior=superior,
        is_member=line.member,
    )


def _posts(unit: Unit, urban: bool, names: tuple[str, ...]) -> None:
    officer, _worker, leader, secretary = names
    head = "主任" if urban else ("乡长" if unit.short_name.endswith("乡") else "镇长")
    for title, responsibility, holder in (
        ("党工委书记" if urban else "党委书记", Responsibility.FIRST, secretary),
        (head, Responsibility.FIRST, f"{secretary[0]}{officer[-1]}"),
        (f"分管副{head}", Responsibility.DIRECT, leader),
        ("禁毒专干", Responsibility.LIAISON, officer),
    ):
        post = Post.objects.create(unit=unit, title=title, responsibility=responsibility)
        PostTerm.objects.create(post=post, holder_name=holder, start=TERM_BEGAN)


def seat_accounts() -> None:
    """Whoever holds a post under the same name in the same unit holds it with the account: leading posts read the log of
    the own unit and review its emergency looks."""
    for term in PostTerm.objects.filter(account=None).select_related("post"):
        account = Account.objects.filter(unit_id=term.post.unit_id, name=term.holder_name).first()
        if account is not None:
            term.account = account
            term.save(update_fields=["account"])


def _account(line: AccountLine, unit: Unit, place: Division, encoded: str) -> Account:
    account = create(username=line.username, name=line.name, unit=unit, encoded=encoded, by=FOUNDER)
    grant(account=account, role=line.role, division=place, start=BEGAN, by=FOUNDER, reason=line.title)
    return account
