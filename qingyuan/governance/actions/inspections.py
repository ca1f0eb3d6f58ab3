"""The only writers of joint inspections: plan, freeze, reveal; sign in, mark, sign; look again.

What four departments signed becomes a row of the inspection ledger in the same transaction; no figure is typed twice, and no
department can change it alone afterwards.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.rules import StepRefused, check_ahead, clean_text
from qingyuan.documents.scans import clean_scan
from qingyuan.foundation import audit, clock, draws
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.enums import Answer, Department
from qingyuan.governance.models import (
    InspectionMark,
    InspectionPart,
    InspectionPhoto,
    InspectionPresence,
    InspectionRound,
    InspectionVisit,
)
from qingyuan.governance.queries import inspections as reads
from qingyuan.governance.queries.inspections import Visited
from qingyuan.governance.rules import inspections as rules
from qingyuan.governance.rules.inspections import ROUNDS, VISITS
from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import DivisionPath, Unit
from qingyuan.reference.inspection_items import FILE
from qingyuan.rehabilitation import drawing
from qingyuan.rehabilitation.actions import inspections as ledger

__all__ = ["NotAllowed", "StepRefused"]
MOST_BYTES: Final = 10 * 1024 * 1024
MOST_PHOTOS: Final = 6


@dataclass(frozen=True)
class Plan:
    """What is planned: ``units`` is the unit that acts for each of the four departments."""

    title: str
    period: str
    starts_on: date
    ends_on: date
    towns: int
    files: int
    by_kind: bool
    units: Mapping[Department, int]


# --- the plan and its draw -------------------------------------------------------------------------------------------------
@transaction.atomic
def plan(*, plan: Plan, by: Actor, at: datetime | None = None) -> InspectionRound:
    """Plan a round and publish the hash of a seed nobody has seen. Raises StepRefused with the field, NotAllowed."""
    moment = at or clock.now()
    on = clock.day_of(moment)
    unit = _planning(by, on)
    title = clean_text(plan.title, 60, _("检查名称"), "title")
    if not title:
        raise StepRefused(_("请填“%(field)s”。") % {"field": _("检查名称")}, "title")
    rules.check_plan(starts_on=plan.starts_on, ends_on=plan.ends_on, towns=plan.towns, files=plan.files, on=on)
    offered = reads.senders(unit)
    seed = draws.new_seed()
    made = InspectionRound.objects.create(
        division_id=unit.division_id,
        unit=unit,
        title=title,
        period=plan.period,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        towns=plan.towns,
        files=plan.files,
        by_kind=plan.by_kind,
        seed=seed,
        seed_hash=draws.commit(seed),
        committed_at=moment,
        committed_by_id=by.account_id,
        committed_by_name=by.name[:40],
    )
    for department in Department:
        sent = next((one for one in offered[department] if one.pk == plan.units.get(department)), None)
        if sent is None:
            raise StepRefused(_("请选“%(department)s”由哪个单位派员。") % {"department": department.label}, department.value)
        InspectionPart.objects.create(round=made, department=department, unit=sent, division_id=sent.division_id)
    _told_of_round(made, "plan", by)
    return made


@transaction.atomic
def freeze(*, round_id: UUID, by: Actor, at: datetime | None = None) -> InspectionRound:
    """Fix the towns and the files they could be asked for. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    made = _round(round_id, by, clock.day_of(moment))
    if made.frozen_at is not None:
        raise StepRefused(_("名单已经锁定,不能再改。"))
    files = _files_by_town(made, clock.day_of(moment))
    made.frame, made.short = rules.frame_of(files, by_kind=made.by_kind)
    if len(made.frame) < made.towns:
        words = _("档案不少于 %(least)d 份的乡镇只有 %(all)d 个,不够抽 %(size)d 个:请另订计划,把乡镇数改小。")
        raise StepRefused(words % {"least": SMALLEST, "all": len(made.frame), "size": made.towns})
    made.list_hash, made.frozen_at = rules.frame_hash(made.frame), moment
    made.save(update_fields=("frame", "short", "list_hash", "frozen_at"))
    _told_of_round(made, "freeze", by)
    return made


