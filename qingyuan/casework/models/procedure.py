"""The step log of procedures: one row a step, written once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id


class ProcedureStepQuerySet(GuardedQuerySet["ProcedureStep"]):
    """Written once."""


class ProcedureStep(Guarded):
    """One step of one case: who, when, from where to where, and what was filled in. ``subject_id`` is the case's own id.

    ``position`` counts the steps of a case from 1; that it is unique keeps two people from taking one turn.
    ``given`` is JSON by field name, encrypted: people write in it what they like.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.CharField(_("流程"), max_length=40)
    subject_id = models.UUIDField(_("事项"))
    position = models.PositiveIntegerField(_("第几步"))
    step = models.CharField(_("步骤"), max_length=40)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("经办人"), max_length=40)
    by_unit_id = models.BigIntegerField(null=True)
    by_unit = models.CharField(_("经办单位"), max_length=80, blank=True)
    at = models.DateTimeField(_("时间"))
    given = EncryptedTextField(_("填写内容"), compartment=Compartment.INTERNAL, blank=True)

    objects = ProcedureStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("流程经办记录")
        ordering = ("subject_id", "position")
        constraints = [
            models.UniqueConstraint(
                fields=("procedure", "subject_id", "position"), name="casework_procedurestep_position_unique"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="casework_procedurestep_position_from_one"),
        ]
