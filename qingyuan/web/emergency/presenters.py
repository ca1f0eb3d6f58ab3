"""Emergency looks in the words of the page. Whose rows they were stands nowhere: only how many, and who read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.foundation.crypto import Undecipherable
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.time_left import TimeLeft, time_left_words
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import EmergencyVerdict, Role
from qingyuan.organisation.models import EmergencyLook
from qingyuan.reference import statutes
from qingyuan.web import rule_words, shapes

VERDICT_TONE = {EmergencyVerdict.CONFIRMED: "good", EmergencyVerdict.COMPLAINT: "late"}


@dataclass(frozen=True)
class Line:
    """One look; ``opens`` are the addresses of what it opens, for its own account while it lasts."""

    look: EmergencyLook
    title: str
    reason: str
    article: str
    when: str
    state: str
    tone: str
    review: str
    review_left: TimeLeft | None
    rows: int
    reads: int


def line(look: EmergencyLook, on: date) -> Line:
    now = clock.now()
    live = look.until > now and (look.closed_at is None or look.closed_at > now)
    verdict = EmergencyVerdict(look.verdict) if look.verdict else None
    if live:
        state, tone = _("开着,到 %(time)s") % {"time": _time(look.until)}, "acc"
    elif verdict is not None:
        state, tone = str(verdict.label), VERDICT_TONE[verdict]
    else:
        state, tone = _("已合上,待复核"), "soon"
    return Line(
        look=look,
        title=f"{look.account.name} · {look.unit.label} · {Role(look.role).label}",
        reason=reason_of(look),
        article=statutes.cite(look.article).said,
        when=_("%(from)s 至 %(until)s") % {"from": _time(look.opened_at), "until": _time(look.closed_at or look.until)},
        state=state,
        tone=tone,
        review=_reviewed(look, verdict),
        review_left=None if look.reviewed_at else time_left_words(look.review_by, on),
        rows=look.rows.count(),
        reads=reads_on(look).count(),
    )


def reason_of(look: EmergencyLook) -> str:
    try:
        return str(look.reason)
    except Undecipherable:
        return _("无法解密:可能被改动,请校验审计链")


def reads_on(look: EmergencyLook) -> Any:
    """The reads that rest on a look, in order."""
    return ReadEntry.objects.using("audit").filter(emergency_id=look.pk).order_by("at", "id")


def _reviewed(look: EmergencyLook, verdict: EmergencyVerdict | None) -> str:
    if verdict is None or look.reviewed_by is None or look.reviewed_at is None:
        return _("待第二人复核,期限 %(day)s") % {"day": look.review_by.isoformat()}
    return _("%(who)s %(at)s %(verdict)s:%(remark)s") % {
        "who": look.reviewed_by.name,
        "at": _time(look.reviewed_at),
        "verdict": verdict.label,
        "remark": look.remark,
    }


def table(looks: Sequence[EmergencyLook], on: date, empty: shapes.Empty) -> shapes.Table:
    headers = [_("打开"), _("谁"), _("事由"), _("行数"), _("查阅"), _("状态"), _("复核")]
    made = [shapes.Header(label, numeric=place in (3, 4)) for place, label in enumerate(headers)]
    return shapes.Table(made, [_row(line(look, on)) for look in looks], empty, caption=_("紧急查阅"))


def _row(one: Line) -> shapes.Row:
    compartment = str(Compartment(one.look.compartment).label)
    return shapes.Row(
        [
            shapes.Cell(
                _time(one.look.opened_at), href=reverse("web:emergency-look", args=(one.look.pk,)), note=compartment
            ),
            shapes.Cell(one.look.account.name, note=one.look.unit.label),
            shapes.Cell(one.reason, note=one.article),
            shapes.Cell(str(one.rows), numeric=True),
            shapes.Cell(str(one.reads), numeric=True),
            shapes.Cell(one.state, tone=one.tone),
            shapes.Cell(one.review, note=one.review_left.words if one.review_left else ""),
        ]
    )


@dataclass(frozen=True)
class Opened:
    """A row to be opened while the look lasts."""

    label: str
    href: str


def opened(look: EmergencyLook) -> list[Opened]:
    """What the look opens, for its own account: the person's page, and rows of ledgers."""
    found = []
    for row in look.rows.order_by("-subject", "ledger", "pk"):
        if row.ledger == "clients":
            found.append(Opened(_("本人页"), reverse("web:person-detail", args=(row.row_id,))))
            continue
        try:
            registry.get(row.ledger)
        except registry.UnknownLedger:
            continue
        found.append(Opened(rule_words.title(row.ledger), reverse("web:ledger-row", args=(row.ledger, row.row_id))))
    return found


@dataclass(frozen=True)
class Read:
    at: str
    act: str
    subject: str
    rows: int


def reads(look: EmergencyLook) -> list[Read]:
    from_audit = {
        "list": _("看列表"),
        "detail": _("打开"),
        "reveal": _("显示全号"),
        "search": _("搜索"),
        "print": _("打印"),
    }
    return [
        Read(
            _time(entry.at, seconds=True),
            from_audit.get(entry.act, entry.act),
            _("人员") if entry.ledger == "clients" else rule_words.title(entry.ledger),
            entry.row_count,
        )
        for entry in reads_on(look)[:200]
    ]


def _time(moment: datetime, *, seconds: bool = False) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")
