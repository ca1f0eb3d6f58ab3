"""Hand-overs as they come in the work of towns: waiting, signed for, refused, overdue; somebody on leave; somebody gone with
three people left. All through the actions people use; the towns are not those of the planted problems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from qingyuan.casework.actions import handovers
from qingyuan.casework.actions.handovers import Terms
from qingyuan.casework.handovers.queries import under_offer
from qingyuan.casework.models import HandOver
from qingyuan.demo.founding import BEGAN, FOUNDER
from qingyuan.demo.loading import keeper
from qingyuan.foundation import clock
from qingyuan.organisation.actions import accounts, substitutions
from qingyuan.organisation.enums import Absence, Role
from qingyuan.organisation.models import Account, Division, Unit
from qingyuan.rehabilitation.actions import clients
from qingyuan.rehabilitation.actions.handing import CODE, current
from qingyuan.rehabilitation.models import Measure

#: Who had left when the demo begins: account, work name, town, how many people were left.
GONE = ("yanjiao.sg2", "许清", "yanjiao", 3)
AWAY = ("yongning.sg", "yongning")
LEAVE_DAYS = 7


@dataclass(frozen=True)
class Told:
    """One hand-over of the story: units by code, the day it was offered, and the words."""

    giver: str
    taker: str
    on: date
    words: str
    people: int = 1


WAITING = Told("shiqiao", "longdong", date(2022, 11, 16), "本人随配偶迁到龙洞镇居住，已书面报告，材料随后转送。", 2)
LATE = Told("pingzhai", "yanjiao", date(2022, 11, 1), "本人迁回岩脚镇老家，电话联系过对方，尚未签收。")
TAKEN = Told("shuanghe", "xinglong", date(2022, 11, 8), "本人到兴隆镇务工并租房居住，变更执行地材料已转送。")
REFUSED = Told("longdong", "puan", date(2022, 11, 9), "本人称迁往普安镇。")


def hand_over() -> list[HandOver]:
    """Every state once, a leave in force, and the people of somebody who is gone."""
    made = [_offer(told) for told in (WAITING, LATE, TAKEN, REFUSED)]
    worker = Account.objects.get(username=f"{TAKEN.taker}.sg")
    handovers.accept(handover=made[2], by=keeper(TAKEN.taker), caseworker=worker, on=date(2022, 11, 14))
    why = "经核实，本人没有来本镇居住，仍在原地，请继续执行。"
    handovers.refuse(handover=made[3], why=why, by=keeper(REFUSED.taker), on=date(2022, 11, 11))
    _leave()
    _gone()
    return made


def _offer(told: Told) -> HandOver:
    return handovers.offer(
        keeper=CODE,
        subjects=longest_there(told.giver, told.people),
        to_unit=Unit.objects.get(code=told.taker),
        to_caseworker=None,
        terms=Terms("moved", told.words, told.on),
        by=keeper(told.giver),
        on=told.on,
    )


def longest_there(code: str, people: int) -> list[UUID]:
    """People of a town with a running measure reported before this year, longest first."""
    year = date(clock.today().year, 1, 1)
    rows = Measure.objects.filter(unit__code=code, ended_on=None, reported_on__lt=year, client__in=current())
    ids = list(dict.fromkeys(rows.order_by("reported_on", "pk").values_list("client_id", flat=True)))
    waiting = under_offer(ids)
    return [pk for pk in ids if pk not in waiting][:people]


def _leave() -> None:
    absent, acting = (Account.objects.select_related("unit__division").get(username=name) for name in AWAY)
    start = clock.today()
    substitutions.substitute(
        absent=absent,
        substitute=acting,
        kind=Absence.LEAVE,
        start=start,
        end=start + timedelta(days=LEAVE_DAYS),
        by=keeper(AWAY[1]),
    )


def _gone() -> None:
    username, name, code, people = GONE
    unit = Unit.objects.select_related("division").get(code=code)
    account = accounts.create(username=username, name=name, unit=unit, by=FOUNDER)
    place = Division.objects.get(pk=unit.division_id)
    accounts.grant(account=account, role=Role.CASEWORKER, division=place, start=BEGAN, by=FOUNDER, reason="社工")
    clients.assign(client_ids=longest_there(code, people), caseworker=account, by=keeper(code))
    accounts.disable(account=account, by=FOUNDER, reason="合同到期离岗")
