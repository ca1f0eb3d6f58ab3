"""The reader's own lines of a campaign as a workbook: how each ended and when; neither ID numbers nor telephones."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.foundation.words import in_chinese
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.rehabilitation.models import Campaign
from qingyuan.web.campaigns import presenters


@in_chinese
def workbook(campaign: Campaign, rows: Sequence[Any]) -> bytes:
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    named = presenters.workers(rows)
    texts = Kind.TEXT
    columns = [
        Column("name", _("姓名"), texts),
        Column("place", _("所在村(社区)"), texts),
        Column("why", _("为什么在名册上"), texts),
        Column("state", _("核查结果"), texts),
        Column("happened_on", _("日期"), Kind.DATE),
        Column("paper_number", _("凭证编号"), texts),
        Column("worker", _("谁核"), texts),
    ]
    values = [
        [
            row.client.name,
            row.division.name,
            presenters.why_listed(row),
            presenters.line_words(row)[0],
            row.happened_on,
            row.paper_number,
            named.get(row.client.caseworker_id or 0, _("专干直接负责")),
        ]
        for row in rows
    ]
    target = BytesIO()
    notice = "  ".join([*fiction, f"{campaign.title} {campaign.document_number}"])
    write_export(target, title=_("普查名册"), columns=columns, rows=values, notice=notice)
    return target.getvalue()
