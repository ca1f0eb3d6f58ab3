"""Regular files of one's own unit that have not come although their month is over, or nearly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.ledgers.importing import sources
from qingyuan.organisation.actor import Actor
from qingyuan.reference.period_words import period_label

#: From how many days before the end of its month a file that comes every month is worth a line.
FILE_SOON = 7


def jobs(actor: Actor, on: date) -> list[Job]:
    found = []
    for source, month in sources.awaited(actor, on):
        last_day = month.end - timedelta(days=1)
        if (last_day - on).days > FILE_SOON:
            continue
        title = _("“%(source)s”%(month)s的表还没有导入") % {"source": source.title, "month": period_label(month)}
        note = _("按记住的读法,一上传就认得;不再来的,在“数据来源”里停用")
        found.append(Job(title, note, until(last_day, on), _("去导入"), page("import-start", source.ledger)))
    return found


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield sum(1 for _source, month in sources.awaited(actor, on) if month.end - timedelta(days=1) <= on)
