"""Which rows have reached their end by a day, rule by rule, and what holds some of them back. Reads only; opens no name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, Q

from qingyuan.casework.desk.table import OPEN
from qingyuan.casework.enums import DeskState
from qingyuan.casework.models import DataRequest, DataRequestItem
from qingyuan.enforcement.models import Party, Penalty
from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import RecordKey
from qingyuan.journeys.retention.plan import Held, Line, Preview, state_of
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.reference import retention
from qingyuan.reference.retention import RetentionRule
from qingyuan.rehabilitation.actions.controls import still_open
from qingyuan.rehabilitation.models import Campaign, CampaignLine, Client, Control, Measure, OwnCode

#: Outcomes after which nothing more is done with a person in a case.
FINAL: Final = frozenset({"penalised", "not_prosecuted", "released", "sentenced", "separate"})
#: Outcomes of a minor whose record the law seals whatever was decided; of a sentence it depends on its length, which is not kept here.
MINOR_SEALED: Final = ("penalised", "not_prosecuted", "released")
MINOR_PENALTIES: Final = Q(minor=True)


@dataclass(frozen=True)
class Ended:
    """A row about which something happened on ``event``; ``holds``: what holds it back now."""

    ledger: str
    row_id: UUID
    event: date
    state: str
    holds: frozenset[str] = frozenset()


Finder = Callable[[], Iterator[Ended]]


def preview(on: date) -> Preview:
    """Everything that would happen by day ``on``, in a fixed order."""
    lines, held = list[Line](), list[Held]()
    asked = _asked()
    for rule in retention.rules():
        if not rule.active:
            continue
        for ended in FINDERS[rule.code]():
            if not rule.acts_on(ended.event, on):
                continue
            holds = (ended.holds | ({"open_request"} if ended.row_id in asked else frozenset())) & rule.holds
            if holds:
                held.append(Held(rule.code, ended.ledger, ended.row_id, min(holds)))
                continue
            lines.append(_line(rule, ended))
    return Preview(on, retention.digest(), _once(lines), tuple(sorted(held)))


def _line(rule: RetentionRule, ended: Ended) -> Line:
    since = rule.ends_on(ended.event)
    assert since is not None  # acts_on said so
    return Line(rule.code, rule.effect, ended.ledger, ended.row_id, since, ended.state)


def _once(lines: list[Line]) -> tuple[Line, ...]:
    """A row that two rules end (a minor's penalty of 2026) ends by the first."""
    order = {rule.code: place for place, rule in enumerate(retention.rules())}
    found: dict[tuple[str, UUID], Line] = {}
    for line in sorted(lines, key=lambda one: (order[one.rule], one.row_id)):
        found.setdefault((line.ledger, line.row_id), line)
    return tuple(found.values())


def _asked() -> frozenset[UUID]:
    """The rows that somebody is asking about just now: they are answered first."""
    items = DataRequestItem.objects.filter(request__state__in=OPEN).values_list("rows", flat=True)
    return frozenset(UUID(one) for rows in items for one in rows)


def exits() -> Iterator[Ended]:
    """People whose dynamic control has ended and who are not sealed."""
    ended = Control.objects.filter(ended_on__isnull=False).order_by("client_id", "ended_on")
    for control in {one.client_id: one for one in ended}.values():
        later = Measure.objects.filter(client_id=control.client_id, decided_on__gt=control.ended_on).exists()
        is_open = later or bool(still_open(control.client_id, control.relapsed_on or control.starts_on, control.ended_on))
        holds = frozenset({"open_measure"}) if is_open else frozenset[str]()
        yield Ended("clients", control.client_id, control.ended_on, state_of(control.pk, control.version, is_open), holds)


def minors() -> Iterator[Ended]:
    yield from _parties(Q(minor=True, outcome__in=MINOR_SEALED))
    yield from _penalties(MINOR_PENALTIES)


def violations() -> Iterator[Ended]:
    yield from _parties(Q(outcome="penalised", case__case_kind="administrative"))
    yield from _penalties(Q())


def closed_from_entry(on: date) -> dict[str, int]:
    """By rule how many penalties were sealed the day they were entered, as their ledger seals every row: nothing is left to do for
    these, and a preview that left them out would look as if nobody had thought of them. One that two rules end counts for the first."""
    found: dict[str, int] = {}
    counted = Q(pk__in=())
    for code, wanted in (("MINOR", MINOR_PENALTIES), ("VIOLATION", Q())):
        rule = retention.rule(code)
        from_day = Q(decided_on__gte=rule.valid_from) if rule.valid_from else Q()
        until = Q(decided_on__lt=rule.valid_to) if rule.valid_to else Q()
        rows = Penalty.objects.filter(wanted, from_day, until, decided_on__lte=on).order_by()
        found[code] = rows.exclude(counted).exclude(pk__in=_open_keys()).count()
        counted |= Q(pk__in=rows.values("pk"))
    return found


def _open_keys() -> Any:
    """The rows whose values in the log are still open to who reads it."""
    return RecordKey.objects.filter(sealed_at=None, destroyed_at=None).values("row_id")


def _penalties(wanted: Q) -> Iterator[Ended]:
    """Penalties are closed from entry, in their ledger and in the log; found are those whose values in the log are open all the same
    (an action that was broken off, an older release)."""
    rows = Penalty.objects.filter(wanted, pk__in=_open_keys()).order_by("pk")
    for pk, day, version in rows.values_list("pk", "decided_on", "version"):
        yield Ended("penalties", pk, day, state_of(pk, version))


def _parties(wanted: Q) -> Iterator[Ended]:
    rows = list(Party.objects.filter(wanted, outcome_on__isnull=False).values_list("pk", "case_id", "outcome_on", "version"))
    under_way = frozenset(
        Party.objects.filter(case_id__in={case for _pk, case, _day, _version in rows}).exclude(outcome__in=FINAL).values_list("case_id", flat=True)
    )
    for pk, case_id, day, version in rows:
        yield Ended("parties", pk, day, state_of(pk, version), frozenset({"open_case"}) if case_id in under_way else frozenset())


def codes() -> Iterator[Ended]:
    """Codes of people whose last measure has ended and of whom none runs."""
    valid = OwnCode.objects.filter(revoked_at=None).values_list("pk", "client_id")
    clients = {client for _pk, client in valid}
    running = set(Measure._base_manager.filter(client_id__in=clients, voided_at=None, ended_on=None).values_list("client_id", flat=True))
    last = dict(Measure._base_manager.filter(client_id__in=clients, voided_at=None).values_list("client_id").annotate(Max("ended_on")))
    sealed = dict(Client.objects.filter(pk__in=clients, sealed_on__isnull=False).values_list("pk", "sealed_on"))
    for pk, client in valid:
        day = sealed.get(client) or (None if client in running else last.get(client))
        if day is not None:
            yield Ended("own-codes", pk, day, state_of(pk, day))


def staged() -> Iterator[Ended]:
    """Files that were read and never taken in."""
    waiting = (BatchState.WAITING, BatchState.CHECKED, BatchState.FAILED)
    for batch in ImportBatch.objects.filter(state__in=waiting).only("pk", "state", "created_at"):
        yield Ended("imports", batch.pk, clock.day_of(batch.created_at), state_of(batch.pk, batch.state))


def copies() -> Iterator[Ended]:
    """Copies made for somebody who has not come for them, from the day they were made."""
    made = DataRequest.objects.filter(state=DeskState.DECIDED).exclude(stored_as="").filter(steps__step="copy")
    latest = made.annotate(latest=Max("steps__made_at", filter=Q(steps__step="copy")))
    for pk, stored_as, moment in latest.values_list("pk", "stored_as", "latest"):
        yield Ended("data-requests", pk, clock.day_of(moment), state_of(pk, stored_as))


def campaigns() -> Iterator[Ended]:
    """Check-ups on whose lines it is still written where somebody was seen, with the last day of each."""
    written = CampaignLine.frame.filter(said_by_id__isnull=False).order_by().values_list("campaign_id").annotate(Count("pk"), Max("said_at"))
    days = dict(Campaign.objects.values_list("pk", "ends_on"))
    for pk, count, latest in written:
        yield Ended("campaigns", pk, days[pk], state_of(pk, count, latest))


FINDERS: Final[dict[str, Finder]] = {
    "EXIT": exits,
    "MINOR": minors,
    "VIOLATION": violations,
    "CODE": codes,
    "STAGED": staged,
    "COPY": copies,
    "CAMPAIGN": campaigns,
}
