"""A round and a visit in the words of their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.governance.enums import Answer, Department, VisitState
from qingyuan.governance.models import InspectionMark, InspectionPhoto, InspectionRound, InspectionVisit
from qingyuan.governance.queries import inspections as reads
from qingyuan.governance.queries.inspections import Visited
from qingyuan.governance.rules import inspections as rules
from qingyuan.governance.rules.inspections import ALL_KINDS
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference.catalogue import get_list
from qingyuan.reference.inspection_items import FILE, STATION, InspectionItem
from qingyuan.web.inspections.forms import MarkForm

TONES: Final = {
    VisitState.DRAWN: "grey", VisitState.LOOKING: "soon", VisitState.SIGNING: "soon", VisitState.CLEAN: "good",
    VisitState.TO_ORDER: "soon", VisitState.MENDING: "soon", VisitState.AGAIN: "late", VisitState.MENDED: "good",
}  # fmt: skip
ANSWER_TONES: Final = {Answer.YES: "good", Answer.NO: "late", Answer.NONE: "grey"}


@dataclass(frozen=True)
class Line:
    """A round or a visit in a list."""

    title: str
    note: str
    href: str
    state: str
    tone: str


@dataclass(frozen=True)
class Sheet:
    """The station, or one file: where its checklist is, how far it is. ``person``: the client's page, for who may read it."""

    number: int
    title: str
    note: str
    done: int
    wanted: int
    failed: int
    href: str
    person: Any = None


@dataclass(frozen=True)
class Item:
    """One item of a checklist with its form and what was answered. ``errors`` come back beside it."""

    item: InspectionItem
    form: MarkForm
    mark: InspectionMark | None
    photos: Sequence[InspectionPhoto]
    href: str
    tone: str
    error: str = ""


def round_state(made: InspectionRound) -> tuple[str, str]:
    if made.revealed_at:
        return _("已抽取"), "good"
    return (_("名单已锁定"), "soon") if made.frozen_at else (_("已公布校验值"), "grey")


def round_line(made: InspectionRound) -> Line:
    state, tone = round_state(made)
    days = {"from": made.starts_on.isoformat(), "to": made.ends_on.isoformat(), "towns": made.towns, "files": made.files}
    note = _("%(from)s 至 %(to)s · 抽 %(towns)s 个乡镇、%(files)s 份档案") % days
    return Line(made.title or made.period, note, reverse("web:inspection", args=[made.pk]), state, tone)


def visit_line(found: Visited) -> Line:
    visit, counted = found.visit, found.counted
    if visit.final_at:
        note = _("检查 %(checked)s 项,不符合 %(failed)s 项") % {"checked": counted.checked, "failed": counted.failed}
    else:
        note = _("已有结论 %(done)s / %(wanted)s 项") % {"done": counted.answered, "wanted": counted.wanted}
    note = f"{visit.round.period} · {note}"
    return Line(visit.division.name, note, reverse("web:inspection-visit", args=[visit.pk]), str(found.state.label), TONES[found.state])


def steps(made: InspectionRound) -> list[tuple[str, str, str]]:
    """The three steps with when they were taken and what was published."""
    last = moment(made.revealed_at) or _("%(day)s 起可以办") % {"day": made.starts_on.isoformat()}
    frozen = _("锁定名单(%(count)s 个乡镇)") % {"count": len(made.frame)} if made.frozen_at else _("锁定名单")
    return [
        (_("公布种子的校验值"), moment(made.committed_at), made.seed_hash),
        (frozen, moment(made.frozen_at), made.list_hash),
        (_("公布种子并抽取"), last, made.seed if made.revealed_at else ""),
    ]


def moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""


def drawn(made: InspectionRound) -> list[tuple[str, str]]:
    """The towns drawn and how many files in each stratum; the frame holds no stratum of fewer than five."""
    names = dict(Division.objects.filter(code__in=made.drawn).values_list("code", "name"))
    return [
        (names.get(code, code), "、".join(_taken(name, strata[name], made.frame[code][name]) for name in sorted(strata)))
        for code, strata in made.drawn.items()
    ]


def _taken(name: str, lots: Sequence[str], frame: Sequence[str]) -> str:
    words = _("%(kind)s %(all)s 份里抽 %(taken)s 份")
    return words % {"kind": kind_label(name), "all": len(frame), "taken": len(lots)}


def kind_label(name: str) -> str:
    return _("各类措施") if name == ALL_KINDS else get_list("measures").said(name)


