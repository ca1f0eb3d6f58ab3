"""A statutory clock that runs for one row of a ledger, what happened to it, and the decision it opens for a person.

Nothing here is typed twice: what a column of the row says becomes an event of the clock, and what no column says is
recorded by a person. Events are written once; a correction or a withdrawal is another event that names the one it replaces.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import ClockEnd, DecisionResult, EventSource, Finding
from qingyuan.foundation.audit.models import WriteOnce, WriteOnceQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.clocks import Clock, Kind, get_clock


class ClockQuerySet(models.QuerySet["RunningClock"]):
    """Questions with a day, answered from the cached figures; the page of a clock asks the engine itself."""

    def standing(self) -> ClockQuerySet:
        """Neither done, stopped nor given up by its row."""
        return self.filter(end="")

    def paused_on(self, day: date) -> ClockQuerySet:
        return self.standing().filter(Q(paused_until=None) | Q(paused_until__gt=day), paused_from__lte=day)

    def running_on(self, day: date) -> ClockQuerySet:
        """Standing clocks that have a day and are not paused."""
        counted = Q(paused_from=None) | Q(paused_from__gt=day) | Q(paused_until__lte=day)
        return self.standing().filter(counted, due_on__isnull=False)

    def deadlines(self) -> ClockQuerySet:
        """Clocks whose day is the law's; 及时 has only a reminder of the office."""
        return self.exclude(kind__in=(Kind.PROMPT, Kind.COUNTER))

    def over_on(self, day: date) -> ClockQuerySet:
        """The last day has passed and nothing was done: something to look into, never a finding."""
        return self.running_on(day).deadlines().filter(due_on__lt=day)

    def due_on_day(self, day: date) -> ClockQuerySet:
        return self.running_on(day).deadlines().filter(due_on=day)

    def due_within(self, day: date, until: date) -> ClockQuerySet:
        return self.running_on(day).deadlines().filter(due_on__gt=day, due_on__lte=until)

    def reached(self) -> ClockQuerySet:
        """Counters whose times or days are full."""
        return self.standing().filter(reached_on__isnull=False)

    def in_division(self, ids: Any) -> ClockQuerySet:
        return self.filter(division_id__in=ids)


