"""Joint inspections of the demo city, one in each step: last quarter's, looked at again; this quarter's under way; the next one planned.

The seed is random as in a real office, so which towns are drawn differs from build to build; what is found in the first, second and
third of them does not. All through the actions people use, each on its own day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from qingyuan.demo.loading import keeper
from qingyuan.foundation import clock
from qingyuan.governance.actions import inspections, orders
from qingyuan.governance.actions.inspections import Plan
from qingyuan.governance.actions.orders import Basis
from qingyuan.governance.enums import Answer, Department
from qingyuan.governance.models import InspectionMark, InspectionRound, InspectionVisit
from qingyuan.governance.queries import inspections as reads
from qingyuan.governance.queries import order_basis
from qingyuan.governance.rules import inspections as rules
from qingyuan.organisation.models import Unit

WHO: Final = {
    Department.POLICE: "police", Department.POLITICS_LAW: "politics_law", Department.JUSTICE: "justice", Department.CIVIL_AFFAIRS: "civil_affairs",
}  # fmt: skip
#: What is found, by visit in the order of division codes: (item, place of the file, 0 at the station) → words.
Found = Mapping[tuple[str, int], str]
LAST: Final[Sequence[Found]] = (
    {("F03", 1): "协议没有写明违约后果", ("F07", 2): "九月外出五天，没有书面报告"},
    {("F06", 1): "两次检测只有一名检测人签字", ("F06", 3): "检测单只有一名检测人签字", ("S04", 0): "档案柜没有上锁，查阅没有登记"},
    {},
)
THIS: Final[Sequence[Found]] = (
    {("S02", 0): "一名专职人员长期抽调做别的工作", ("F05", 1): "帮扶只有计划，没有落实记录"},
    {("F04", 2): "工作小组没有医务人员", ("F10", 1): "解除通知书没有送达回证"},
)
LAST_ON, THIS_ON, NEXT_ON = date(2022, 8, 29), date(2022, 11, 14), date(2022, 12, 12)


def inspect() -> list[InspectionRound]:
    """Three rounds; with the second an order that is out, with the first one that waits to be drafted to its end."""
    last = _last_quarter()
    this = _this_quarter()
    nxt = _planned("2022 年第四季度回头看联合检查", NEXT_ON, NEXT_ON + timedelta(days=11), date(2022, 11, 21), towns=2, files=10)
    inspections.freeze(round_id=nxt.pk, by=keeper("office"), at=_at(date(2022, 11, 22)))
    return [last, this, nxt]


def _last_quarter() -> InspectionRound:
    """Mended, not mended at the second look, and nothing found."""
    made = _revealed("2022 年第三季度社区戒毒社区康复联合检查", LAST_ON, LAST_ON + timedelta(days=25), towns=3, files=18)
    visits = _visits(made)
    for place, (visit, found) in enumerate(zip(visits, LAST, strict=True)):
        _look(visit, found, LAST_ON + timedelta(days=2 + 3 * place), signed_by=list(Department))
    again = date(2022, 10, 12)
    _again(visits[0], again, but="")
    _again(visits[1], again, but="S04")
    _drafted(visits[1], date(2022, 11, 18))
    return made


def _this_quarter() -> InspectionRound:
    """One being mended under an order, one that has none yet, one half looked at, one not visited."""
    made = _revealed("2022 年第四季度社区戒毒社区康复联合检查", THIS_ON, THIS_ON + timedelta(days=25), towns=4, files=24)
    visits = _visits(made)
    for place, (visit, found) in enumerate(zip(visits, THIS, strict=False)):
        _look(visit, found, THIS_ON + timedelta(days=1 + place), signed_by=list(Department))
    [order] = _drafted(visits[0], date(2022, 11, 17))
    for step, who, on in (("submit", "office", date(2022, 11, 21)), ("issue", "leader", date(2022, 11, 22))):
        order = orders.take(order=order, step=step, by=keeper(who), given={}, at=_at(on))
    _look(visits[2], {}, date(2022, 11, 22), signed_by=[], half=True)
    return made


def _planned(title: str, starts_on: date, ends_on: date, on: date, *, towns: int, files: int) -> InspectionRound:
    by = keeper("office")
    senders = reads.senders(Unit.objects.get(pk=by.unit_id or 0))
    units = {department: units[0].pk for department, units in senders.items()}
    period = f"{starts_on.year}Q{(starts_on.month + 2) // 3}"
    plan = Plan(title, period, starts_on, ends_on, towns, files, True, units)
    return inspections.plan(plan=plan, by=by, at=_at(on))


def _revealed(title: str, starts_on: date, ends_on: date, *, towns: int, files: int) -> InspectionRound:
    made = _planned(title, starts_on, ends_on, starts_on - timedelta(days=7), towns=towns, files=files)
    inspections.freeze(round_id=made.pk, by=keeper("office"), at=_at(starts_on - timedelta(days=6)))
    return inspections.reveal(round_id=made.pk, by=keeper("office"), at=_at(starts_on))


def _visits(made: InspectionRound) -> list[InspectionVisit]:
    return list(made.visits.select_related("round", "division", "unit").order_by("division__code"))


def _look(visit: InspectionVisit, found: Found, on: date, *, signed_by: Sequence[Department], half: bool = False) -> None:
    """Everybody signs in, every item is answered (``half``: the station and the first file), departments sign in turn."""
    for department in Department:
        inspections.sign_in(visit_id=visit.pk, by=keeper(WHO[department]), at=_at(on, 9))
    wanted = rules.asked(reads.items_of(visit.round), visit.files)
    for place, (item, lot) in enumerate(wanted):
        if half and lot and lot != visit.files[0]:
            break
        words = found.get((item, visit.files.index(lot) + 1 if lot else 0), "")
        usual = Answer.NONE if item in ("S06", "F08", "F09") else Answer.YES
        who = WHO[list(Department)[place % 4]]
        inspections.mark(
            visit_id=visit.pk, item=item, lot=lot, answer=Answer.NO if words else usual, finding=words, by=keeper(who), at=_at(on, 10)
        )
    for department in signed_by:
        inspections.sign(visit_id=visit.pk, mend_by=on + timedelta(days=30), by=keeper(WHO[department]), at=_at(on, 16))


def _again(visit: InspectionVisit, on: date, *, but: str) -> None:
    failed = InspectionMark.objects.filter(visit=visit, answer=Answer.NO)
    verdicts = {(one.item, one.lot): (one.item != but, "柜子仍没有锁" if one.item == but else "已补齐") for one in failed}
    inspections.recheck(visit_id=visit.pk, mended=verdicts, by=keeper("civil_affairs"), at=_at(on, 15))


def _drafted(visit: InspectionVisit, on: date) -> list[Any]:
    visit = InspectionVisit.objects.get(pk=visit.pk)
    start = order_basis.from_inspection(keeper("office"), on, visit.pk)
    values: dict[str, Any] = dict(start.values) | {"contact": "周文"}
    due = date(2022, 12, 16)
    return orders.draft(values=values, unit_ids=list(start.unit_ids), due_on=due, by=keeper("office"), basis=Basis(start.kind, start.cited), at=_at(on, 17))


def _at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.ZONE)
