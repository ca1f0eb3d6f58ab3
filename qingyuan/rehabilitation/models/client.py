"""``Client``: this room's own noun for a person. There is no table of persons (house.md §1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import BucketField, EncryptedTextField
from qingyuan.organisation.models import Division, Unit


class Client(models.Model):
    """``id`` follows from the keyed index of the ID number, so the same person is one client within the compartment.

    Names, numbers and phones stand encrypted under the community key; search is by blind index of the whole
    value, and by keyed buckets for a part of the name.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = EncryptedTextField(_("姓名"), compartment=Compartment.COMMUNITY)
    name_index = models.CharField(max_length=32, db_index=True)
    surname_bucket = BucketField()
    initials_bucket = BucketField()
    id_number = EncryptedTextField(_("身份证号"), compartment=Compartment.COMMUNITY)
    id_index = models.CharField(max_length=32, unique=True)
    sex = models.CharField(_("性别"), max_length=1)
    phone = EncryptedTextField(_("联系电话"), compartment=Compartment.COMMUNITY, blank=True, default="")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("执行地"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("负责单位"))
    caseworker_id = models.BigIntegerField(_("社工"), null=True)
    created_at = models.DateTimeField()
    # The end of dynamic control: from this day on no list, search, file or interface has the person.
    sealed_on = models.DateField(_("封存日期"), null=True, editable=False)

    class Meta:
        verbose_name = _("服务对象")
        indexes = [
            models.Index(fields=("unit", "caseworker_id"), name="rehabilitation_client_load"),
            models.Index(fields=("unit", "surname_bucket"), name="rehabilitation_client_surname"),
            models.Index(fields=("unit", "initials_bucket"), name="rehabilitation_client_initials"),
            # A caseworker's own list is asked for without the unit.
            models.Index(fields=("caseworker_id",), name="rehabilitation_client_own"),
            # The few that are sealed, asked for by every list of rows about clients.
            models.Index(fields=("id",), name="rehabilitation_client_sealed", condition=models.Q(sealed_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"client {self.pk}"
