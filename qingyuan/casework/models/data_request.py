"""Requests about one's own personal information, each kept by one unit under the key of its own compartment.

There is no table of persons and none grows here: nothing is indexed by name or number, and a request that was passed on is another row
at another unit under another key. ``reference`` is all that two units have in common, and what comes back is that an answer was given.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import Asked, AskedBy, Asker, DeskState, Verdict
from qingyuan.casework.models.gate import SEALS, Copied
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit

_SEALED = frozenset(one.value for one in SEALS)


class DataRequestQuerySet(GuardedQuerySet["DataRequest"]):
    """What was asked is written once; where it stands moves."""


class DataRequest(Copied, Guarded):
    """Sealed (``values``): name, id_number, asker_name, contact, words. ``answer_by``: the last day of its clock, kept for lists."""

    movable: ClassVar[frozenset[str]] = frozenset(
        {"state", "caseworker_id", "stored_as", "file_digest", "answered_on", "answered_way", "answered_by_id", "answered_by_name"}
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.UUIDField(default=new_id, editable=False, db_index=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("答复单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    caseworker_id = models.BigIntegerField(null=True)
    kind = models.CharField(_("请求"), max_length=10, choices=Asked.choices)
    asker = models.CharField(_("提出人"), max_length=10, choices=Asker.choices)
    came_by = models.CharField(_("提出方式"), max_length=10, choices=AskedBy.choices)
    received_on = models.DateField(_("收到日期"))
    answer_by = models.DateField(_("答复期限"))
    own_request_id = models.UUIDField(null=True, unique=True, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=DeskState.choices, default=DeskState.RECEIVED)
    received_at = models.DateTimeField()
    received_by_id = models.BigIntegerField(null=True)
    received_by_name = models.CharField(_("收到人"), max_length=40)
    # The copy for the person, encrypted; gone once it was handed over.
    stored_as = models.CharField(max_length=80, blank=True, default="", editable=False)
    file_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    answered_on = models.DateField(_("答复日期"), null=True)
    answered_way = models.CharField(_("交付方式"), max_length=12, blank=True, default="")
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(_("交付人"), max_length=40, blank=True, default="")

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("个人信息权利请求")
        ordering = ("-received_at",)
        constraints = [
            models.UniqueConstraint(fields=("reference", "unit"), name="casework_datarequest_once_a_unit"),
            models.CheckConstraint(
                condition=Q(answered_on=None, answered_by_name="") | (Q(answered_on__isnull=False) & ~Q(answered_by_name="")),
                name="casework_datarequest_answer_whole",
            ),
            # Nothing is kept of a copy that was handed over, or of a request that has ended.
            models.CheckConstraint(condition=Q(stored_as="") | Q(state=DeskState.DECIDED), name="casework_datarequest_copy_gone"),
        ]
        indexes = [models.Index(fields=("unit", "state", "answer_by"), name="casework_datarequest_open")]

    def __str__(self) -> str:
        return f"data request {self.pk}"


class DataRequestItem(Copied, Guarded):
    """One thing found about the person: the rows of one ledger of the unit, and what was decided about them.

    Sealed: what it is called there, and the remark of the decision.
    """

    movable: ClassVar[frozenset[str]] = frozenset({"rows", "verdict", "ground", *_SEALED})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="items")
    ledger = models.CharField(max_length=40)
    rows = models.JSONField(default=list)
    verdict = models.CharField(_("决定"), max_length=8, choices=Verdict.choices, blank=True, default="")
    ground = models.CharField(max_length=12, blank=True, default="")

    objects = GuardedQuerySet["DataRequestItem"].as_manager()

    class Meta:
        verbose_name = _("请求涉及的记录")
        ordering = ("ledger",)
        constraints = [
            models.UniqueConstraint(fields=("request", "ledger"), name="casework_datarequestitem_once"),
            models.CheckConstraint(
                condition=(Q(verdict=Verdict.REFUSED) & ~Q(ground="")) | (~Q(verdict=Verdict.REFUSED) & Q(ground="")),
                name="casework_datarequestitem_refused_with_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"data request item {self.pk}"


class DataRequestStep(Copied, Guarded):
    """The log of one request; sealed: the papers seen, remarks, what the person objected to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=40)

    objects = GuardedQuerySet["DataRequestStep"].as_manager()

    class Meta:
        verbose_name = _("请求办理记录")
        ordering = ("made_at", "id")

    def __str__(self) -> str:
        return f"data request step {self.pk}"


class DataRequestSlip(Guarded):
    """That a request was passed on to another unit, which answers the person itself. Of its content nothing comes back."""

    movable: ClassVar[frozenset[str]] = frozenset({"answered_on"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="slips")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("转给"))
    passed_on_at = models.DateTimeField()
    passed_on_by_id = models.BigIntegerField(null=True)
    passed_on_by_name = models.CharField(max_length=40)
    answered_on = models.DateField(_("该单位答复日期"), null=True)

    objects = GuardedQuerySet["DataRequestSlip"].as_manager()

    class Meta:
        verbose_name = _("转交单")
        ordering = ("passed_on_at", "id")
        constraints = [models.UniqueConstraint(fields=("request", "to_unit"), name="casework_datarequestslip_once")]

    def __str__(self) -> str:
        return f"data request slip {self.pk}"
