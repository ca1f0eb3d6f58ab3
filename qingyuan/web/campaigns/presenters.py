"""A campaign in the words of the page. Towns stand in the order of their codes; small numbers are closed outside the town concerned."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation.time_left import time_left_words
from qingyuan.indicators.disclosure import Line, Shown, suppress_lines
from qingyuan.organisation.models import Account
from qingyuan.rehabilitation.campaigns import PlanLine, TownCount, line_of
from qingyuan.rehabilitation.enums import EndState
from qingyuan.rehabilitation.models import Campaign
from qingyuan.rehabilitation.rules import campaign as rules
from qingyuan.rehabilitation.rules.campaign import Kept
from qingyuan.web import shapes

FEW, KEPT_BACK = "<5", "—"
PARTS = ("done", "left")
#: Under so many persons nothing is said of the whole.
FEWEST_TOLD = 50


def closed(counts: Sequence[TownCount], own: int | None) -> dict[Hashable, str]:
    """By (unit, «frame»/«done»/«left») the number as it is shown, closed outside the unit ``own``. No exact sum over the towns stands
    beside them (``whole`` is in tens), so that one town's numbers close none of another's."""
    numbers: dict[Hashable, int] = {}
    lines: list[Line[Hashable]] = []
    for one in counts:
        key = one.unit.pk
        numbers |= {(key, "frame"): one.tally.frame, (key, "done"): one.tally.done, (key, "left"): one.tally.left}
        lines.append(Line((key, "frame"), tuple((key, part) for part in PARTS)))
    mine = frozenset((own, name) for name in ("frame", *PARTS) if own is not None)
    states = suppress_lines(numbers, lines, own=mine & frozenset(numbers))
    return {key: _text(number, states[key]) for key, number in numbers.items()}


def _text(number: int, state: Shown) -> str:
    return str(number) if state == Shown.EXACT else FEW if state == Shown.FEW else KEPT_BACK


def progress(counts: Sequence[TownCount], own: int | None) -> shapes.Table:
    shown = closed(counts, own)
    headers = [
        shapes.Header(_("乡镇(街道)")),
        *(shapes.Header(label, numeric=True) for label in (_("名册上的人"), _("已核到"), _("还没有核到"))),
    ]
    rows = [_counted(one.unit.label, one.unit.pk, shown) for one in counts]
    empty = shapes.Empty(_("名册上没有人"), _("基准日那一天,范围内没有在册或者在执行措施的人。"))
    return shapes.Table(headers, rows, empty, caption=_("各地进度"))


def whole(counts: Sequence[TownCount]) -> str:
    """How far the whole campaign is, in tens and whole per cent: from an exact sum a small town's number could be worked out. Empty
    where there are too few to say."""
    frame, done = (sum(getattr(one.tally, name) for one in counts) for name in ("frame", "done"))
    if frame < FEWEST_TOLD:
        return ""
    return _("名册约 %(frame)s 人,已核到约 %(share)s%%") % {"frame": round(frame, -1), "share": round(100 * done / frame)}


def _counted(label: str, key: Hashable, shown: Mapping[Hashable, str]) -> shapes.Row:
    return shapes.Row([shapes.Cell(label), *(shapes.Cell(shown[(key, name)], numeric=True) for name in ("frame", *PARTS))])


def listing(found: Sequence[Campaign], on: date) -> shapes.Table:
    headers = [shapes.Header(label) for label in (_("名称"), _("印发文号"), _("时间"), _("印发单位"), _("状态"))]
    rows = []
    for one in found:
        words, tone = state(one, on)
        days = f"{one.starts_on.isoformat()} – {one.ends_on.isoformat()}"
        cells = [
            shapes.Cell(one.title, href=reverse("web:campaign", args=(one.pk,))),
            shapes.Cell(one.document_number),
            shapes.Cell(days),
            shapes.Cell(one.unit.label),
            shapes.Cell(words, tone=tone),
        ]
        rows.append(shapes.Row(cells))
    empty = shapes.Empty(_("还没有印发过普查"), _("市禁毒办印发以后,名册自动从台账里取,各地在这里逐人核。"))
    return shapes.Table(headers, rows, empty, caption=_("普查"))


def state(one: Campaign, on: date) -> tuple[str, str]:
    if one.withdrawn_at is not None:
        return _("已撤回"), "grey"
    if on < one.starts_on:
        return _("还没有开始"), "grey"
    return (_("进行中"), "acc") if on <= one.ends_on else (_("已到期"), "soon")


def line_words(row: Any) -> tuple[str, str]:
    """How a line stands, as (words, tone). No end is coloured good or bad: what differs is only whether anything is left to do."""
    found = rules.standing(line_of(row, sealed=False))
    if found == rules.OPEN:
        return _("还没有核到"), "soon"
    if found == rules.UNSIGNED:
        return _("等 %(unit)s 签收") % {"unit": row.to_unit.label}, "soon"
    return str(EndState(found).label), "grey"


def workers(rows: Sequence[Any]) -> dict[int, str]:
    ids = {row.client.caseworker_id for row in rows if row.client.caseworker_id}
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))


def table(rows: Sequence[Any], doubled: Mapping[UUID, list[str]], on: date) -> shapes.Table:
    named = workers(rows)
    headers = [shapes.Header(label) for label in (_("姓名"), _("所在村(社区)"), _("为什么在名册上"), _("核查结果"), _("日期"), _("谁核"))]
    found = []
    for row in rows:
        words, tone = line_words(row)
        units = doubled.get(row.pk)
        problem = _("同一人也在 %(units)s 的名册上:两家核对,一家记实际情况,另一家记“重复”") % {"units": "、".join(units)} if units else ""
        note = _("对方不接收:%(why)s") % {"why": row.refused_words} if row.refused_words else ""
        cells = [
            shapes.Cell(row.client.name, href=reverse("web:campaign-line", args=(row.pk,)), problem=problem),
            shapes.Cell(row.division.name),
            shapes.Cell(why_listed(row)),
            shapes.Cell(words, tone=tone) if not note else shapes.Cell(words, note=note),
            shapes.Cell(row.happened_on.isoformat() if row.happened_on else ""),
            shapes.Cell(named.get(row.client.caseworker_id or 0, _("专干直接负责"))),
        ]
        found.append(shapes.Row(cells))
    empty = shapes.Empty(_("没有要列出的人"), _("都核到了,或者名册上没有您的服务对象。"))
    return shapes.Table(headers, found, empty, caption=_("名册"))


def why_listed(row: Any) -> str:
    """By which rows of the register the person is on the list."""
    names = ((row.measure_id, _("社区措施")), (row.isolation_id, _("强制隔离戒毒")), (row.control_id, _("动态管控")))
    said = [label for pk, label in names if pk]
    return "、".join([*said, *([_("别的乡镇移来")] if row.received_from_id else [])])


def plan_table(lines: Sequence[PlanLine], on: date) -> shapes.Table:
    named = workers([line.row for line in lines])
    headers = [shapes.Header(label) for label in (_("姓名"), _("计划"), _("下一次评估"), _("按期"), _("过期没有做"), _("社工"))]
    rows = []
    for line in lines:
        client = line.row.client
        ahead = next((one.day for one in line.dates if one.kept is Kept.AHEAD), None)
        kept, missed = ([one.day.isoformat() for one in line.dates if one.kept is which] for which in (Kept.KEPT, Kept.MISSED))
        cells = [
            shapes.Cell(client.name, href=reverse("web:person-help", args=(client.pk,))),
            shapes.Cell(
                line.made_on.isoformat() if line.made_on else _("没有"),
                problem=_("还没有个案计划:戒毒条例第十八条的四类帮助至少写一类") if line.missing else "",
            ),
            shapes.Cell(ahead.isoformat() if ahead else "", note=time_left_words(ahead, on).words if ahead else ""),
            shapes.Cell("、".join(kept)),
            shapes.Cell("、".join(missed)),
            shapes.Cell(named.get(client.caseworker_id or 0, _("专干直接负责"))),
        ]
        action = (_("写计划"), reverse("web:person-record", args=(client.pk, "care_plans"))) if line.missing else None
        rows.append(shapes.Row(cells, action=action))
    empty = shapes.Empty(_("没有要写计划的人"), _("正在执行社区措施的人都会列在这里。"))
    return shapes.Table(headers, rows, empty, caption=_("帮教计划"))