@transaction.atomic
def reveal(*, round_id: UUID, by: Actor, at: datetime | None = None) -> InspectionRound:
    """Show the seed, draw the towns and their files, open a visit for each town. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    on = clock.day_of(moment)
    made = _round(round_id, by, on)
    if made.frozen_at is None:
        raise StepRefused(_("先锁定名单,再公布种子:次序反了就没有人能证明没有挑。"))
    if made.revealed_at is not None:
        raise StepRefused(_("种子已经公布过。"))
    if on < made.starts_on:
        raise StepRefused(_("到检查开始那天(%(day)s)才能公布种子。") % {"day": made.starts_on.isoformat()})
    made.drawn = rules.draw_round(made.seed, made.frame, towns=made.towns, files=made.files)
    made.revealed_at = moment
    made.save(update_fields=("drawn", "revealed_at"))
    units = {unit.division.code: unit for unit in _town_units(made, on)}
    for code, strata in made.drawn.items():
        lots = [lot for name in sorted(strata) for lot in strata[name]]
        unit = units[code]
        InspectionVisit.objects.create(round=made, division_id=unit.division_id, unit=unit, files=lots)
    _told_of_round(made, "reveal", by)
    return made


def _files_by_town(made: InspectionRound, on: date) -> dict[str, dict[str, list[str]]]:
    """Every town of the city by its code, with the files of measures carried out there."""
    by_unit = drawing.files_of(made.pk, on)
    return {unit.division.code: by_unit.get(unit.pk, {}) for unit in _town_units(made, on) if unit.pk in by_unit}


def _town_units(made: InspectionRound, on: date) -> list[Unit]:
    """The unit of each division under the round's that answers for files there: the first by its code."""
    below = DivisionPath.objects.on(on).filter(ancestor_id=made.division_id).exclude(descendant_id=made.division_id)
    found: dict[int, Unit] = {}
    for unit in Unit.objects.filter(division_id__in=below.values("descendant_id"), closed_on=None).select_related("division").order_by("code"):
        found.setdefault(unit.division_id, unit)
    return list(found.values())


# --- at the station ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def sign_in(*, visit_id: UUID, by: Actor, at: datetime | None = None) -> InspectionPresence:
    """Somebody of one of the four departments is there. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    on = clock.day_of(moment)
    visit, department = _visit(visit_id, by, on)
    if visit.final_at is not None:
        raise StepRefused(_("这次检查已经定稿。"))
    if InspectionPresence.objects.filter(visit=visit, account_id=by.account_id or 0).exists():
        raise StepRefused(_("您已经签到。"))
    made = InspectionPresence.objects.create(
        visit=visit, department=department, account_id=by.account_id or 0, by_name=by.name[:40], arrived_at=moment
    )
    if visit.visited_on is None:
        visit.visited_on = on
    _moved(visit, "sign_in", by, {"department": department})
    return made


@transaction.atomic
def mark(
    *, visit_id: UUID, item: str, lot: str, answer: str, finding: str = "", was: str | None = None, by: Actor, at: datetime | None = None
) -> InspectionMark:
    """Answer one item. ``was``: the answer the page showed ("" for none): another one's in between is not written over.

    Raises StepRefused, NotAllowed.
    """
    moment = at or clock.now()
    on = clock.day_of(moment)
    visit, department = _working(visit_id, by, on)
    _known(visit, item, lot)
    words = rules.check_finding(answer, finding)
    there = InspectionMark.objects.filter(visit=visit, item=item, lot=lot).first()
    if there is not None and was is not None and there.answer not in (was, answer):
        message = _("%(who)s刚把这一项记为“%(answer)s”,请先看过再改。")
        raise StepRefused(message % {"who": there.by_name, "answer": there.get_answer_display()}, "answer")
    before = None if there is None else {"answer": there.answer, "finding": there.finding}
    kept = there or InspectionMark(visit=visit, item=item, lot=lot)
    kept.answer, kept.finding, kept.by_name, kept.by_department, kept.at = answer, words, by.name[:40], department, moment
    kept.save()
    audit.record_write(
        by=by,
        act=f"{VISITS}.mark",
        ledger=VISITS,
        rows=[audit.RowDelta(kept.pk, Compartment.INTERNAL, before, {"answer": answer, "finding": words}, frozenset({"finding"}))],
        division_id=visit.division_id,
        summary=f"{item} {answer}",
    )
    return kept


@transaction.atomic
def keep_photo(*, visit_id: UUID, item: str, lot: str, data: bytes, media_type: str, by: Actor, at: datetime | None = None) -> InspectionPhoto:
    """A picture of what was found, drawn anew. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    visit, _department = _working(visit_id, by, clock.day_of(moment))
    _known(visit, item, lot)
    if media_type not in ("image/png", "image/jpeg") or len(data) > MOST_BYTES:
        raise StepRefused(_("照片要是 10 MB 以内的 JPG 或 PNG。"), "photo")
    try:
        clean = clean_scan(data)
    except ValueError as error:
        raise StepRefused(str(error), "photo") from error
    digest = hashlib.sha256(clean).hexdigest()
    there = InspectionPhoto.objects.filter(visit=visit, item=item, lot=lot)
    if there.filter(digest=digest).exists():
        raise StepRefused(_("这张照片已经传过,不用再传。"), "photo")
    if there.count() >= MOST_PHOTOS:
        raise StepRefused(_("一项最多 %(most)d 张照片。") % {"most": MOST_PHOTOS}, "photo")
    kept = InspectionPhoto.objects.create(
        visit=visit, item=item, lot=lot, digest=digest, size=len(clean), media_type=media_type,
        content=base64.b64encode(clean).decode(), stored_at=moment, by_name=by.name[:40],
    )  # fmt: skip
    _moved(visit, "photo", by, {"item": item, "digest": digest[:12]})
    return kept


