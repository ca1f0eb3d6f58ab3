"""The only writers of supervision orders. Every step is one of the declared procedure; nothing closes itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from qingyuan.casework.actions import procedure_papers, procedures
from qingyuan.casework.actions.papers import Cited, Source
from qingyuan.casework.actions.procedures import CaseMoved, Taking
from qingyuan.casework.enums import PaperKind
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.procedures.rules import Standing, StepRefused
from qingyuan.foundation import clock
from qingyuan.foundation.ids import new_id
from qingyuan.governance.actions import questions
from qingyuan.governance.actions.kept_files import keep_files
from qingyuan.governance.enums import BasisKind
from qingyuan.governance.facts import SUPERVISION_ORDERS
from qingyuan.governance.models import InspectionVisit, SupervisionOrder
from qingyuan.governance.models.order import UNSENT
from qingyuan.governance.permissions import conditions_of, may_give_orders, standing_of
from qingyuan.governance.queries.order_basis import require_first
from qingyuan.governance.queries.orders import receivers
from qingyuan.governance.rules import orders as rules
from qingyuan.governance.rules.orders import LEDGER, PROCEDURE
from qingyuan.ledgers import publishing, registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import BadPeriod, Period

__all__ = ["CaseMoved", "NotAllowed", "StepRefused"]
MOST_RECEIVERS: Final = 60


@dataclass(frozen=True)
class Basis:
    """What an order rests on. ``cited``: the figure (indicator, part, division, period, text, known_on) or the row behind it."""

    kind: str = BasisKind.NOTE.value
    cited: Mapping[str, Any] | None = None


class _Orders:
    """What the procedure engine asks of this room."""

    procedure = PROCEDURE
    ledger = LEDGER

    def locked(self, case_id: UUID) -> SupervisionOrder:
        rows = SupervisionOrder.everything.select_for_update(of=("self",))
        found: SupervisionOrder = rows.select_related("unit", "issuer__division", "paper").get(pk=case_id)
        return found

    def standing(self, by: Actor, case: SupervisionOrder, on: date) -> Standing:
        return standing_of(by, case, on)

    def conditions(self, case: SupervisionOrder, on: date) -> frozenset[str]:
        return conditions_of(case, on)

    def before(self, case: SupervisionOrder, taking: Taking) -> None:
        case.changed_at = taking.at
        part = _PARTS.get(taking.step.code)
        if part is None:
            return
        try:
            part(case, taking)
        except PaperRefused as refusal:
            raise StepRefused(str(refusal)) from refusal

    def snapshot(self, case: SupervisionOrder) -> dict[str, Any]:
        return _writing.snapshot(registry.get(LEDGER), case)

    def after(self, case: SupervisionOrder, taking: Taking) -> None:
        if case.state not in UNSENT:
            publishing.publish(SUPERVISION_ORDERS, [case], at=clock.now())


ROOM: Final = _Orders()


@transaction.atomic
def draft(
    *,
    values: Mapping[str, Any],
    unit_ids: Sequence[int],
    due_on: date | None,
    by: Actor,
    basis: Basis | None = None,
    at: datetime | None = None,
) -> list[SupervisionOrder]:
    """Draft one order for each receiving unit. ``values``: subject, asked, basis, contact, word.

    A finding has one drafting: the second is told of the first. Raises StepRefused, NotAllowed.
    """
    moment = at or clock.now()
    on = clock.day_of(moment)
    require_giving(by, on)
    clean, day = rules.clean_draft(values), rules.check_due(due_on, on)
    issuer = Unit.objects.select_related("division").get(pk=by.unit_id or 0)
    chosen = _chosen(issuer, unit_ids, on)
    rest = basis or Basis()
    _require_first(rest)
    kind, cited = _standing_basis(_kind(rest.kind), rest.cited or {}, clean["basis"])
    made = []
    for unit in chosen:
        order_id = new_id()
        order = SupervisionOrder(
            id=order_id,
            key=order_id.hex,
            unit=unit,
            division_id=unit.division_id,
            issuer=issuer,
            due_on=day,
            counted_due_on=day,
            basis_kind=kind,
            cited=cited,
            recorded_at=moment,
            recorded_by_id=by.account_id,
            drafted_by_id=by.account_id,
            drafted_by_name=by.name[:40],
            **clean,
        )
        order.word = order.word or word_of(issuer)
        made.append(procedures.begin(room=ROOM, case=order, by=by, at=moment))
    return made


def change(
    *,
    order: SupervisionOrder,
    values: Mapping[str, Any],
    unit_id: int,
    due_on: date | None,
    version: int | None,
    by: Actor,
    at: datetime | None = None,
) -> SupervisionOrder:
    """Write in a draft; a figure it cites stays cited only while its words stand. Raises CaseMoved, StepRefused, NotAllowed."""
    note = {"values": values, "unit_id": unit_id, "due_on": due_on}
    return take(order=order, step="change", by=by, version=version, note=note, at=at)


def take(
    *,
    order: SupervisionOrder,
    step: str,
    by: Actor,
    version: int | None = None,
    given: Mapping[str, Any] | None = None,
    note: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> SupervisionOrder:
    """Take one step of the procedure. Raises CaseMoved, StepRefused, NotAllowed."""
    taken: SupervisionOrder = procedures.take(
        room=ROOM, case=order, step=step, by=by, version=version, given=given, note=note, at=at
    )
    return taken


def require_giving(by: Actor, on: date) -> None:
    """Raises NotAllowed (of papers and procedures, as everywhere here)."""
    decision = may_give_orders(by, on)
    if not decision.allowed:
        raise NotAllowed(decision.reason)


def word_of(issuer: Unit) -> str:
    """机关代字 of an office's orders: what it used last, or «云禁督» after the first character of its place."""
    last = SupervisionOrder.everything.filter(issuer=issuer).exclude(number="").order_by("-issued_on", "-recorded_at")
    used = last.values_list("word", flat=True).first()
    return used or f"{issuer.division.name[0]}禁督"


