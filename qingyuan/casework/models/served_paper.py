"""Papers about a ledger row that are served on its person, and how each came to be served.

What such a paper and its service say is of the row's compartment, so it is kept under that compartment's key: ``seal`` writes
the column of that compartment, ``words`` reads whichever is filled.
"""

from __future__ import annotations

import json
from typing import Any, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import Receiver, ScanMatch, ServedState, ServiceWay
from qingyuan.foundation.audit.models import WriteOnce, WriteOnceQuerySet
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet, WrittenOnce
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit

#: What stands still once the paper has its number.
CONTENT: Final = frozenset(
    {
        "form", "form_version", "ledger", "subject_id", "unit", "unit_id", "division", "division_id", "regime", "word", "year",
        "serial", "number", "content_hash", "issued_on", "serve_by", "community", "enforcement", "treatment",
    }
)  # fmt: skip


#: The words of a paper whose text is only with its person.
HANDED_OVER: Final = {"handed_over": True}


#: Whose papers are kept here, each under its own key in a column of its name.
SEALED: Final = (Compartment.COMMUNITY, Compartment.ENFORCEMENT, Compartment.TREATMENT)


def compartment_column(compartment: Compartment) -> str:
    """The column that holds words of this compartment. Raises ValueError for one that has none."""
    if compartment not in SEALED:
        raise ValueError(f"papers about rows of {compartment} are not kept here")
    return compartment.value


