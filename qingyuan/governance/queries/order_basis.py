"""What an order begins from: a figure, a return that is late, an instruction not answered, a task that is overdue.

Everything is read as the one who drafts may read it, small numbers closed as on the page; the words are Chinese, for they go
onto a paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from qingyuan.casework.handovers import queries as handovers
from qingyuan.casework.models import HandOver
from qingyuan.casework.procedures.loading import get_procedure
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.documents.wording import chinese_date, tight
from qingyuan.foundation import clock
from qingyuan.foundation.words import said as shown
from qingyuan.governance.enums import BasisKind
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import PatternQuestion, Return, SupervisionOrder
from qingyuan.governance.permissions import questions_visible, returns_visible
from qingyuan.governance.queries import inspections
from qingyuan.governance.rules.inspections import problems_of
from qingyuan.governance.rules.orders import PROCEDURE, TEXTS
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import BadPeriod, Period
from qingyuan.situation.queries.told import tell

INSTRUCTIONS, TASKS = "instructions", "unit_tasks"
#: Indicators whose worse part has words of its own in an order: indicator and part → the verb of its subject, what is asked.
_ASK: Final = {
    ("R05", "missing"): (
        "补齐",
        "逐人核对窗口已过、没有检测的情况：有合法缺席凭证的登记凭证，没有的约定时间补检，并写明原因。",
    ),
}


@dataclass(frozen=True)
class Start:
    """A draft with its basis filled in: what stands in which field, whom it goes to, what is cited."""

    kind: str
    values: dict[str, str] = field(default_factory=dict)
    unit_ids: tuple[int, ...] = ()
    cited: dict[str, Any] = field(default_factory=dict)


def from_return(actor: Actor, on: date, return_id: UUID) -> Start:
    """A return that is not filed. Raises StepRefused where there is none such for this reader."""
    filed: Return | None = returns_visible(actor, on).filter(pk=return_id).select_related("unit").first()
    if filed is None:
        raise _nothing()
    form = get_form(filed.form)
    with override(settings.LANGUAGE_CODE):
        month = filed.month.label_zh
        late = f"应于{chinese_date(filed.due_on)}报送，" + ("至今没有报送" if filed.first_submitted_on is None else "已逾期")
        basis = tight(f"{filed.unit.name}{month}《{form.title}》{late}。")
    values = {
        "subject": tight(f"报送{month}{form.title}"),
        "basis": basis,
        "asked": "按规定口径填报并由负责同志审核后报出；说明逾期的原因和以后怎样按时报送。",
    }
    return _start(BasisKind.RETURN, values, filed.unit, {"return": str(filed.pk), "row": str(filed.pk)})


def from_row(actor: Actor, on: date, ledger: str, row_id: UUID) -> Start:
    """An instruction that is not answered, or a task past its day. Raises StepRefused."""
    if ledger not in (INSTRUCTIONS, TASKS):
        raise _nothing()
    row: Any = ledger_queries.rows(registry.get(ledger), actor, on).filter(pk=row_id).first()
    if row is None:
        raise _nothing()
    cited = {"ledger": ledger, "row": str(row.pk)}
    with override(settings.LANGUAGE_CODE):
        if ledger == INSTRUCTIONS:
            words = f"{chinese_date(row.given_on)}批示（{row.document_number}）要求：{row.content}"
            basis = tight(f"{words.rstrip('。')}。办结期限为{chinese_date(row.due_on)}，{row.unit.name}至今没有反馈。")
            values = {"subject": f"办理{row.document_number}批示", "asked": row.content}
            return _start(BasisKind.INSTRUCTION, values | {"basis": basis}, row.unit, cited)
        task = row.task.rstrip("。")
        basis = tight(f"{row.unit.name}{row.plan.year}年工作计划第{row.item}项任务“{task}”应于{chinese_date(row.due_on)}完成，至今没有完成。")
    values = {"subject": f"完成年度任务第{row.item}项", "asked": f"{task}。完成标准：{row.done_when.rstrip('。')}。", "basis": basis}
    return _start(BasisKind.TASK, values, row.unit, cited)


def from_handover(actor: Actor, on: date, handover_id: UUID) -> Start:
    """An offer nobody answered in time: between which units and since when, never of whom. Raises StepRefused."""
    late: HandOver | None = handovers.late_below(actor, on).filter(pk=handover_id).first()
    if late is None or late.answer_by is None:
        raise _nothing()
    with override(settings.LANGUAGE_CODE):
        days = f"{chinese_date(late.offered_on)}移交{late.to_unit.name}的服务对象，应于{chinese_date(late.answer_by)}前答复，至今没有答复。"
    values = {
        "subject": "答复逾期的移交",
        "basis": tight(f"{late.unit.name}{days}"),
        "asked": "看过移交说明以后签收并落实由谁负责；不该接收的，写明理由拒收。",
    }
    return _start(BasisKind.NOTE, values, late.to_unit, {"row": str(late.pk)})


def from_inspection(actor: Actor, on: date, visit_id: UUID) -> Start:
    """What four departments signed after a visit and what does not hold, to be mended by the day they set. Raises StepRefused."""
    visit = inspections.visits_visible(actor, on).filter(pk=visit_id, final_at__isnull=False).first()
    if visit is None or visit.visited_on is None:
        raise _nothing()
    found = inspections.visited([visit])[0]
    if not found.counted.failed:
        raise StepRefused(_("这次检查没有不符合的项,不用督办。"))
    require_first(str(visit.pk))
    with override(settings.LANGUAGE_CODE):
        problems = "\n".join(problems_of(found.items, found.seen))
        looked = f"{chinese_date(visit.visited_on)}四部门联合检查{visit.unit.name}，抽查档案{len(visit.files)}份"
        basis = tight(f"{looked}，检查{found.counted.checked}项，不符合{found.counted.failed}项。")
    values = {
        "subject": "整改联合检查发现的问题",
        "basis": basis,
        "asked": f"{problems[:1300]}\n逐项整改，写明做了什么、谁来核对；整改完报检查组复查。",
    }
    return _start(BasisKind.INSPECTION, values, visit.unit, {"row": str(visit.pk)})


def from_question(actor: Actor, on: date, question_id: UUID) -> Start:
    """A question about a pattern that is being looked into, in the words it was asked with. Raises StepRefused."""
    question: PatternQuestion | None = questions_visible(actor, on).filter(pk=question_id, state="looking").select_related("unit").first()
    if question is None:
        raise _nothing()
    require_first(str(question.pk))
    with override(settings.LANGUAGE_CODE):
        said = f"于{chinese_date(question.answered_on)}作了说明" if question.answered_on else "逾期没有说明"
        asked_on = question.asked_on or on
        basis = tight(f"{chinese_date(asked_on)}就“{question.get_pattern_display()}”请{question.unit.name}说明情况，{question.unit.name}{said}，现需核实。")
    values = {"subject": "核对并更正有关记录", "basis": basis, "asked": "逐条核对所依据的记录：属实的附当时的凭证；有错的按更正程序更正并写明原因。"}
    return _start(BasisKind.NOTE, values, question.unit, {"question": str(question.pk), "row": str(question.pk)})


def standing_about(row: str) -> SupervisionOrder | None:
    """The order that rests on a finding and was neither discarded nor withdrawn, a draft too; the first of them."""
    rows: Any = SupervisionOrder.everything.live().filter(cited__row=row).exclude(state__in=("discarded", "withdrawn"))
    found: SupervisionOrder | None = rows.select_related("unit", "issuer").order_by("recorded_at", "pk").first()
    return found


def require_first(row: str) -> None:
    """One finding is asked for once. Raises StepRefused with the order there is."""
    first = standing_about(row)
    if first is None:
        return
    words = _("这件事已由%(issuer)s的%(who)s于 %(day)s 起草督办单%(number)s,给%(unit)s,现在是“%(state)s”:请办那一份;要重新起草的,先把那一份撤回或者作废。")
    state = get_procedure(PROCEDURE).state(first.state)
    raise StepRefused(
        words
        % {
            "issuer": first.issuer.label,
            "who": first.drafted_by_name,
            "day": clock.day_of(first.recorded_at).isoformat(),
            "number": first.number or _("(未发)"),
            "unit": first.unit.label,
            "state": shown(state.label),
        }
    )


def from_figure(actor: Actor, on: date, *, indicator: str, part: str, division: str, period: str) -> Start:
    """A figure of one place and period, as its page shows it to this reader. Raises StepRefused with the reason."""
    place = Division.objects.filter(code=division).first()
    try:
        span = Period.parse(period)
    except BadPeriod as error:
        raise StepRefused(str(error)) from error
    if place is None:
        raise _nothing()
    with override(settings.LANGUAGE_CODE):
        told = tell(code=indicator, part=part, division=place, period=span, reader=actor, on=on)
        if not told.text:
            raise StepRefused(told.why)
        text = "不足5" if "<" in told.text else told.text
        if told.closed and text != "不足5":
            raise StepRefused(_("这个数%(why)s,不能写进督办单;可以改用文字依据。") % {"why": told.why})
        name = told.title if part == "value" else told.part.partition(":")[2] or told.part
        basis = tight(f"截至{chinese_date(on)}，{place.name}{span.label_zh}{name}{text}{told.unit}。")
    unit = Unit.objects.filter(division=place, closed_on=None).order_by("code").first()
    cited = {
        "indicator": indicator,
        "part": part,
        "division": place.code,
        "division_id": place.pk,
        "period": str(span),
        "text": told.text,
        "words": basis,
        "known_on": on.isoformat(),
    }
    verb, asked = _ASK.get((indicator, part), ("改进", ""))
    values = {"subject": tight(f"{verb}{span.label_zh}{name}"), "basis": basis, "asked": asked}
    return _start(BasisKind.FIGURE, values, unit, cited)


def _start(kind: BasisKind, values: dict[str, str], unit: Unit | None, cited: dict[str, Any]) -> Start:
    short = {name: text[: TEXTS[name]] for name, text in values.items()}
    return Start(kind.value, short, (unit.pk,) if unit is not None else (), cited)


def _nothing() -> StepRefused:
    return StepRefused(_("没有找到要引用的依据,它可能已经作废,或不在您的范围内。"))
