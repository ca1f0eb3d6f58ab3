"""A general check-up (大普查): the campaign as it was issued, and the lines of its frame, each standing for rows of the register."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.ledgers.models import LedgerRow, listed
from qingyuan.ledgers.models.row import RowQuerySet
from qingyuan.organisation.models import Division, Unit
from qingyuan.rehabilitation.enums import EndState
from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.control import Control
from qingyuan.rehabilitation.models.isolation import Isolation
from qingyuan.rehabilitation.models.measure import Measure

HOME = Compartment.COMMUNITY


class Campaign(Guarded):
    """Name, days, places (keys of divisions) and the document it was issued by; its frame is everyone of the register on ``reference_on``.

    Once issued it stays as it is; what should not have been is withdrawn with a reason, before anybody was accounted for.
    """

    movable: ClassVar[frozenset[str]] = frozenset({"withdrawn_at", "withdrawn_by_id", "withdrawn_by_name", "void_reason"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("印发单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    title = EncryptedTextField(_("名称"), compartment=Compartment.INTERNAL)
    document_number = models.CharField(_("印发文号"), max_length=60)
    starts_on = models.DateField(_("从"))
    ends_on = models.DateField(_("到"))
    reference_on = models.DateField(_("名册基准日"))
    place_ids = models.JSONField(_("范围"), default=list)
    issued_at = models.DateTimeField()
    issued_by_id = models.BigIntegerField(null=True)
    issued_by_name = models.CharField(_("印发人"), max_length=40)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_by_name = models.CharField(_("撤回人"), max_length=40, blank=True)
    void_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)

    objects = GuardedQuerySet["Campaign"].as_manager()

    class Meta:
        verbose_name = _("普查")
        ordering = ("-starts_on", "-issued_at")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="rehabilitation_campaign_days_in_order"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by_name="", void_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by_name="") & ~Q(void_reason="")),
                name="rehabilitation_campaign_withdrawn_whole",
            ),
            models.UniqueConstraint(
                fields=("unit", "document_number"),
                condition=Q(withdrawn_at=None),
                name="rehabilitation_campaign_document_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"campaign {self.pk}"


class OpenLines(models.Manager[Any]):
    """Lines of campaigns that stand, of persons who are not sealed: nobody's list has a name that left the register."""

    def get_queryset(self) -> RowQuerySet:
        return RowQuerySet(self.model, using=self._db).live().filter(campaign__withdrawn_at=None, client__sealed_on=None)


class CampaignLine(LedgerRow):
    """One person on the register of one unit. It points at the rows that put the person there, and holds nothing about the person
    but how the line ended and on what evidence. ``received_from``: the line of a unit that said the person is here now.

    ``frame``: the lines of sealed persons and of withdrawn campaigns too, to be counted and for nothing else."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="lines")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    listed_on = models.DateField(_("名册基准日"), editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+", null=True)
    isolation = models.ForeignKey(Isolation, models.PROTECT, related_name="+", null=True)
    control = models.ForeignKey(Control, models.PROTECT, related_name="+", null=True)
    received_from = models.OneToOneField("self", models.PROTECT, related_name="received_as", null=True)
    state = models.CharField(_("核查结果"), max_length=12, choices=EndState.choices, blank=True)
    happened_on = models.DateField(_("日期"), null=True)
    paper_number = models.CharField(_("凭证编号"), max_length=60, blank=True)
    words = EncryptedTextField(_("依据"), compartment=HOME, blank=True, default="")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name=_("现在由谁负责"))
    to_place = EncryptedTextField(_("现在的地方"), compartment=HOME, blank=True, default="")
    said_at = models.DateTimeField(null=True)
    said_by_id = models.BigIntegerField(null=True)
    said_by_name = models.CharField(_("登记人"), max_length=40, blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by_id = models.BigIntegerField(null=True)
    accepted_by_name = models.CharField(_("接收人"), max_length=40, blank=True)
    refused_words = EncryptedTextField(_("不接收的理由"), compartment=HOME, blank=True, default="")

    objects: ClassVar[models.Manager[Any]] = OpenLines()
    everything: ClassVar[models.Manager[Any]] = OpenLines()  # type: ignore[assignment]  # no line is ever voided
    frame: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta(LedgerRow.Meta):
        verbose_name = _("普查名册")
        base_manager_name = "frame"
        constraints = [
            *LedgerRow.Meta.constraints,
            models.UniqueConstraint(fields=("campaign", "client", "unit"), name="rehabilitation_campaignline_once_a_unit"),
            models.CheckConstraint(
                condition=Q(measure__isnull=False) | Q(isolation__isnull=False) | Q(control__isnull=False),
                name="rehabilitation_campaignline_of_a_row",
            ),
            models.CheckConstraint(
                condition=Q(state="", said_at=None, said_by_name="", happened_on=None)
                | (~Q(state="") & Q(said_at__isnull=False) & ~Q(said_by_name="") & Q(happened_on__isnull=False)),
                name="rehabilitation_campaignline_recorded_whole",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by_name="")
                | (Q(accepted_at__isnull=False, state=EndState.ELSEWHERE) & ~Q(accepted_by_name="")),
                name="rehabilitation_campaignline_accepted_whole",
            ),
        ]
        indexes = [
            listed("rehabilitation_campaign_listed", by="unit", dated="listed_on"),
            models.Index(fields=("campaign", "unit", "state"), name="rehabilitation_campaign_work"),
            models.Index(fields=("to_unit", "state"), name="rehabilitation_campaign_moved"),
        ]

    def __str__(self) -> str:
        return f"campaign line {self.pk}"
