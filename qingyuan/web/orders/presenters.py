"""Orders in the words and shapes of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qingyuan.casework.procedures.declaration import Step
from qingyuan.casework.procedures.picture import Picture, draw
from qingyuan.foundation import clock
from qingyuan.foundation.sealed_words import holding
from qingyuan.foundation.time_left import TimeLeft, time_left_words
from qingyuan.foundation.words import said
from qingyuan.governance.models import OrderFile, SupervisionOrder
from qingyuan.governance.models.order import DONE, WITH_RECEIVER
from qingyuan.governance.queries import orders as reads
from qingyuan.governance.queries.orders import Walked
from qingyuan.organisation.actor import Actor
from qingyuan.web.navigation import Count
from qingyuan.web.orders.forms import StepForm
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table

SOON: Final = 3
TONES: Final = {
    "draft": "grey",
    "to_sign": "soon",
    "issued": "soon",
    "received": "calm",
    "extension": "soon",
    "answered": "soon",
    "sent_back": "late",
    "escalated": "late",
    "closed": "good",
    "withdrawn": "grey",
    "discarded": "grey",
}
UNDER_WAY, OVER = "open", "done"


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    note: str = ""


@dataclass(frozen=True)
class Kept:
    """A file of evidence on its line of the road."""

    name: str
    href: str
    size: str


@dataclass(frozen=True)
class Passage:
    """One step as the road tells it; ``late``: taken after the day that counted then."""

    label: str
    who: str
    unit: str
    when: str
    said: Sequence[tuple[str, str]]
    files: Sequence[Kept]
    state: str


@dataclass(frozen=True)
class Offer:
    """A step one may take now, with its form."""

    step: Step
    label: str
    note: str
    form: StepForm
    href: str


@dataclass(frozen=True)
class OrderPage:
    order: SupervisionOrder
    state: str
    tone: str
    left: TimeLeft | None
    waits: str
    road: list[Passage]
    main: Offer | None
    others: list[Offer]
    may_change: bool
    picture: Picture
    basis_href: str
    basis_label: str
    paper_open: bool


def state_words(order: SupervisionOrder) -> str:
    return said(reads.procedure().state(order.state).label)


def left_of(order: SupervisionOrder, on: date) -> TimeLeft | None:
    """The time left, while the receiving unit has it."""
    return time_left_words(order.due_on, on, SOON) if order.state in WITH_RECEIVER else None


def badge(actor: Actor, on: date) -> Count | None:
    """How many wait for me; red when one is past its day."""
    found = reads.turns(actor, on)
    return Count(len(found), late=any(one.order.is_past_due(on) for one in found))


def tabs(actor: Actor, on: date, chosen: str) -> list[Tab]:
    here = reverse("web:orders")
    rows = reads.orders(actor, on)
    counts = {UNDER_WAY: rows.under_way().count(), OVER: rows.filter(state__in=DONE).count()}
    labels = {UNDER_WAY: _("在办"), OVER: _("办结和撤回")}
    return [Tab(label, f"{here}?of={key}", key == chosen, str(counts[key])) for key, label in labels.items()]


def table(actor: Actor, on: date, chosen: str, text: str) -> Table:
    """Orders by state, in the order of the procedure; those past their day first in each."""
    rows = reads.orders(actor, on)
    rows = rows.filter(state__in=DONE) if chosen == OVER else rows.under_way()
    if text:
        named = holding(rows.order_by("-due_on"), ("subject",), text)
        rows = rows.filter(Q(pk__in=named) | Q(number__icontains=text) | Q(unit__name__icontains=text))
    found = list(rows.order_by("due_on", "number")[:500])
    headers = [Header(_("事项")), Header(_("文号")), Header(_("承办单位")), Header(_("期限")), Header(_("反馈")), Header(_("办结"))]
    waits = {one.order.pk: one.step for one in reads.turns(actor, on)} if chosen == UNDER_WAY else {}
    listed: list[Row] = []
    for state in reads.procedure().states:
        here = [order for order in found if order.state == state.code]
        late = sum(1 for order in here if order.is_past_due(on))
        if here:
            words = _("%(state)s · %(count)d 件") % {"state": said(state.label), "count": len(here)}
            note = _(",逾期 %(late)d 件") % {"late": late} if late else ""
            listed.append(Row([Cell(words + note)], group=True))
            listed += [_row(order, on, waits.get(order.pk)) for order in here]
    return Table(headers, listed, _empty(actor, on, chosen, text), caption=_("督办单"))


def _row(order: SupervisionOrder, on: date, step: Step | None) -> Row:
    href = reverse("web:order", args=[order.pk])
    left = left_of(order, on)
    marks = [
        words
        for yes, words in ((order.extended, _("已延期")), (order.escalated, _("已提级")), (bool(order.sent_back), _("退回过")))
        if yes
    ]
    return Row(
        [
            Cell(order.subject, href=href, note=" · ".join(marks)),
            Cell(order.number or _("未编号")),
            Cell(order.unit.label),
            Cell(left.words, tone=left.tone) if left is not None else Cell(order.due_on.isoformat()),
            Cell(order.answered_on.isoformat() if order.answered_on else ""),
            Cell(order.closed_on.isoformat() if order.closed_on else ""),
        ],
        action=(said(step.label), href) if step is not None else None,
    )


def _empty(actor: Actor, on: date, chosen: str, text: str) -> Empty:
    if text:
        return Empty(_("没有找到"), _("换个词试试:事项、文号或单位名称。"))
    if chosen == OVER:
        return Empty(_("还没有办结的督办单"))
    if reads.may_give(actor, on):
        return Empty(_("没有在办的督办单"), _("逾期的报表、批示、任务和缺检旁边都有“督办”,点开就填好依据。"), _("起草督办单"), reverse("web:order-new"))
    return Empty(_("没有交给本单位的督办单"), _("市禁毒办下达以后,会出现在这里和“今天”里。"))


def page_of(actor: Actor, order: SupervisionOrder, on: date, wrong: StepForm | None = None, wrong_step: str = "") -> OrderPage:
    """``wrong``: the form of ``wrong_step`` that came back with its errors."""
    open_steps = [step for step in reads.steps_open_to(actor, order, on) if step.code != "change"]
    offers = [_offer(order, step, wrong if step.code == wrong_step else None) for step in open_steps]
    main = next((one for one in offers if one.step.main), None)
    procedure = reads.procedure()
    state = procedure.state(order.state)
    waits = said(procedure.party(state.waits).label) if state.waits else ""
    road = reads.walked(order)
    href, label = _basis_link(order)
    return OrderPage(
        order=order,
        state=said(state.label),
        tone=TONES[order.state],
        left=left_of(order, on),
        waits=waits,
        road=_road(order, road),
        main=main,
        others=[one for one in offers if one is not main],
        may_change=any(step.code == "change" for step in reads.steps_open_to(actor, order, on)),
        picture=draw(procedure, now=order.state, taken={one.step.code for one in road}, words=said),
        basis_href=href,
        basis_label=label,
        paper_open=bool(order.paper_id) and reads.paper_readable(actor, order, on),
    )


def _offer(order: SupervisionOrder, step: Step, wrong: StepForm | None) -> Offer:
    initial = {"version": order.version}
    if step.code == "grant_extension" and order.asked_due is not None:
        initial["due_on"] = order.asked_due  # type: ignore[assignment]
    href = reverse("web:order-step", args=[order.pk, step.code.replace("_", "-")])
    return Offer(step, said(step.label), said(step.note), wrong or StepForm(step, initial=initial), href)


def _road(order: SupervisionOrder, walked: Sequence[Walked]) -> list[Passage]:
    kept: dict[int, list[Kept]] = {}
    for one in OrderFile.objects.filter(order=order).defer("content"):
        size = _("%(kb)d KB") % {"kb": max(1, one.size // 1024)}
        kept.setdefault(one.position, []).append(
            Kept(one.file_name or one.digest[:12], reverse("web:order-file", args=[order.pk, one.pk]), size)
        )
    procedure = reads.procedure()
    return [
        Passage(
            label=said(one.step.label),
            who=one.row.by_name,
            unit=one.row.by_unit,
            when=f"{one.row.at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}",
            said=[(said(label), text) for label, text in one.said],
            files=kept.get(one.row.position, []),
            state=said(procedure.state(one.row.to_state).label),
        )
        for one in walked
    ]


def _basis_link(order: SupervisionOrder) -> tuple[str, str]:
    """Where the basis of an order opens: the figure on its page, the return, the row."""
    cited = order.cited or {}
    try:
        if cited.get("indicator"):
            here = reverse("web:indicator", args=[cited["indicator"]])
            return f"{here}?division={cited['division']}&period={cited['period']}", _("打开这个数")
        if cited.get("return"):
            return reverse("web:return", args=[cited["return"]]), _("打开报表")
        if cited.get("question"):
            return reverse("web:question", args=[cited["question"]]), _("打开问询")
        if cited.get("ledger"):
            return reverse("web:ledger-row", args=[cited["ledger"], cited["row"]]), _("打开依据")
    except NoReverseMatch:
        return "", ""
    return "", ""
