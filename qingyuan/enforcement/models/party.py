"""``Party``: this room's own noun for a person in a case."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.enforcement.models.case import Case
from qingyuan.enforcement.models.person_row import PersonRow
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import listed
from qingyuan.ledgers.models.row import RowQuerySet


class PartyQuerySet(RowQuerySet):
    def of_the_open(self) -> Self:
        """Those whose record was not sealed by law."""
        return self.filter(sealed_on=None)


class LiveParties(models.Manager[Any]):
    def get_queryset(self) -> PartyQuerySet:
        return PartyQuerySet(self.model, using=self._db).live().of_the_open()


class EveryParty(models.Manager[Any]):
    """Voided rows too, as every ledger has them; of the sealed none."""

    def get_queryset(self) -> PartyQuerySet:
        return PartyQuerySet(self.model, using=self._db).of_the_open()


class Party(PersonRow):
    """A person in one case, in one role. ``sealed_on``: from that day on no list, search, file or interface has the row; figures do."""

    objects: ClassVar[models.Manager[Any]] = LiveParties()
    everything: ClassVar[models.Manager[Any]] = EveryParty()  # type: ignore[assignment]

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties", verbose_name=_("案件"))
    sex = models.CharField(_("性别"), max_length=1, blank=True)
    role = models.CharField(_("身份"), max_length=20)
    gang_role = models.CharField(_("团伙作用"), max_length=20, blank=True)
    caught_on = models.DateField(_("抓获日期"), null=True, blank=True)
    outcome = models.CharField(_("处理情况"), max_length=20, blank=True)
    outcome_on = models.DateField(_("处理日期"), null=True, blank=True)
    sealed_on = models.DateField(_("封存日期"), null=True, editable=False)
    note = EncryptedTextField(_("备注"), compartment=Compartment.ENFORCEMENT, blank=True, default="")

    class Meta(PersonRow.Meta):
        verbose_name = _("涉案人员")
        constraints = [
            *PersonRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(outcome_on=None) | Q(caught_on=None) | Q(outcome_on__gte=F("caught_on")),
                name="enforcement_party_outcome_after_caught",
            ),
        ]
        indexes = [
            listed("enforcement_party_listed", by="unit", dated="caught_on"),
            models.Index(fields=("unit", "surname_bucket"), name="enforcement_party_surname"),
            models.Index(fields=("unit", "initials_bucket"), name="enforcement_party_initials"),
        ]