def sheets(found: Visited, people: dict[str, Any]) -> list[Sheet]:
    """The station's sheet and one for each file, as far as each is answered."""
    answered = {(one.item, one.lot): one.answer for one in found.marks}
    made = []
    for number, lot in enumerate(["", *found.visit.files]):
        items = [one for one in found.items if one.part == (FILE if lot else STATION)]
        given = [answered[one.code, lot] for one in items if (one.code, lot) in answered]
        made.append(
            Sheet(
                number,
                _("第 %(number)s 份档案") % {"number": number} if lot else _("工作站"),
                _("代号 %(lot)s") % {"lot": lot[:8]} if lot else _("机构、人员、计划、保管"),
                len(given),
                len(items),
                sum(one == Answer.NO for one in given),
                reverse("web:inspection-list", args=[found.visit.pk, number]),
                people.get(lot),
            )
        )
    return made


def items(found: Visited, number: int, photos: Sequence[InspectionPhoto], wrong: tuple[str, MarkForm, str] | None = None) -> list[Item]:
    """The items of one sheet, each with its own form; ``wrong``: (item, form, message) of the one that was refused."""
    lot = lot_of(found.visit, number)
    marks = {one.item: one for one in found.marks if one.lot == lot}
    made = []
    for item in [one for one in found.items if one.part == (FILE if lot else STATION)]:
        mark = marks.get(item.code)
        form, error = mark_form(item, mark), ""
        if wrong is not None and wrong[0] == item.code:
            form, error = wrong[1], wrong[2]
        own = [one for one in photos if one.item == item.code and one.lot == lot]
        href = reverse("web:inspection-mark", args=[found.visit.pk, number, item.code.lower()])
        made.append(Item(item, form, mark, own, href, ANSWER_TONES[Answer(mark.answer)] if mark else "", error))
    return made


def mark_form(item: InspectionItem, mark: InspectionMark | None) -> MarkForm:
    given = {"answer": mark.answer, "finding": mark.finding, "was": mark.answer} if mark else {"was": ""}
    return MarkForm(initial=given, auto_id=f"{item.code}_%s")


def lot_of(visit: InspectionVisit, number: int) -> str:
    """The file of a sheet; empty for the station's. Raises IndexError where there is no such sheet."""
    return ["", *visit.files][number]


def departments(found: Visited) -> list[tuple[str, str, str]]:
    """Each department: its unit, who came, who signed and when."""
    units = {part.department: part.unit.label for part in found.visit.round.parts.all()}
    rows = []
    for one in Department:
        there = [present.by_name for present in found.present if present.department == one]
        signed = found.signed.get(one)
        if signed is not None:
            said = _("%(who)s %(when)s 签字") % {"who": signed.by_name, "when": moment(signed.signed_at)}
        else:
            said = _("%(who)s已签到") % {"who": "、".join(there)} if there else _("还没有人签到")
        rows.append((str(one.label), units.get(one, ""), said))
    return rows


def failed_lines(found: Visited) -> list[tuple[str, str, str, str]]:
    """Each thing that does not hold: what, where, what was found, and what a second look came to."""
    titles = {one.code: one.said for one in found.items}
    lines = []
    for one in found.marks:
        if one.answer != Answer.NO:
            continue
        where = _("第 %(number)s 份档案") % {"number": found.visit.files.index(one.lot) + 1} if one.lot else _("工作站")
        again = "" if one.mended is None else (_("已整改") if one.mended else _("没有整改")) + (f":{one.mended_note}" if one.mended_note else "")
        lines.append((titles[one.item], where, one.finding or "", again))
    return lines


def visit_acts(found: Visited, department: str, actor: Actor) -> dict[str, bool]:
    """What this person may do on the page now."""
    here = any(one.account_id == actor.account_id for one in found.present)
    final = found.visit.final_at is not None
    return {
        "sign_in": bool(department) and not here and not final,
        "look": bool(department) and here and not final and not found.signed,
        "sign": bool(department) and here and not final and found.counted.full and department not in found.signed,
        "reopen": bool(department) and not final and bool(found.signed),
        "recheck": bool(department) and final and found.counted.failed > 0 and not found.visit.recheck_passed,
    }


def ask_day(found: Visited) -> bool:
    """Whether the one who signs now says by when it is to be mended."""
    return found.counted.failed > 0 and found.visit.mend_by is None


def usual_day(on: date) -> date:
    return date.fromordinal(on.toordinal() + rules.USUAL_DAYS)


def recheck_titles(found: Visited, failed: Sequence[InspectionMark]) -> dict[Any, str]:
    titles = {one.code: one.said for one in found.items}
    return {
        one.pk: f"{titles[one.item]} · " + (_("第 %(number)s 份档案") % {"number": found.visit.files.index(one.lot) + 1} if one.lot else _("工作站"))
        for one in failed
    }


def visible(actor: Actor, on: date) -> tuple[list[Line], list[Line]]:
    """Rounds and visits as ``actor`` sees them, the newest first."""
    made = list(reads.rounds_visible(actor, on)[:20])
    visits = list(reads.visits_visible(actor, on).order_by("-round__starts_on", "division__code")[:60])
    return [round_line(one) for one in made], [visit_line(one) for one in reads.visited(visits)]