def refused_by_form(**_kwargs: Any) -> Any:
    """Orders move by their procedure: neither a form, nor a file, nor a program writes their rows."""
    raise StepRefused(_("督办单按流程办理,请到“督办”页面起草和办理。"))


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """Says on each row why nothing of it is taken here."""
    for one in drafts:
        one.refuse("number", _("督办单按流程办理,请到“督办”页面起草和办理。"))


# --- the room's part of each step -----------------------------------------------------------------------------------------
def _change(order: SupervisionOrder, taking: Taking) -> None:
    clean = rules.clean_draft(taking.note["values"])
    day = rules.check_due(taking.note["due_on"], taking.on)
    unit = _chosen(order.issuer, [taking.note["unit_id"]], taking.on)[0]
    order.basis_kind, order.cited = _standing_basis(order.basis_kind, order.cited, clean["basis"])
    for name, value in clean.items():
        setattr(order, name, value)
    order.word = order.word or word_of(order.issuer)
    order.unit, order.division_id = unit, unit.division_id
    order.due_on = order.counted_due_on = day


def _standing_basis(kind: str, cited: Mapping[str, Any], words: str) -> tuple[str, dict[str, Any]]:
    """A figure stays cited only while the words in which it was found stand: rewritten, they are words."""
    if kind == BasisKind.FIGURE and str(cited.get("words", "")) not in words:
        return BasisKind.NOTE.value, {}
    return kind, dict(cited)


def _submit(order: SupervisionOrder, taking: Taking) -> None:
    rules.check_due(order.due_on, taking.on)
    _chosen(order.issuer, [order.unit_id], taking.on)
    with override(settings.LANGUAGE_CODE):
        text = rules.worded(
            receiver=order.unit.name,
            subject=order.subject,
            asked=order.asked,
            basis=order.basis,
            due_on=order.due_on,
        )
    values = {
        "title": text.title,
        "addressee": text.addressee,
        "body": "\n".join(text.lines),
        "word": order.word,
        "remark": f"联系人：{order.contact}" if order.contact else "",
    }
    source = Source(PROCEDURE, str(order.pk), text.lines, _figures(order, text.basis_line))
    order.paper = procedure_papers.hand_up(
        paper=order.paper, kind=PaperKind.NOTICE, values=values, source=source, by=taking.by, on=taking.on
    )


def _figures(order: SupervisionOrder, line: int) -> tuple[Cited, ...]:
    """The figure an order rests on, as a paper cites it."""
    cited = order.cited or {}
    if order.basis_kind != BasisKind.FIGURE or not cited.get("indicator"):
        return ()
    try:
        period = Period.parse(str(cited["period"]))
    except BadPeriod:
        return ()
    return (
        Cited(
            indicator=str(cited["indicator"]),
            division_id=int(cited["division_id"]),
            period=period,
            text=str(cited.get("text", "")),
            line=line,
            part=str(cited.get("part", "value")),
            known_on=date.fromisoformat(cited["known_on"]) if cited.get("known_on") else None,
        ),
    )


def _return_draft(order: SupervisionOrder, taking: Taking) -> None:
    if order.paper is not None:
        procedure_papers.send_back(paper=order.paper, reason=taking.given["reason"], by=taking.by)


