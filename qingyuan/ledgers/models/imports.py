"""An import on its way in: the file, what was found in it, and the rows waiting for a decision."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedJSONField, EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.ledgers.models.sources import Source


class BatchState(models.TextChoices):
    WAITING = "waiting", _("等待核对")
    CHECKING = "checking", _("正在核对")
    CHECKED = "checked", _("待确认")
    PROMOTING = "promoting", _("正在入库")
    DONE = "done", _("已入库")
    FAILED = "failed", _("没有入库")
    DISCARDED = "discarded", _("已放弃")


class RowState(models.TextChoices):
    NEW = "new", _("新增")
    CHANGED = "changed", _("更新")
    SAME = "same", _("不变")
    BAD = "bad", _("有问题")


class ImportBatch(models.Model):
    """``heartbeat_at`` lets a batch whose worker died be taken up again; nothing of it is visible before DONE.

    ``followed`` is False while a large batch is in but its facts and dues are still being brought in line.
    ``source`` is where the file comes from regularly, when that is known; ``reading`` how it is read
    (``importing.recognising``): by the source's recipe, by a layout, or as somebody corrected it by hand.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ledger = models.CharField(max_length=40)
    # A file is named after a person, a message quotes a cell, a heading may be a name: all of them stand encrypted.
    filename = EncryptedTextField(compartment=Compartment.INTERNAL)
    digest = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.WAITING)
    sheet = EncryptedTextField(compartment=Compartment.INTERNAL, blank=True)
    found: Any = EncryptedJSONField(compartment=Compartment.INTERNAL, default=dict, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0)
    bad_count = models.PositiveIntegerField(default=0)
    message = EncryptedTextField(compartment=Compartment.INTERNAL, blank=True)
    account_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    division_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    followed = models.BooleanField(default=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="batches")
    reading = models.JSONField(default=dict)

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=BatchState.DONE) | Q(finished_at__isnull=False),
                name="ledgers_importbatch_done_has_time",
            ),
        ]


class StagedBlock(models.Model):
    """Some rows of one state on their way in, from the file's row ``first`` on.

    ``payload`` is ciphertext of the ledger's compartment: values, what was typed, problems, changes of ``count`` rows.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="blocks")
    state = models.CharField(max_length=8, choices=RowState.choices)
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    payload = models.BinaryField()

    class Meta:
        ordering = ("first",)
        constraints = [
            models.UniqueConstraint(fields=("batch", "state", "first"), name="ledgers_stagedblock_place_unique"),
        ]


class LearntSynonym(models.Model):
    """A word an office uses for a code, confirmed once by a person; offered again for the same code list.

    With ``source`` it holds for tables of that source only, where it wins over the word of the same text that holds for all.
    """

    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="words")
    code_list = models.CharField(max_length=40)
    text = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("code_list", "text"), condition=Q(source=None), name="ledgers_learntsynonym_text_unique"
            ),
            models.UniqueConstraint(
                fields=("source", "code_list", "text"),
                condition=Q(source__isnull=False),
                name="ledgers_learntsynonym_source_text_unique",
            ),
        ]