@transaction.atomic
def sign(*, visit_id: UUID, mend_by: date | None = None, by: Actor, at: datetime | None = None) -> InspectionVisit:
    """Put one's department's name to the findings; with the last of the four they are final and the ledger has its row.

    ``mend_by``: by when what failed is to be mended; the first who signs says it. Raises StepRefused, NotAllowed.
    """
    moment = at or clock.now()
    on = clock.day_of(moment)
    visit, department = _visit(visit_id, by, on)
    if visit.final_at is not None:
        raise StepRefused(_("这次检查已经定稿。"))
    found = reads.visited([visit])[0]
    own = next((one for one in found.present if one.account_id == by.account_id), None)
    if own is None:
        raise StepRefused(_("没有签到的人不能签字:请由到过现场的同志签。"))
    if department in found.signed:
        raise StepRefused(_("%(department)s已由%(who)s签字。") % {"department": Department(department).label, "who": found.signed[department].by_name})
    if not found.counted.full:
        left = found.counted.wanted - found.counted.answered
        raise StepRefused(_("还有 %(left)d 项没有结论,查完再签字。") % {"left": left})
    if found.counted.failed and visit.mend_by is None:
        if mend_by is None:
            raise StepRefused(_("有不符合的项,请填整改期限。"), "mend_by")
        check_ahead(mend_by, on, _("整改期限"), "mend_by")
        visit.mend_by = mend_by
    own.signed_at = moment
    own.save(update_fields=("signed_at",))
    if not rules.unsigned(reads.visited([visit])[0].signed):
        _make_final(visit, found, by, moment)
    _moved(visit, "sign", by, {"department": department, "final": visit.final_at is not None})
    return visit


@transaction.atomic
def reopen(*, visit_id: UUID, reason: str, by: Actor, at: datetime | None = None) -> InspectionVisit:
    """Take all signatures back before the last one stands, to correct an answer. Raises StepRefused, NotAllowed."""
    visit, _department = _visit(visit_id, by, clock.day_of(at or clock.now()))
    words = clean_text(reason, 200, _("退回的理由"), "reason")
    if visit.final_at is not None:
        raise StepRefused(_("四个部门都已签字,不能再改;有新的情况写进复查。"))
    if not words:
        raise StepRefused(_("请填“%(field)s”。") % {"field": _("退回的理由")}, "reason")
    if not InspectionPresence.objects.filter(visit=visit, signed_at__isnull=False).update(signed_at=None):
        raise StepRefused(_("还没有人签字,直接改就行。"))
    visit.mend_by = None
    _moved(visit, "reopen", by, {"reason": words}, personal=frozenset({"reason"}))
    return visit