class Sealed(models.Model):
    """Words under the key of a compartment. One of the columns is filled, never two."""

    community = EncryptedTextField(compartment=Compartment.COMMUNITY, blank=True, default="")
    enforcement = EncryptedTextField(compartment=Compartment.ENFORCEMENT, blank=True, default="")
    treatment = EncryptedTextField(compartment=Compartment.TREATMENT, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def words(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.community or self.enforcement or self.treatment or "{}")
        return loaded

    def seal(self, value: dict[str, Any], compartment: Compartment) -> None:
        """Write ``words`` under the key of ``compartment``, the one of the row's ledger. Raises ValueError for another."""
        column, text = compartment_column(compartment), json.dumps(value, ensure_ascii=False) if value else ""
        for one in SEALED:
            setattr(self, one.value, text if one.value == column else "")


class ServedPaperQuerySet(models.QuerySet["ServedPaper"]):
    def update(self, **kwargs: Any) -> int:
        if CONTENT & set(kwargs) and self.exclude(state=ServedState.DRAFT).exists():
            raise WrittenOnce(str(ServedPaper._meta.verbose_name))
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise WrittenOnce(str(ServedPaper._meta.verbose_name))

    def waiting(self) -> ServedPaperQuerySet:
        """Numbered, and no proof of service on file."""
        return self.filter(state=ServedState.ISSUED)

    def numbered(self) -> ServedPaperQuerySet:
        return self.filter(serial__isnull=False)


class ServedPaper(Sealed):
    """``form`` names its declared form (``casework/serving``), ``subject_id`` the row of ``ledger`` it is about. ``words``: what
    was filled in (``answers``), and from the number on the ``document`` as printed. ``way``, ``sent_on``, ``served_on``, ``refused``
    and ``until`` are those of the service that stands, cached for lists."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.CharField(_("文书"), max_length=24)
    form_version = models.PositiveSmallIntegerField(_("格式版本"))
    regime = models.CharField(max_length=12)
    ledger = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("制作单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=ServedState.choices, default=ServedState.DRAFT)
    word = models.CharField(_("文书代字"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年度"), null=True)
    serial = models.PositiveIntegerField(_("顺序号"), null=True)
    number = models.CharField(_("文书号"), max_length=40, blank=True)
    content_hash = models.CharField(_("校验值"), max_length=64, blank=True)
    drafted_at = models.DateTimeField(_("起草时间"))
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by_name = models.CharField(_("制作人"), max_length=40)
    issued_on = models.DateField(_("编号日期"), null=True)
    serve_by = models.DateField(_("送达期限"), null=True)
    way = models.CharField(_("送达方式"), max_length=12, choices=ServiceWay.choices, blank=True)
    sent_on = models.DateField(_("送出日期"), null=True)
    served_on = models.DateField(_("送达日期"), null=True)
    until = models.DateField(_("公告期满"), null=True)
    refused = models.BooleanField(_("拒收"), default=False)
    closed_reason = EncryptedTextField(_("撤回原因"), compartment=Compartment.INTERNAL, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ServedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("送达文书")
        ordering = ("-drafted_at",)
        constraints = [
            models.UniqueConstraint(fields=("word", "year", "serial"), name="casework_servedpaper_serial_unique"),
            models.CheckConstraint(
                condition=Q(serial=None, number="", issued_on=None)
                | (Q(serial__isnull=False, issued_on__isnull=False, year__isnull=False) & ~Q(number="")),
                name="casework_servedpaper_number_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(ServedState.ISSUED, ServedState.SERVED)) | Q(serial__isnull=False),
                name="casework_servedpaper_out_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=ServedState.SERVED) | (Q(served_on__isnull=False) & ~Q(way="")),
                name="casework_servedpaper_served_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=ServedState.WITHDRAWN) | ~Q(closed_reason=""),
                name="casework_servedpaper_withdrawn_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=("ledger", "state", "serve_by"), name="casework_servedpaper_waiting"),
            models.Index(fields=("subject_id", "form"), name="casework_servedpaper_row"),
            models.Index(fields=("unit", "year", "serial"), name="casework_servedpaper_register"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused when what was numbered would change: withdraw it and make another."""
        if not self._state.adding:
            columns = [field.attname for field in self._meta.concrete_fields if field.name in CONTENT]
            stored = ServedPaper._base_manager.filter(pk=self.pk).values("state", *columns).first()
            closed = stored is not None and stored["state"] != ServedState.DRAFT
            if closed and any(stored[name] != getattr(self, name) for name in columns):
                raise WrittenOnce(str(self._meta.verbose_name))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise WrittenOnce(str(self._meta.verbose_name))

    @property
    def handed_over(self) -> bool:
        """Whether its text was given away for good: number and hash are all that is left."""
        return bool(self.number) and self.words == HANDED_OVER

    @property
    def answers(self) -> dict[str, str]:
        found: dict[str, str] = self.words.get("answers", {})
        return found


class ServiceProofQuerySet(GuardedQuerySet["ServiceProof"]):
    """Written once."""


class ServiceProof(Guarded):
    """The signed receipt (送达回证) as it came off the scanner, matched to its paper; ``path`` names an encrypted file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(ServedPaper, models.PROTECT, related_name="proofs")
    digest = models.CharField(_("扫描件校验值"), max_length=64)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120)
    matched_by = models.CharField(_("核对方式"), max_length=8, choices=ScanMatch.choices)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(_("上传人"), max_length=40)

    objects = ServiceProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("送达回证")
        ordering = ("uploaded_at",)
        constraints = [models.UniqueConstraint(fields=("paper", "digest"), name="casework_serviceproof_unique")]


class PaperServiceQuerySet(WriteOnceQuerySet["PaperService"]):
    """Written once."""


class PaperService(Sealed, WriteOnce):
    """One statement of how a paper was served. ``corrects`` is the statement it replaces, ``withdrawn`` says that that one was
    wrong altogether; the one that nothing replaces stands. ``words``: who received it and how they stand to the person, who was
    witness, why it was refused, the number of the posting, through whom, who served it, where the notice hung."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(ServedPaper, models.PROTECT, related_name="services")
    way = models.CharField(_("送达方式"), max_length=12, choices=ServiceWay.choices)
    sent_on = models.DateField(_("送出日期"))
    received_on = models.DateField(_("送达日期"), null=True)
    receiver = models.CharField(_("收件人"), max_length=12, choices=Receiver.choices, blank=True)
    refused = models.BooleanField(_("拒收"), default=False)
    until = models.DateField(_("公告期满"), null=True)
    articles = models.CharField(_("依据"), max_length=60)
    proof = models.ForeignKey(ServiceProof, models.PROTECT, null=True, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    withdrawn = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=40)

    objects = PaperServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("送达")
        ordering = ("recorded_at", "pk")
        constraints = [
            # Two people cannot replace the same statement: the second has to look at what the first wrote.
            models.UniqueConstraint(fields=("corrects",), name="casework_paperservice_corrected_once"),
            # Nor can two begin to serve the same paper.
            models.UniqueConstraint(
                fields=("paper",), condition=Q(corrects=None), name="casework_paperservice_begun_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(corrects__isnull=False), name="casework_paperservice_withdraws_one"
            ),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(received_on__gte=F("sent_on")),
                name="casework_paperservice_received_after_sent",
            ),
            models.CheckConstraint(
                condition=Q(proof=None) | Q(received_on__isnull=False), name="casework_paperservice_proof_has_day"
            ),
        ]
