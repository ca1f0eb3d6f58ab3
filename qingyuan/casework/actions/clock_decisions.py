"""The only writers of what a clock opens for a person to decide. Nothing here is done by a clock: it is begun by who looks
into it, each line of the checklist is somebody's, and what follows from the decision is recorded by a person again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions.clocks import CannotRecord, SomebodyWasFaster
from qingyuan.casework.clocks.queries import asked
from qingyuan.casework.enums import DecisionResult, Finding
from qingyuan.casework.models import ClockCheck, ClockDecision, RunningClock
from qingyuan.foundation import audit, clock
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.reference.clocks import get_clock


@dataclass(frozen=True)
class Decided:
    """What was decided: by which office, on which day, by which paper."""

    result: str
    decided_on: date
    office: str
    paper: str = ""


@transaction.atomic
def look_into(*, running: RunningClock, position: int, finding: str, turn: int, by: Actor) -> ClockCheck:
    """Write down what ``by`` found about one line of the checklist (from 0). ``turn``: how often it had been looked into when the
    page was opened. The first look begins the decision.

    Raises:
        CannotRecord: the clock opens no decision now, there is no such line, no such finding, it is decided already.
        SomebodyWasFaster: somebody looked into the same line meanwhile.
    """
    held = RunningClock.objects.select_for_update().get(pk=running.pk)
    decision = _opened(held, by)
    if decision.result:
        raise CannotRecord(_("这件事已经作出决定,不能再改核对。"))
    if not 0 <= position < len(decision.checklist) or finding not in Finding.values:
        raise CannotRecord(_("没有这一条核对,请刷新后再看。"))
    if decision.checks.filter(position=position).count() != turn:
        raise SomebodyWasFaster(_("这一条刚被别人核对过,请看一下结果再改。"))
    check = ClockCheck(
        decision=decision,
        position=position,
        finding=finding,
        turn=turn + 1,
        checked_at=clock.now(),
        checked_by_id=by.account_id,
        checked_by_name=by.name[:40],
    )
    try:
        with transaction.atomic():
            check.save()
    except IntegrityError as error:
        raise SomebodyWasFaster(_("这一条刚被别人核对过,请看一下结果再改。")) from error
    _audit(held, by, "check", {"position": position, "finding": finding})
    return check


@transaction.atomic
def decide(*, running: RunningClock, decided: Decided, by: Actor) -> ClockDecision:
    """Write down what was decided, by whom. Only after every line was looked into, and only while the clock still says that its
    time is over, or said so when its row ended it: a term that is suspended (in custody, escaped) or was extended is no ground for
    anything.

    Raises:
        CannotRecord: it is too early, a line is missing, the office is not named, it is decided already.
    """
    held = RunningClock.objects.select_for_update().get(pk=running.pk)
    on = clock.today()
    now = asked(held, list(held.events.all()), on)
    opened_on = now.opened_on
    if opened_on is None:
        raise CannotRecord(_("现在没有要决定的:期限没有届满、处于中止,或者已经了结。"))
    decision = ClockDecision.objects.select_for_update().filter(clock=held, ran_out_on=opened_on).first()
    if decision is None or missing(decision):
        raise CannotRecord(_("核对清单还没有逐条核对完,请先核对。"))
    if decision.result:
        raise SomebodyWasFaster(_("这件事已经有人登记了决定,请刷新后再看。"))
    if decided.result not in DecisionResult.values:
        raise CannotRecord(_("请选择决定的结果。"), "result")
    if not decided.office.strip():
        raise CannotRecord(_("请写明由哪个机关决定。"), "office")
    if decided.decided_on > on:
        raise CannotRecord(_("决定日期在今天之后,请核对。"), "decided_on")
    latest = now.answer.latest if now.answer else None
    if decided.decided_on <= (latest or date.min) or decided.decided_on < opened_on:
        raise CannotRecord(_("决定日期早于届满:届满以前不能据此作出决定,请核对。"), "decided_on")
    decision.result, decision.decided_on = decided.result, decided.decided_on
    decision.office, decision.paper = decided.office.strip()[:60], decided.paper.strip()[:60]
    decision.recorded_at, decision.recorded_by_id, decision.recorded_by_name = clock.now(), by.account_id, by.name[:40]
    decision.save()
    said = {"result": decided.result, "decided_on": decided.decided_on.isoformat(), "office": decision.office}
    _audit(held, by, "decide", said | {"paper": decision.paper})
    return decision


def missing(decision: ClockDecision) -> list[int]:
    """The lines of the checklist nobody has looked into."""
    seen = set(decision.checks.values_list("position", flat=True))
    return [position for position in range(len(decision.checklist)) if position not in seen]


def _opened(running: RunningClock, by: Actor) -> ClockDecision:
    """The decision of this clock on the day it ran out. Raises CannotRecord."""
    ran_out_on = asked(running, list(running.events.all()), clock.today()).opened_on
    opens = get_clock(running.code).opens
    if ran_out_on is None or opens is None:
        raise CannotRecord(_("现在没有要决定的:期限没有届满、处于中止,或者已经了结。"))
    decision, _made = ClockDecision.objects.get_or_create(
        clock=running,
        ran_out_on=ran_out_on,
        defaults={
            "question": opens.decision,
            "checklist": list(opens.checklist),
            "opened_at": clock.now(),
            "opened_by_id": by.account_id,
            "opened_by_name": by.name[:40],
        },
    )
    return decision


def _audit(running: RunningClock, by: Actor, kind: str, said: Mapping[str, object]) -> None:
    audit.record_write(
        by=by,
        act=f"clocks.{kind}",
        ledger=running.ledger,
        rows=[
            audit.RowDelta(
                row_id=running.pk,
                compartment=registry.get(running.ledger).compartment,
                before={},
                after=said,
                personal=frozenset({"office", "paper"}),
            )
        ],
        division_id=running.division_id,
    )
