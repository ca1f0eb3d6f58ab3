"""Lists of papers: those of my unit, those served on it, those issued in my range. Page and export show the same cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.enums import PaperKind, PaperState
from qingyuan.casework.models import Paper, PaperDelivery
from qingyuan.casework.models.paper import PaperQuerySet
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.permissions import may_draft, papers_visible
from qingyuan.foundation.sealed_words import holding
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.web.navigation import Count as Badge
from qingyuan.web.papers.words import receipt_words, state_text, state_tone
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table

OURS, INBOX, RANGE = "ours", "inbox", "range"
OVERSEERS = (Role.COMMISSION_CLERK, Role.COMMISSION_LEADER, Role.AUDITOR)


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    note: str = ""


def tabs(actor: Actor, on: date, current: str) -> list[Tab]:
    """Ours, the inbox, and for those who look over others what was issued in their range."""
    here = reverse("web:papers")
    waiting = reads.to_receive(actor, on).count()
    found = [
        Tab(_("本单位发文"), here, current == OURS),
        Tab(
            _("收文"),
            reverse("web:papers-inbox"),
            current == INBOX,
            _("%(count)d 份待签收") % {"count": waiting} if waiting else "",
        ),
    ]
    if actor.has_role(*OVERSEERS):
        found.append(Tab(_("辖区各单位"), f"{here}?of={RANGE}", current == RANGE))
    return found


def listed(actor: Actor, on: date, of: str, asked: Mapping[str, str]) -> PaperQuerySet:
    """The papers of a tab, narrowed by kind, state and words, the newest first."""
    rows = papers_visible(actor, on)
    mine = Q(unit_id=actor.unit_id or 0)
    rows = rows.exclude(mine) if of == RANGE else rows.filter(mine)
    if asked.get("kind") in PaperKind.values:
        rows = rows.filter(kind=asked["kind"])
    if asked.get("state") in PaperState.values:
        rows = rows.filter(state=asked["state"])
    words = asked.get("q", "").replace("\x00", "").strip()
    if words:
        named = holding(rows.order_by("-created_at"), ("title",), words)
        rows = rows.filter(Q(pk__in=named) | Q(issue__number__icontains=words))
    sent = Count("deliveries", distinct=True)
    got = Count("deliveries", filter=Q(deliveries__received_on__isnull=False), distinct=True)
    return rows.annotate(sent=sent, got=got).order_by("-created_at")


def headers(of: str) -> list[str]:
    who = [_("发文单位")] if of == RANGE else []
    return [_("标题"), _("文号"), *who, _("状态"), _("签发"), _("印发日期"), _("签收")]


def cells(paper: Paper, of: str) -> list[Cell]:
    href = reverse("web:paper", args=[paper.pk])
    issue = getattr(paper, "issue", None)
    sent, got = getattr(paper, "sent", 0), getattr(paper, "got", 0)
    # Whom a paper went to is its own unit's matter.
    receipts = "" if of == RANGE or not sent else f"{got} / {sent}"
    return [
        Cell(paper.title, note=paper.get_kind_display(), href=href),
        Cell(paper.number),
        *([Cell(paper.unit.label)] if of == RANGE else []),
        Cell(state_text(paper.state), tone=state_tone(paper.state)),
        Cell(paper.approver_name),
        Cell(issue.issued_on.isoformat() if issue is not None else ""),
        Cell(receipts, numeric=True),
    ]


def table(papers: Sequence[Paper], of: str, actor: Actor, on: date, filtered: bool) -> Table:
    rows = [Row(cells(paper, of)) for paper in papers]
    shown = [Header(label, numeric=label == _("签收")) for label in headers(of)]
    return Table(shown, rows, _nothing(of, actor, on, filtered), caption=_("公文"))


def _nothing(of: str, actor: Actor, on: date, filtered: bool) -> Empty:
    if filtered:
        return Empty(_("没有符合条件的公文"), _("换一个文种或状态,或清除筛选。"))
    if of == RANGE:
        return Empty(_("辖区各单位还没有印发公文"), _("各单位印发以后在这里出现;别人的草稿看不到。"))
    if may_draft(actor, on).allowed:
        words = _("先起草一份:选文种,写标题和正文,送负责同志签发后自动编号。")
        return Empty(_("本单位还没有公文"), words, _("起草公文"), reverse("web:paper-new"))
    return Empty(_("本单位还没有公文"), _("本单位的公文由办文人员起草,送签、印发后在这里出现。"))


def inbox_table(deliveries: Sequence[PaperDelivery], on: date) -> Table:
    rows = []
    for one in deliveries:
        tone, words = receipt_words(one, on)
        if one.paper.state == PaperState.VOID:
            tone, words = "grey", _("已作废")
        rows.append(
            Row(
                [
                    Cell(
                        one.paper.title,
                        note=one.paper.get_kind_display(),
                        href=reverse("web:paper", args=[one.paper_id]),
                    ),
                    Cell(one.paper.number),
                    Cell(one.paper.unit.label),
                    Cell(one.served_on.isoformat()),
                    Cell(words, tone=tone, note=one.received_by_name),
                ]
            )
        )
    shown = [Header(label) for label in (_("标题"), _("文号"), _("发文单位"), _("送达日期"), _("签收"))]
    empty = Empty(_("还没有收到公文"), _("别的单位送达本单位的公文在这里,签收以前也在“今天”里。"))
    return Table(shown, rows, empty, caption=_("收文"))


def badge(actor: Actor, on: date) -> Badge | None:
    """How many papers wait for my unit to sign for."""
    # One question: the badge stands on every page.
    days = list(reads.to_receive(actor, on).values_list("answer_by", flat=True))
    return Badge(len(days), any(day <= on for day in days))