def _issue(order: SupervisionOrder, taking: Taking) -> None:
    rules.check_due(order.due_on, taking.on)
    _chosen(order.issuer, [order.unit_id], taking.on)
    assert order.paper is not None, "an order that waits for signature has its paper"
    paper = procedure_papers.send_out(paper=order.paper, unit_ids=[order.unit_id], by=taking.by, on=taking.on)
    order.paper, order.number = paper, paper.number


def _discard(order: SupervisionOrder, taking: Taking) -> None:
    if order.paper is not None:
        procedure_papers.take_back(paper=order.paper, reason=taking.given["reason"], by=taking.by)


def _receive(order: SupervisionOrder, taking: Taking) -> None:
    assert order.paper is not None
    procedure_papers.receive(paper=order.paper, unit_id=order.unit_id, by=taking.by, on=taking.on)


def _ask_extension(order: SupervisionOrder, taking: Taking) -> None:
    rules.check_later(taking.given["wanted"], order.due_on, "wanted")


def _grant_extension(order: SupervisionOrder, taking: Taking) -> None:
    """Granted before the work was ever sent back it is the day that counts; after that it only gives time to mend."""
    rules.check_later(taking.given["due_on"], order.due_on, "due_on")
    if not order.sent_back:
        order.counted_due_on, order.extended = taking.given["due_on"], True
    order.asked_due = None


def _refuse_extension(order: SupervisionOrder, taking: Taking) -> None:
    order.asked_due = None


def _answer(order: SupervisionOrder, taking: Taking) -> None:
    order.done, order.asked_due = taking.given["done"], None
    keep_files(order, PROCEDURE, taking)


def _close(order: SupervisionOrder, taking: Taking) -> None:
    """What four departments found is mended when they have seen it again, not when an office believes the answer."""
    if order.basis_kind != BasisKind.INSPECTION:
        return
    visit = InspectionVisit.objects.filter(pk=str((order.cited or {}).get("row"))).first()
    if visit is not None and not visit.recheck_passed:
        raise StepRefused(_("联合检查发现的问题要复查合格才能办结:请检查组先到“联合检查”页面记复查。"))


def _send_back(order: SupervisionOrder, taking: Taking) -> None:
    order.sent_back += 1
    order.answered_on = None


def _escalate(order: SupervisionOrder, taking: Taking) -> None:
    order.escalated, order.asked_due = True, None


def _withdraw(order: SupervisionOrder, taking: Taking) -> None:
    if order.paper is not None:
        procedure_papers.take_back(paper=order.paper, reason=taking.given["reason"], by=taking.by)


_PARTS: Final[Mapping[str, Callable[[SupervisionOrder, Taking], None]]] = {
    "change": _change,
    "submit": _submit,
    "return_draft": _return_draft,
    "issue": _issue,
    "discard": _discard,
    "receive": _receive,
    "ask_extension": _ask_extension,
    "grant_extension": _grant_extension,
    "refuse_extension": _refuse_extension,
    "answer": _answer,
    "close": _close,
    "send_back": _send_back,
    "escalate": _escalate,
    "withdraw": _withdraw,
}


def _chosen(issuer: Unit, unit_ids: Sequence[int], on: date) -> list[Unit]:
    """The units an order goes to. Raises StepRefused for one that is closed, or where nobody could answer."""
    offered = {unit.pk: unit for unit in receivers(issuer, on)}
    wanted = list(dict.fromkeys(unit_ids))
    if not wanted:
        raise StepRefused(_("请至少选一个承办单位。"), "units")
    if len(wanted) > MOST_RECEIVERS:
        raise StepRefused(_("一次最多给 %(most)d 个单位起草。") % {"most": MOST_RECEIVERS}, "units")
    missing = [pk for pk in wanted if pk not in offered]
    if missing:
        unit = Unit.objects.filter(pk=missing[0]).first()
        if unit is not None and unit.closed_on is not None:
            words = _("%(unit)s已于 %(day)s 撤销,请改选承接它职责的单位。")
            raise StepRefused(words % {"unit": unit.label, "day": unit.closed_on.isoformat()}, "units")
        name = unit.label if unit is not None else _("所选单位")
        raise StepRefused(_("%(unit)s不在可以督办的单位里(不在本辖区,或没有人能在平台反馈)。") % {"unit": name}, "units")
    return [offered[pk] for pk in wanted]


def _require_first(basis: Basis) -> None:
    """The finding is locked, so that of two who draft at once the second sees the order of the first. Raises StepRefused."""
    cited = basis.cited or {}
    if basis.kind == BasisKind.INSPECTION:
        InspectionVisit.objects.select_for_update(of=("self",)).get(pk=cited["row"])
    elif cited.get("question"):
        questions.ROOM.locked(UUID(cited["row"]))
    else:
        return
    require_first(str(cited["row"]))


def _kind(kind: str) -> str:
    return kind if kind in BasisKind.values else BasisKind.NOTE.value
