"""What the rows of this room that name a person have in common. There is no table of persons (house.md §1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import BlindIndexField, BucketField, EncryptedTextField
from qingyuan.ledgers.models import LedgerRow


class PersonRow(LedgerRow):
    """Name and ID number of one row, encrypted, found by blind index of the whole value, and by buckets for a part of the name.

    ``minor``: under eighteen when the act was done; None = not known. Such a row's personal columns are masked for
    everybody until one of them is shown by a logged act (mission line 4).
    ``who_index`` is the index of the number, or of the name while the number is unknown: it makes the row's key and
    never leaves the row. Indexes are of this compartment's key and match nothing elsewhere.
    """

    name = EncryptedTextField(_("姓名"), compartment=Compartment.ENFORCEMENT)
    name_index = BlindIndexField()
    surname_bucket = BucketField()
    initials_bucket = BucketField()
    id_number = EncryptedTextField(_("身份证号"), compartment=Compartment.ENFORCEMENT, blank=True, default="")
    id_index = BlindIndexField()
    minor = models.BooleanField(_("未成年"), null=True, blank=True)
    who_index = models.CharField(_("姓名、身份证号"), max_length=32, editable=False)

    class Meta(LedgerRow.Meta):
        abstract = True
