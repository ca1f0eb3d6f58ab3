"""Requests in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.actions.data_requests import items_of
from qingyuan.casework.desk import table
from qingyuan.casework.enums import DeskState
from qingyuan.casework.models import DataRequest, DataRequestItem, DataRequestStep
from qingyuan.foundation.time_left import time_left_words
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.reference import statutes
from qingyuan.web import shapes

_TONES = {DeskState.ANSWERED: "good", DeskState.UNPROVED: "grey", DeskState.WITHDRAWN: "grey"}


def steps_words() -> dict[str, str]:
    return {
        "receive": _("登记"), "identify": _("核对身份"), "unproved": _("身份未核实,已告知"), "withdraw": _("撤回"),
        "collect": _("收集"), "decide": _("决定"), "copy": _("生成答复和副本"), "hand_over": _("交付"),
        "expire_copy": _("副本到期删除"), "objection": _("异议"),
    }  # fmt: skip


def listed(requests: Iterable[DataRequest], on: date, *, ended: bool = False) -> shapes.Table:
    """No name stands in the list: a request is opened to see whom it is about, and that is logged."""
    return shapes.Table(
        [shapes.Header(_("请求")), shapes.Header(_("收到")), shapes.Header(_("状态")), shapes.Header(_("答复日期") if ended else _("答复期限"))],
        [_row(one, on) for one in requests],
        shapes.Empty(_("没有请求"), _("有人来问自己的信息时,在这里登记。")),
        caption=_("个人信息权利请求"),
    )


def _row(one: DataRequest, on: date) -> shapes.Row:
    is_open = one.state in table.OPEN
    left = time_left_words(one.answer_by, on) if is_open else None
    return shapes.Row(
        [
            shapes.Cell(one.get_kind_display(), href=reverse("web:desk-request", args=(one.pk,)), note=one.get_asker_display()),
            shapes.Cell(one.received_on.isoformat(), note=one.get_came_by_display()),
            shapes.Cell(one.get_state_display(), tone=_TONES.get(DeskState(one.state), "soon")),
            shapes.Cell(one.answer_by.isoformat() if is_open else (one.answered_on.isoformat() if one.answered_on else "—"), note=left.words if left else ""),
        ]
    )


@dataclass(frozen=True)
class ItemLine:
    """One thing on file: its rows as links where they are a ledger's, what was decided and why."""

    pk: UUID
    title: str
    count: int
    hrefs: tuple[str, ...]
    change_hrefs: tuple[str, ...]
    retention: str
    verdict: str
    why: str
    remark: str


def items(request: DataRequest) -> list[ItemLine]:
    return [_item(request, item) for item in items_of(request)]


def _item(request: DataRequest, item: DataRequestItem) -> ItemLine:
    ledgers = {one.code: one for one in registry.all_ledgers()}
    ledger = ledgers.get(item.ledger)
    rows = item.rows[:20] if ledger else []
    why = ""
    if item.verdict:
        why = statutes.describe(table.basis_of(request.kind, item.ground))
        if item.ground:
            why = f"{table.GROUND[item.ground].label} · {why}"
    return ItemLine(
        pk=item.pk,
        title=said(item.values["title"]),
        count=len(item.rows),
        hrefs=tuple(reverse("web:ledger-row", args=(item.ledger, pk)) for pk in rows),
        change_hrefs=tuple(reverse("web:ledger-change", args=(item.ledger, pk)) for pk in rows),
        retention=said(ledger.retention.text) if ledger else "",
        verdict=item.get_verdict_display() if item.verdict else "",
        why=why,
        remark=item.values["remark"],
    )


@dataclass(frozen=True)
class StepLine:
    what: str
    step: DataRequestStep
    seen: str
    words: str


def steps(request: DataRequest) -> list[StepLine]:
    words = steps_words()
    found = []
    for one in request.steps.all():
        values = one.values
        seen = "、".join(str(table.PAPERS[code]) for code in values.get("seen", "").split(";") if code in table.PAPERS)
        found.append(StepLine(words.get(one.step, one.step), one, seen, values.get("words", "")))
    return found
