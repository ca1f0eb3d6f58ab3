"""Joint inspections: what waits for a department, for the office that organises them, and for the town that was drawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.governance.enums import VisitState
from qingyuan.governance.models import InspectionRound, InspectionVisit
from qingyuan.governance.queries import inspections as reads
from qingyuan.governance.queries.inspections import Visited
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role

#: Whose unit can have a part in one.
DEPARTMENTS = (Role.POLICE_OFFICER, Role.UNIT_LIAISON)
TOWN = (Role.TOWN_SUPERVISOR, Role.TOWN_LEADER)
SHOWN = 40


def jobs(actor: Actor, on: date) -> list[Job]:
    """Visits to make, to sign, to look at again; rounds to freeze or reveal, findings without an order; drawers to open."""
    if actor.has_role(Role.COMMISSION_CLERK):
        return _of_office(actor, on)
    if actor.has_role(*DEPARTMENTS):
        return [job for one in _open(actor, on) if (job := _of_department(actor, one, on)) is not None]
    if actor.has_role(*TOWN):
        return [_of_town(one, on) for one in _open(actor, on) if one.visit.unit_id == actor.unit_id and one.state is VisitState.DRAWN]
    return []


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    """What is overdue or due today, told from the days of the plan and the term to mend."""
    if actor.has_role(Role.COMMISSION_CLERK, *DEPARTMENTS):
        yield sum(job.is_pressing(on) for job in jobs(actor, on))
    elif actor.has_role(*TOWN):
        yield Tally(InspectionVisit.objects.filter(unit_id=actor.unit_id or 0, visited_on=None, round__starts_on__lte=on))


def _open(actor: Actor, on: date) -> list[Visited]:
    """Visits that are not over: nothing signed yet, or something left to mend."""
    rows = reads.visits_visible(actor, on).exclude(recheck_passed=True).exclude(final_at__isnull=False, mend_by=None)
    return reads.visited(list(rows.order_by("round__ends_on", "division__code")[:SHOWN]))


def _of_department(actor: Actor, found: Visited, on: date) -> Job | None:
    visit, state = found.visit, found.state
    here = page("inspection-visit", visit.pk)
    if state in (VisitState.DRAWN, VisitState.LOOKING):
        note = _("%(day)s 以前看完;已有结论 %(done)s / %(wanted)s 项")
        words = {"day": visit.round.ends_on.isoformat(), "done": found.counted.answered, "wanted": found.counted.wanted}
        return Job(_("联合检查:%(town)s") % {"town": visit.division.name}, note % words, until(visit.round.ends_on, on), _("去检查"), here)
    if state is VisitState.SIGNING:
        department = reads.department_of(actor, visit.round, on)
        if department in found.signed or all(one.department != department for one in found.present):
            return None
        title = _("联合检查待签字:%(town)s") % {"town": visit.division.name}
        return Job(title, _("四个部门都签了才定稿"), until(visit.round.ends_on, on), _("去签字"), here)
    if state in (VisitState.MENDING, VisitState.AGAIN) and visit.mend_by is not None:
        title = _("复查:%(town)s") % {"town": visit.division.name}
        note = _("整改期限 %(day)s;不符合 %(failed)s 项") % {"day": visit.mend_by.isoformat(), "failed": found.counted.failed}
        return Job(title, note, until(visit.mend_by, on), _("去复查"), here)
    return None


def _of_town(found: Visited, on: date) -> Job:
    visit = found.visit
    title = _("联合检查抽到本单位 %(count)s 份档案") % {"count": len(visit.files)}
    return Job(title, _("按代号找出档案,检查组来时当面打开"), until(visit.round.starts_on, on), _("看是哪些"), page("inspection-visit", visit.pk))


def _of_office(actor: Actor, on: date) -> list[Job]:
    found = []
    for made in InspectionRound.objects.filter(unit_id=actor.unit_id or 0, revealed_at=None).order_by("starts_on"):
        act = _("公布种子") if made.frozen_at else _("锁定名单")
        title = _("联合检查待抽取:%(title)s") % {"title": made.title}
        found.append(Job(title, _("先锁定名单,开始那天公布种子"), until(made.starts_on, on), act, page("inspection", made.pk)))
    for one in _open(actor, on):
        if one.state is VisitState.TO_ORDER:
            title = _("联合检查发现问题,还没有督办:%(town)s") % {"town": one.visit.division.name}
            note = _("不符合 %(failed)s 项,四个部门已签字") % {"failed": one.counted.failed}
            left = until(one.visit.mend_by, on) if one.visit.mend_by else None
            found.append(Job(title, note, left, _("起草督办单"), page("inspection-visit", one.visit.pk), one.visit.division.name))
        elif one.state is VisitState.AGAIN and one.order is not None:
            title = _("复查不合格:%(town)s") % {"town": one.visit.division.name}
            found.append(Job(title, _("退回重办,或者提级督办"), None, _("看督办单"), page("order", one.order.pk), one.visit.division.name))
    return found
