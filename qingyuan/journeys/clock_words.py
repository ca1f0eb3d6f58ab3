"""A clock in words: where it stands today, for whom it runs, how it is reckoned. Shared by every page that shows clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.casework.clocks.figures import differs
from qingyuan.casework.clocks.queries import Asked
from qingyuan.casework.clocks.wanted import runs_of
from qingyuan.casework.enums import ClockEnd
from qingyuan.casework.models import RunningClock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.time_left import TimeLeft, time_left_words
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.ledgers.kinds import Kind as ColumnKind
from qingyuan.ledgers.presenting import cells
from qingyuan.organisation.actor import Actor
from qingyuan.reference import statutes
from qingyuan.reference.clocks import Kind, Reason, State
from qingyuan.reference.clocks.sentences import told

SOON = 7


@dataclass(frozen=True)
class Subject:
    """The row a clock runs for, as the reader may read it: ``code`` and ``row_id`` name its page while it ``stands`` (is not
    voided), ``client`` the person's page where there is one."""

    title: str
    ledger: str
    code: str
    row_id: UUID
    stands: bool
    client: str = ""


def subjects(clocks: Iterable[RunningClock], actor: Actor) -> dict[UUID, Subject]:
    """By clock: its row in a word. The caller has asked ``clocks_visible``, which is as narrow as the rows are."""
    wanted: dict[str, list[RunningClock]] = {}
    for one in clocks:
        wanted.setdefault(one.ledger, []).append(one)
    found: dict[UUID, Subject] = {}
    for code, running in wanted.items():
        ledger, runs = registry.get(code), runs_of(code)
        rows = ledger.with_related(ledger.model.everything.filter(pk__in=[one.subject_id for one in running]).select_related("division"))
        by_id = {row.pk: row for row in rows}
        for one in running:
            row = by_id.get(one.subject_id)
            shown = cells(ledger, row, actor) if row is not None else []
            name = next((cell.text for cell in shown if cell.column.kind == ColumnKind.PERSON_NAME), "")
            first = next((cell.text for cell in shown if cell.text), "")
            first = f"{first} {runs.which(row)}".strip() if runs and row is not None else first
            found[one.pk] = Subject(
                title=name or first or _("(原记录已作废)"),
                ledger=said(ledger.title),
                code=code,
                row_id=one.subject_id,
                stands=row is not None and row.voided_at is None,
                client=_client(one),
            )
    return found


def _client(running: RunningClock) -> str:
    if running.person and registry.get(running.ledger).compartment == Compartment.COMMUNITY:
        return running.person
    return ""


def left(asked: Asked, on: date) -> TimeLeft:
    """The tag: how far it is, in words; colour never alone."""
    running, answer, tally = asked.running, asked.answer, asked.tally
    if running.end:
        return TimeLeft("grey", _ended(running), running.ended_on or on)
    if asked.trouble:
        return TimeLeft("late", _("登记的事件互相矛盾"), on)
    if tally is not None:
        return _counted(asked, on)
    day = running.due_on
    state = answer.state if answer else State.NOT_STARTED
    if state is State.UNDECIDED:
        return TimeLeft("soon", _("待说明是哪种情形"), on)
    if state is State.SUSPENDED or day is None:
        return TimeLeft("grey", _("中止中") if state is State.SUSPENDED else _("没有届满日"), on)
    if running.kind == Kind.PROMPT:
        return TimeLeft("calm", _("及时,内部提醒 %(day)s") % {"day": day.isoformat()}, day)
    if running.kind in (Kind.TERM, Kind.KEEP) and day < on:
        return TimeLeft("late", _("已期满 %(days)s 天") % {"days": (on - day).days}, day)
    return time_left_words(day, on, SOON)


def _ended(running: RunningClock) -> str:
    day = running.ended_on.isoformat() if running.ended_on else ""
    return f"{ClockEnd(running.end).label} {day}".strip()


def _counted(asked: Asked, on: date) -> TimeLeft:
    tally = asked.tally
    assert tally is not None
    text = _("%(times)s 次") % {"times": tally.times}
    if tally.days:
        text = _("%(times)s 次、%(days)s 日") % {"times": tally.times, "days": tally.days}
    if tally.reached_on:
        return TimeLeft("late", _("%(counted)s,达到条文") % {"counted": text}, tally.reached_on)
    return TimeLeft("calm" if tally.times else "grey", text, on)


def why(asked: Asked) -> str:
    """How it is reckoned, in one line: the first reason with its article, and what a person has to know about it."""
    if asked.trouble:
        return told(asked.trouble)
    reasons = asked.said.reasons if asked.said else ()
    line = cited(reasons[0]) if reasons else ""
    last = reasons[-1].said if len(reasons) > 1 else ""
    return ";".join(part for part in (line, last, _counted_from_decision(asked), printed(asked.running)) if part)


def cited(one: Reason) -> str:
    """A reason with its article, in the language of the page."""
    return f"{one.said}({statutes.describe(one.articles)})" if one.articles else one.said


def _counted_from_decision(asked: Asked) -> str:
    """Without a receipt one counts from the decision, and says so: the day may still move in the person's favour."""
    return _("没有送达日期,暂从决定日期起算") if asked.provisional else ""


def printed(running: RunningClock) -> str:
    """What to say where the paper prints another day than the law comes to, while the printed day holds."""
    if running.due_on != running.printed_on or not differs(running.printed_on, running.last_day):
        return ""
    assert running.printed_on is not None and running.last_day is not None
    return _("推算为 %(computed)s,台账写的是 %(printed)s,请核对决定书") % {
        "computed": running.last_day.isoformat(),
        "printed": running.printed_on.isoformat(),
    }


def names(found: Mapping[UUID, Subject], running: RunningClock) -> str:
    return found[running.pk].title if running.pk in found else ""
