"""Minutes (纪要) from a meeting of the ledger: one act makes the draft; its number goes back into the ledger."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from qingyuan.casework.actions import papers as writers
from qingyuan.casework.actions.papers import Source
from qingyuan.casework.enums import PaperKind
from qingyuan.casework.models import Paper
from qingyuan.casework.papers.queries import same_source, usual_base
from qingyuan.casework.papers.rules import PaperRefused, usual_word
from qingyuan.casework.papers.text import LONGEST_BODY, numbered
from qingyuan.documents.wording import chinese_date, tight
from qingyuan.governance.models import Meeting
from qingyuan.ledgers import entering, queries, registry
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit
from qingyuan.reference.catalogue import get_list

SOURCE: Final = "meeting"
LEDGER: Final = "meetings"
_LEAD: Final = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d))\s*"
)
_NUMBER_COLUMN: Final = 60


def minutes_of(meeting: Meeting, unit_id: int) -> list[Paper]:
    """The minutes a unit has made from a meeting, void ones left out."""
    return list(same_source(SOURCE, str(meeting.pk), unit_id))


def draft(*, meeting: Meeting, by: Actor) -> Paper:
    """Draft minutes of the unit that keeps the meeting: who chaired, what was decided; who came is left to fill in.

    Raises PaperRefused where the unit has minutes of it already, or is not the meeting's own; NotAllowed.
    """
    if meeting.unit_id != by.unit_id:
        raise PaperRefused(_("纪要由登记这次会议的单位起草。"))
    if made := minutes_of(meeting, by.unit_id):
        words = _("这次会议已有纪要(%(what)s),请打开那一份;要重写的,先作废。")
        raise PaperRefused(words % {"what": made[0].number or made[0].get_state_display()})
    unit = Unit.objects.select_related("division").get(pk=by.unit_id)
    with override(settings.LANGUAGE_CODE):
        body = text_of(meeting, by.name)
    return writers.draft(
        kind=PaperKind.MINUTES,
        values={
            "title": tight(meeting.title.removesuffix("纪要")) + "纪要",
            "body": body,
            "word": usual_word(usual_base(unit), PaperKind.MINUTES),
            "dated": meeting.held_on,
        },
        by=by,
        source=Source(SOURCE, str(meeting.pk)),
    )


def text_of(meeting: Meeting, recorder: str) -> str:
    """The body of the draft: the head of the minutes, an opening, the decisions as numbered headings."""
    day, kind = chinese_date(meeting.held_on), get_list("meeting_kinds").label(meeting.kind)
    lines = [f"时间：{day}", "地点：", f"主持：{meeting.chair}", "出席：", f"记录：{recorder}"]
    chair = f"{meeting.chair}主持召开" if meeting.chair else "召开"
    lines.append(tight(f"{day}，{chair}{kind}，议题为“{meeting.title}”。现将会议议定事项纪要如下。"))
    lines += [numbered(1, place) + words for place, words in enumerate(decisions_of(meeting.decisions), start=1)]
    return "\n".join(lines)[:LONGEST_BODY]


def decisions_of(text: str) -> list[str]:
    """The decisions of a meeting as people enter them in one cell: by line, or by semicolon; their own numbers go.

    At most 99, the most the standard numbers.
    """
    pieces = [piece for line in text.splitlines() for piece in re.split(r"[;；]", line)]
    clean = [_LEAD.sub("", piece).strip() for piece in pieces]
    return [piece if piece.endswith(("。", "！", "？")) else f"{piece}。" for piece in clean if piece][:99]


def carry_number(*, paper: Paper, by: Actor, on: date) -> bool:
    """Write the number of issued minutes into the meeting's row where none stands; False where there is nothing to do."""
    if paper.source != SOURCE or not paper.number:
        return False
    ledger = registry.get(LEDGER)
    row: Any = queries.rows(ledger, by, on, action=Action.CHANGE).filter(pk=paper.source_id).first()
    if row is None or row.document_number:
        return False
    values = {"document_number": paper.number[:_NUMBER_COLUMN]}
    change = Draft(number=1, values=values, division_id=row.division_id, unit_id=row.unit_id)
    return entering.change(ledger, row, change, Writing(by=by, on=on, reason=gettext_noop("纪要印发")))
