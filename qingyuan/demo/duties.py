"""What member units do with their plans: rows behind a quarter, needs of one another; the office's programme and negotiation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qingyuan.demo.city import TOWNS
from qingyuan.demo.governing import city
from qingyuan.demo.loading import keeper
from qingyuan.foundation import clock
from qingyuan.governance.actions import needs, programmes, target_bids, targets
from qingyuan.governance.actions.needs import Progress, Word
from qingyuan.governance.actions.programmes import Outline
from qingyuan.governance.actions.target_bids import Answer
from qingyuan.governance.enums import Measure
from qingyuan.governance.models import UnitTask
from qingyuan.governance.queries import needs as reads
from qingyuan.governance.targets_rules import Method
from qingyuan.organisation.models import Unit

KEEPERS = {town.name: town.key for town in TOWNS}
PROGRAMME = (
    ("R05", ("90", "93", "95")),
    ("R01", ("85", "88", "90")),
)
# Who asks, for which task, of whom, what, by when; then steps: who takes which, words, day.
NEEDS: tuple[tuple[str, int, str, str, date, tuple[tuple[str, str, str, date | None], ...]], ...] = (
    ("education", 4, "police", "派人参加校园周边联合检查,两天各 2 人", date(2022, 12, 9),
     (("police", "promise", "可以,定在 12 月第一周", date(2022, 12, 7)),)),
    ("civil_affairs", 4, "justice", "提供已登记的禁毒社会组织备案材料清单", date(2022, 11, 10), ()),
    ("propaganda", 2, "health", "提供公益广告用的戒毒医疗机构名单和开诊时间", date(2022, 11, 30),
     (("health", "deliver", "名单已由机要交换送达,共 3 家", None),)),
    ("propaganda", 3, "education", "提供村小广播可播放的时段", date(2022, 12, 15),
     (("education", "refuse", "村小广播由乡镇管,请直接找各乡镇", None),)),
    ("health", 1, "office", "协调 5 个采样点位的道路通行", date(2022, 12, 2), ()),
)  # fmt: skip


def work_together() -> None:
    """Quarters shown by rows, needs asked and answered."""
    _quarters()
    units = {unit.code: unit for unit in Unit.objects.all()}
    for key, item, other, what, due, steps in NEEDS:
        task = UnitTask.objects.get(unit=units[key], plan__year=2022, item=item)
        due = max(due, clock.today())
        need = needs.ask(task=task, to_unit=units[other], what=what, due_on=due, by=keeper(key))
        for who, step, words, day in steps:
            needs.step(need=need, step=step, word=Word(words, day), by=keeper(who))


def _quarters() -> None:
    """Every unit's first open task rests on what the unit recorded in the third quarter, where it recorded anything."""
    today = clock.today()
    for key in ("education", "youth", "propaganda"):
        by = keeper(key)
        for task in reads.tasks(by, today, 2022).filter(unit_id=by.unit_id)[:2]:
            found = reads.candidates(by, task, 3, today)[:4]
            if found:
                rows = [(proof.ledger.code, proof.row.pk) for proof in found]
                needs.report(task=task, progress=Progress(3, task.third_quarter or "按计划推进", rows), by=by)


def plan_ahead() -> None:
    """A programme of three years, adopted; next to it a target that towns negotiate."""
    clerk, place = keeper("office"), city()
    made = programmes.draft(
        city=place, outline=Outline("云岭市禁毒三年行动计划(2021—2023)", 2021, 2023, "云禁委〔2021〕1号"), by=clerk
    )
    for indicator, values in PROGRAMME:
        by_year = dict(zip(range(2021, 2024), map(Decimal, values), strict=True))
        programmes.set_goal(programme=made, indicator=indicator, values=by_year, by=clerk)
    programmes.adopt(programme=made, on=date(2021, 3, 1), by=keeper("leader"))
    proposal = targets.Proposal(
        indicator="P12", total=Decimal(90), measure=Measure.RATE, method=Method.LAST_YEAR, source="六进台账", due="2022-12-20"
    )
    plan = targets.propose(city=place, year=2022, proposal=proposal, by=clerk)
    for town, change, reason, reply in (
        ("龙洞镇", -2, "专干只有一名,汛期停了一个月", ""),
        ("石桥镇", -3, "集镇活动多,村里劳力外出", "上年差距大,先降 1 个百分点"),
    ):
        share = plan.shares.get(division__name=town)
        bid = target_bids.bid(
            share=share, asked=max(share.agreed + change, Decimal(0)), reason=reason, by=keeper(KEEPERS[town])
        )
        if reply:
            target_bids.answer(bid=bid, reply=Answer(reply, share.agreed - 1), by=clerk)
