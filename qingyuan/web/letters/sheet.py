"""The score sheet as a workbook: line by line what the page shows this reader, nothing more."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.web.letters.listing import workbook
from qingyuan.web.letters.score import ClauseRow, ScorePage


def score_workbook(page: ScorePage) -> bytes:
    score = page.score
    names = [_("条款"), _("项目"), _("满分"), _("得分"), _("说明"), _("算式或等级"), _("依据")]
    rows: list[list[str]] = []
    for group in page.groups:
        rows.append(["", group.title, group.of, group.points, "", "", ""])
        rows += [_line(row) for row in group.rows]
    rows += [_line(row) for row in page.vetoes]
    rows.append(["", _("合计"), page.tile.of, page.tile.value, page.tile.note, page.grade.value, page.tile.also])
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    day = _("算到 %(day)s") % {"day": score.on.isoformat()}
    return workbook(score.letter.title, names, rows, "  ".join([*fiction, score.letter.number, day]))


def _line(row: ClauseRow) -> list[str]:
    why = row.why
    arithmetic = why.arithmetic if why else ""
    points = row.points or row.word or (_("不计分") if row.held_out else _("待定") if row.waiting else "")
    return [row.id, row.title, row.of, points, row.facts, arithmetic or row.word, why.basis if why else ""]