@transaction.atomic
def recheck(*, visit_id: UUID, mended: Mapping[tuple[str, str], tuple[bool, str]], by: Actor, at: datetime | None = None) -> InspectionVisit:
    """Look again at everything that failed: (item, lot) → mended or not, with what was seen. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    on = clock.day_of(moment)
    visit, department = _visit(visit_id, by, on)
    if visit.final_at is None:
        raise StepRefused(_("检查定稿以后才有复查。"))
    if visit.recheck_passed:
        raise StepRefused(_("已经复查合格。"))
    failed = list(InspectionMark.objects.filter(visit=visit, answer=Answer.NO).order_by("lot", "item"))
    if not failed:
        raise StepRefused(_("没有不符合的项,不用复查。"))
    for one in failed:
        verdict, note = mended.get((one.item, one.lot), (None, ""))
        if verdict is None:
            raise StepRefused(_("每一项都要有复查结论。"), f"mended-{one.pk}")
        one.mended, one.mended_note = verdict, clean_text(note, rules.LONGEST, _("复查情况"), f"note-{one.pk}")
        if not verdict and not one.mended_note:
            raise StepRefused(_("没有整改的,请写明还差什么。"), f"note-{one.pk}")
        one.save(update_fields=("mended", "mended_note"))
    visit.rechecked_on, visit.recheck_passed = on, all(one.mended for one in failed)
    writing = Writing(by=by, on=on, reason="inspection recheck")
    ledger.recheck_visit(visit_id=visit.pk, passed=visit.recheck_passed, writing=writing)
    _moved(visit, "recheck", by, {"department": department, "passed": visit.recheck_passed})
    return visit


# --- the parts ---------------------------------------------------------------------------------------------------------------
def _make_final(visit: InspectionVisit, found: Visited, by: Actor, moment: datetime) -> None:
    on = clock.day_of(moment)
    with override(settings.LANGUAGE_CODE):
        values = rules.row_values(
            on=visit.visited_on or on,
            document=f"{visit.round.period}-{visit.division.code}",
            present=[one.department for one in found.present],
            files=len(visit.files),
            counted=found.counted,
            problems=rules.problems_of(found.items, found.seen),
            mend_by=visit.mend_by,
        )
    draft = Draft(number=1, values=values | {"division": visit.division_id}, division_id=visit.division_id, unit_id=visit.unit_id)
    row = ledger.record_visit(visit_id=visit.pk, draft=draft, writing=Writing(by=by, on=on, reason="inspection signed"))
    visit.row_id, visit.final_at = row.pk, moment


def _known(visit: InspectionVisit, item: str, lot: str) -> None:
    """Raises StepRefused for an item that is not on this visit's list, or a file that was not drawn."""
    declared = next((one for one in reads.items_of(visit.round) if one.code == item), None)
    if declared is None or (lot not in visit.files if declared.part == FILE else bool(lot)):
        raise StepRefused(_("这一项不在本次检查单上,请刷新页面。"))


def _planning(by: Actor, on: date) -> Unit:
    decision = reads.may_plan(by, on)
    if not decision.allowed:
        raise NotAllowed(decision.reason)
    return Unit.objects.select_related("division").get(pk=by.unit_id or 0)


def _round(round_id: UUID, by: Actor, on: date) -> InspectionRound:
    unit = _planning(by, on)
    made = InspectionRound.objects.select_for_update().get(pk=round_id)
    if made.unit_id != unit.pk:
        raise NotAllowed(_("这次检查由%(unit)s组织。") % {"unit": made.unit.label})
    return made


def _visit(visit_id: UUID, by: Actor, on: date) -> tuple[InspectionVisit, str]:
    """The visit, locked, and for which department ``by`` acts there. Raises NotAllowed."""
    rows = InspectionVisit.objects.select_for_update(of=("self",))
    visit = rows.select_related("round", "division", "unit").get(pk=visit_id)
    department = reads.department_of(by, visit.round, on)
    if not department:
        raise NotAllowed(_("现场检查由公安、政法委、司法、民政派出的人员办理。"))
    return visit, department


def _working(visit_id: UUID, by: Actor, on: date) -> tuple[InspectionVisit, str]:
    """``_visit`` where answers may still be written: by somebody who signed in, before anybody signed."""
    visit, department = _visit(visit_id, by, on)
    here = list(InspectionPresence.objects.filter(visit=visit))
    if visit.final_at is not None:
        raise StepRefused(_("这次检查已经定稿。"))
    if all(one.account_id != by.account_id for one in here):
        raise StepRefused(_("请先签到,再记检查情况。"))
    if any(one.signed_at for one in here):
        raise StepRefused(_("已有部门签字,检查记录不能再改;要改的,先退回签字。"))
    return visit, department


def _moved(visit: InspectionVisit, act: str, by: Actor, after: dict[str, Any], personal: frozenset[str] = frozenset()) -> None:
    visit.version += 1
    visit.save()
    audit.record_write(
        by=by,
        act=f"{VISITS}.{act}",
        ledger=VISITS,
        rows=[audit.RowDelta(visit.pk, Compartment.INTERNAL, None, after, personal)],
        division_id=visit.division_id,
        summary=act,
    )


def _told_of_round(made: InspectionRound, act: str, by: Actor) -> None:
    after = {"seed_hash": made.seed_hash, "list_hash": made.list_hash, "towns": made.towns, "files": made.files, "drawn": len(made.drawn)}
    audit.record_write(
        by=by,
        act=f"{ROUNDS}.{act}",
        ledger=ROUNDS,
        rows=[audit.RowDelta(made.pk, Compartment.INTERNAL, None, after)],
        division_id=made.division_id,
        summary=made.seed_hash[:16],
    )
