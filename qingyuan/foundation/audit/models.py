"""Audit rows. Nothing here has a foreign key, so that the audit never stands in the way of living data.

Entries are written once. Only sealing fills ``seq``, ``prev_hash`` and ``hash``; tags read "<key id>:<hex>".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation import clock
from qingyuan.foundation.crypto import decrypt_text, encrypt_text
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.ids import new_id

AUDIT_DATABASE = "audit"
MAIN_DATABASE = "default"
LONGEST_TYPED = 300
ModelT = TypeVar("ModelT", bound=models.Model)

if TYPE_CHECKING:
    from collections.abc import Iterable


class Immutable(TypeError):
    """An attempt to change or remove an audit row."""

    def __init__(self) -> None:
        super().__init__("审计记录一经写入不得修改或删除；需要更正时另写一条")


def longest(model: type[models.Model], column: str) -> int:
    """How many characters a text column holds; SQLite would store more, PostgreSQL refuses."""
    return int(getattr(model._meta.get_field(column), "max_length", None) or 0)


class WriteOnceQuerySet(models.QuerySet[ModelT]):
    """Reads and inserts, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise Immutable

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Immutable

    def delete(self) -> NoReturn:
        raise Immutable


class WriteOnce(models.Model):
    """A row that is inserted and then stays as it is."""

    class Meta:
        abstract = True

    def save(
        self,
        *,
        force_insert: bool | tuple[models.base.ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        if not self._state.adding or force_update or update_fields is not None:
            raise Immutable
        super().save(force_insert=True, using=using)

    def delete(self, using: str | None = None, keep_parents: bool = False) -> NoReturn:
        raise Immutable


def seal_typed(column: str, clear: str) -> str:
    """What an entry stores for a text that people type, and that may therefore name somebody."""
    return encrypt_text(Compartment.INTERNAL, clear, f"foundation.Entry.{column}") if clear else ""


def open_typed(column: str, stored: str) -> str:
    """The clear text of what ``seal_typed`` gave. Raises Undecipherable."""
    return decrypt_text(Compartment.INTERNAL, stored, f"foundation.Entry.{column}") if stored else ""


class Entry(WriteOnce):
    """What write and read entries share: who, when, what, and the place in the chain.

    ``reason`` stands encrypted in ``reason_stored``; the chain is over what is stored.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("时间"))
    actor_id = models.BigIntegerField(_("账号编号"), null=True)
    actor_name = models.CharField(_("操作人"), max_length=80, blank=True)
    actor_unit_id = models.BigIntegerField(_("单位编号"), null=True)
    act = models.CharField(_("操作"), max_length=60)
    ledger = models.CharField(_("台账"), max_length=60, blank=True)
    reason_stored = models.TextField(_("事由"), blank=True)
    digest = models.CharField(_("内容签章"), max_length=80)
    seq = models.BigIntegerField(_("顺序号"), null=True, unique=True)
    prev_hash = models.CharField(_("前一条的链值"), max_length=80, blank=True)
    hash = models.CharField(_("链值"), max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.at.astimezone(clock.ZONE):%Y-%m-%d %H:%M:%S} {self.actor_name} {self.act}"

    @property
    def reason(self) -> str:
        return open_typed("reason", self.reason_stored)


class WriteEntry(Entry):
    """One action that changed something, in the main database and in the action's own transaction."""

    row_id = models.UUIDField(_("记录编号"), null=True)
    division_id = models.BigIntegerField(_("区划编号"), null=True)
    summary = models.CharField(_("摘要"), max_length=300, blank=True)
    batch_digest = models.CharField(_("导入文件摘要"), max_length=80, blank=True)
    row_count = models.PositiveIntegerField(_("涉及行数"), default=0)
    changes_root = models.CharField(_("变更链根"), max_length=80)

    objects = WriteOnceQuerySet["WriteEntry"].as_manager()

    class Meta:
        verbose_name = _("操作审计")
        ordering = ("-at", "-id")
        indexes = [
            # With all that the log is asked by, so that a filtered list is counted and paged in the index alone: an entry
            # with its rows is a page of the database by itself.
            models.Index(
                fields=("at", "id", "actor_name", "actor_unit_id", "act", "ledger"), name="foundation_write_listed"
            ),
            models.Index(fields=("ledger", "at"), name="foundation_write_ledger"),
            models.Index(fields=("row_id",), name="foundation_write_row"),
            models.Index(fields=("actor_id", "at"), name="foundation_write_actor"),
            models.Index(fields=("at", "id"), condition=Q(seq=None), name="foundation_write_unsealed"),
        ]


class RowChange(WriteOnce):
    """One row that an entry created, changed or voided. ``before`` and ``after`` are canonical JSON objects.

    A personal value stands as ``{"enc": "r1.…"}`` under the row's own key. ``hash`` chains the rows of the entry.
    """

    class Kind(models.TextChoices):
        CREATE = "create", _("新增")
        CHANGE = "change", _("修改")
        VOID = "void", _("作废")

    entry_id = models.UUIDField()
    position = models.PositiveIntegerField()
    row_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    hash = models.CharField(max_length=64)

    objects = WriteOnceQuerySet["RowChange"].as_manager()

    class Meta:
        verbose_name = _("行变更")
        constraints = [
            models.UniqueConstraint(fields=("entry_id", "position"), name="foundation_rowchange_place_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class RecordKey(models.Model):
    """The key of one row's personal values in the audit. Destroyed: the values are gone, the chain still holds."""

    row_id = models.UUIDField(primary_key=True)
    compartment = models.CharField(max_length=12, choices=[(c.value, c.label) for c in Compartment])
    wrapped = models.CharField(max_length=160, blank=True)
    sealed_at = models.DateTimeField(_("封存时间"), null=True)
    destroyed_at = models.DateTimeField(_("销毁时间"), null=True)

    objects: ClassVar[models.Manager[RecordKey]] = models.Manager()

    class Meta:
        verbose_name = _("记录密钥")
        constraints = [
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(wrapped=""), name="foundation_recordkey_destroyed_is_empty"
            ),
        ]

    def __str__(self) -> str:
        return str(self.row_id)


class ReadEntry(Entry):
    """Someone saw, searched, exported or printed something; in the audit database, committed before the page is sent."""

    database = AUDIT_DATABASE

    path = models.CharField(_("网址"), max_length=300, blank=True)
    address = models.CharField(_("网络地址"), max_length=45, blank=True)
    purpose_stored = models.TextField(_("用途"), blank=True)
    query_digest = models.CharField(_("查询条件摘要"), max_length=80, blank=True)
    row_count = models.PositiveIntegerField(_("涉及行数"), default=0)
    rows_digest = models.CharField(_("行集合摘要"), max_length=80, blank=True)
    row_ids = models.TextField(_("行编号"), blank=True)
    emergency_id = models.UUIDField(_("紧急查阅编号"), null=True)

    objects = WriteOnceQuerySet["ReadEntry"].as_manager()

    class Meta:
        verbose_name = _("查阅审计")
        ordering = ("-at", "-id")
        indexes = [
            # With all that the log is asked by, so that a filtered list is counted and paged in the index alone: an entry
            # with its rows is a page of the database by itself.
            models.Index(
                fields=("at", "id", "actor_name", "actor_unit_id", "act", "ledger"), name="foundation_read_listed"
            ),
            models.Index(fields=("ledger", "at"), name="foundation_read_ledger"),
            models.Index(fields=("actor_id", "at"), name="foundation_read_actor"),
            models.Index(
                fields=("emergency_id",), condition=Q(emergency_id__isnull=False), name="foundation_read_emergency"
            ),
            models.Index(fields=("at", "id"), condition=Q(seq=None), name="foundation_read_unsealed"),
        ]

    @property
    def purpose(self) -> str:
        return open_typed("purpose", self.purpose_stored)


class ReadRow(models.Model):
    """Row ``row_id`` was among those of the sealed read entry ``seq``: an index of the log, made again from it at any time.

    Kept by the sealer in its own transaction, so it knows every sealed entry and no other (``by_row``).
    """

    database = AUDIT_DATABASE

    pk = models.CompositePrimaryKey("row_id", "seq")
    row_id = models.UUIDField(_("记录编号"))
    seq = models.BigIntegerField(_("顺序号"))

    objects: ClassVar[models.Manager[ReadRow]] = models.Manager()

    class Meta:
        verbose_name = _("查阅记录索引")

    def __str__(self) -> str:
        return f"{self.row_id} #{self.seq}"


class Anchor(models.Model):
    """The head of a chain at the end of a day (or now, for today): publish it outside and nothing can be unmade."""

    day = models.DateField(_("日期"), primary_key=True)
    head_seq = models.BigIntegerField(_("末条顺序号"))
    head_hash = models.CharField(_("末条链值"), max_length=80)
    count = models.BigIntegerField(_("当日封链条数"))
    sealed_at = models.DateTimeField(_("封链时间"))
    mac = models.CharField(_("签章"), max_length=80)

    class Meta:
        abstract = True
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} #{self.head_seq}"


class WriteAnchor(Anchor):
    objects: ClassVar[models.Manager[WriteAnchor]] = models.Manager()

    class Meta(Anchor.Meta):
        verbose_name = _("操作审计日锚")


class ReadAnchor(Anchor):
    database = AUDIT_DATABASE

    objects: ClassVar[models.Manager[ReadAnchor]] = models.Manager()

    class Meta(Anchor.Meta):
        verbose_name = _("查阅审计日锚")


class SealLock(models.Model):
    """One row whose update makes sealers wait for each other, on SQLite and PostgreSQL alike."""

    name = models.CharField(max_length=8, primary_key=True)
    run_at = models.DateTimeField(_("上次封链"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class WriteSealLock(SealLock):
    objects: ClassVar[models.Manager[WriteSealLock]] = models.Manager()


class ReadSealLock(SealLock):
    database = AUDIT_DATABASE

    objects: ClassVar[models.Manager[ReadSealLock]] = models.Manager()
