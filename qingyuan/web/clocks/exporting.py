"""The list of clocks as a workbook: what the page shows, all of it, of the rows the reader may export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.casework.clocks.queries import Asked, all_asked
from qingyuan.casework.models import RunningClock
from qingyuan.foundation.words import in_chinese
from qingyuan.journeys import clock_words
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.organisation.actor import Actor
from qingyuan.reference.packs import get_pack

CHUNK = 400


@in_chinese
def workbook(clocks: Sequence[RunningClock], actor: Actor, on: date, about: str) -> bytes:
    """Raises TooManyRows beyond what one sheet holds. ``about`` says range and state under the title."""
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    target = BytesIO()
    notice = "  ".join([*fiction, about])
    write_export(target, title=_("期限"), columns=_columns(), rows=_rows(clocks, actor, on), notice=notice)
    return target.getvalue()


def _columns() -> list[Column]:
    dates, texts = Kind.DATE, Kind.TEXT
    return [
        Column("state", _("状态"), texts),
        Column("code", _("期限代码"), texts),
        Column("name", _("期限"), texts),
        Column("subject", _("谁、哪一条"), texts),
        Column("ledger", _("台账"), texts),
        Column("place", _("区划"), texts),
        Column("unit", _("单位"), texts),
        Column("started_on", _("起算日"), dates),
        Column("due_on", _("届满日"), dates),
        Column("printed_on", _("文书写明"), dates),
        Column("why", _("怎么算的"), Kind.LONG_TEXT),
        Column("pack", _("规则"), texts),
    ]


def _rows(clocks: Sequence[RunningClock], actor: Actor, on: date) -> Iterator[list[object]]:
    for start in range(0, len(clocks), CHUNK):
        asked = all_asked(clocks[start : start + CHUNK], on)
        found = clock_words.subjects([one.running for one in asked], actor)
        for one in asked:
            yield _row(one, found[one.running.pk], on)


def _row(asked: Asked, subject: clock_words.Subject, on: date) -> list[object]:
    running = asked.running
    return [
        clock_words.left(asked, on).words,
        running.code,
        running.declared.name,
        subject.title,
        subject.ledger,
        running.division.name,
        running.unit.name,
        running.started_on,
        running.due_on,
        running.printed_on,
        clock_words.why(asked),
        get_pack(running.pack).name_zh,
    ]