class RunningClock(models.Model):
    """``subject_id`` is the row of ``ledger`` it runs for, ``person`` an opaque key or empty. What follows from the events is
    cached for lists: ``last_day`` is the engine's, ``due_on`` the day a list sorts by (a printed day of the paper holds). ``closed``: whom it is about
    was sealed; it is counted and shown to nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("期限"), max_length=12)
    kind = models.CharField(max_length=12)
    pack = models.CharField(max_length=20)
    ledger = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    person = models.CharField(max_length=36, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    caseworker_id = models.BigIntegerField(null=True)
    started_on = models.DateField(null=True)
    last_day = models.DateField(_("届满日"), null=True)
    moment = models.DateTimeField(null=True)
    latest = models.DateField(null=True)
    printed_on = models.DateField(_("文书写明的日期"), null=True)
    due_on = models.DateField(null=True)
    undecided = models.BooleanField(default=False)
    paused_from = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    reached_on = models.DateField(null=True)
    end = models.CharField(max_length=10, choices=ClockEnd.choices, blank=True)
    ended_on = models.DateField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    closed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("期限")
        ordering = ("due_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=("subject_id", "code"), name="casework_clock_runs_once"),
            models.CheckConstraint(
                condition=Q(end="", ended_on=None) | ~Q(end=""), name="casework_clock_end_says_how"
            ),
        ]
        indexes = [
            models.Index(fields=("unit", "end", "due_on", "id"), name="casework_clock_unit"),
            models.Index(fields=("division", "end", "due_on", "id"), name="casework_clock_division"),
            models.Index(fields=("person",), name="casework_clock_whose"),
        ]

    @property
    def declared(self) -> Clock:
        return get_clock(self.code)

    @property
    def is_counter(self) -> bool:
        return self.kind == Kind.COUNTER


class ClockEventQuerySet(WriteOnceQuerySet["ClockEvent"]):
    """Written once."""


class ClockEvent(WriteOnce):
    """One thing that happened to a clock. ``source`` says whether a column of the ledger row said it (``column`` which) or a
    person recorded it. ``corrects`` is the event this one replaces; ``withdrawn``: that one never happened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clock = models.ForeignKey(RunningClock, models.PROTECT, related_name="events")
    word = models.CharField(max_length=24)
    on = models.DateField()
    at = models.TimeField(null=True)
    until = models.DateField(null=True)
    until_at = models.TimeField(null=True)
    days = models.PositiveSmallIntegerField(default=0)
    option = models.CharField(max_length=24, blank=True)
    term = models.CharField(max_length=24, blank=True)
    approved_by = models.CharField(_("批准机关"), max_length=60, blank=True)
    paper = models.CharField(_("文书号"), max_length=60, blank=True)
    lawful = models.BooleanField(default=False)
    objected = models.BooleanField(default=False)
    decided = models.BooleanField(default=False)
    source = models.CharField(max_length=8, choices=EventSource.choices)
    column = models.CharField(max_length=24, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    withdrawn = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=40, blank=True)

    objects = ClockEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("期限事件")
        ordering = ("recorded_at", "pk")
        constraints = [
            # Two people cannot correct the same event: the second has to look at what the first wrote.
            models.UniqueConstraint(fields=("corrects",), name="casework_clockevent_corrected_once"),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(corrects__isnull=False), name="casework_clockevent_withdraws_one"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("on")), name="casework_clockevent_until_after_on"
            ),
            models.CheckConstraint(
                condition=(Q(source=EventSource.ROW) & ~Q(column="")) | Q(source=EventSource.PERSON, column=""),
                name="casework_clockevent_source_told",
            ),
        ]

    @property
    def moment(self) -> datetime | None:
        return datetime.combine(self.on, self.at) if self.at else None


class ClockDecision(models.Model):
    """The decision a clock that has run out opens for a person. It is begun by the first who looks into it; nothing is
    concluded by the clock, and nothing follows from the decision by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clock = models.ForeignKey(RunningClock, models.PROTECT, related_name="decisions")
    ran_out_on = models.DateField(_("届满日"))
    question = models.CharField(max_length=80)
    checklist = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    opened_by_name = models.CharField(max_length=40)
    result = models.CharField(_("结果"), max_length=12, choices=DecisionResult.choices, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True)
    office = models.CharField(_("决定机关"), max_length=60, blank=True)
    paper = models.CharField(_("文书号"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(null=True)
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("待决定")
        ordering = ("-ran_out_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=("clock", "ran_out_on"), name="casework_clockdecision_opened_once"),
            models.CheckConstraint(
                condition=Q(result="", decided_on=None, office="", recorded_at=None, recorded_by_id=None)
                | (~Q(result="") & ~Q(office="") & Q(decided_on__isnull=False, recorded_at__isnull=False)),
                name="casework_clockdecision_decided_by_somebody",
            ),
        ]


class ClockCheckQuerySet(WriteOnceQuerySet["ClockCheck"]):
    """Written once."""


class ClockCheck(WriteOnce):
    """One line of the checklist looked into: what was found, by whom, when. Looked at again, it is a newer line."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    decision = models.ForeignKey(ClockDecision, models.PROTECT, related_name="checks")
    position = models.PositiveSmallIntegerField()
    finding = models.CharField(max_length=6, choices=Finding.choices)
    turn = models.PositiveSmallIntegerField(default=1)
    checked_at = models.DateTimeField()
    checked_by_id = models.BigIntegerField(null=True)
    checked_by_name = models.CharField(max_length=40)

    objects = ClockCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("核对")
        ordering = ("position", "turn")
        constraints = [
            models.UniqueConstraint(fields=("decision", "position", "turn"), name="casework_clockcheck_turn_once"),
        ]
