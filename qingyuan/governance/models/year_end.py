"""The yearly assessment (考核评审): a round, one assessment a letter, what each side says of its clauses, the check by sample,
objections, and the result as it was published, which never changes."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import EvidenceKind, Finding, ObjectionState, ReviewState
from qingyuan.governance.models.assessment import ManualEntry
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet
from qingyuan.governance.models.letter import Letter
from qingyuan.organisation.models import Division, Unit

#: States of an assessment in which its scores are still being made.
UNDER_REVIEW = ("self_score", "review")
#: States in which a number may be decided by hand against what was computed.
DECIDING = ("review", "objected")


class AssessmentRound(models.Model):
    """One year's assessment of a city's letters. ``scored_on``: the day for which every letter is scored.

    ``commitment`` is published before the sampled lists are frozen; ``seed`` is shown when they are drawn from.
    ``object_days``, ``answer_days``: working days for an objection and for its answer. ``circular_number``: taken when the results are
    published; empty before, and of rounds published before their circulars were numbered.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("地区"))
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("组织单位"))
    state = models.CharField(_("状态"), max_length=20, default="draft")
    version = models.PositiveIntegerField(default=1, editable=False)
    scored_on = models.DateField(_("计分截止日"))
    self_by = models.DateField(_("自评期限"))
    review_by = models.DateField(_("评审期限"))
    object_days = models.PositiveSmallIntegerField(_("异议期限(工作日)"))
    answer_days = models.PositiveSmallIntegerField(_("答复期限(工作日)"))
    opened_on = models.DateField(_("启动日期"), null=True, blank=True)
    published_on = models.DateField(_("公布日期"), null=True, blank=True)
    circular_number = models.CharField(_("通报文号"), max_length=40, blank=True, editable=False)
    commitment = models.CharField(_("种子校验值"), max_length=64, blank=True)
    seed = EncryptedTextField(_("抽样种子"), compartment=Compartment.INTERNAL, blank=True)
    frozen_at = models.DateTimeField(_("名单冻结时间"), null=True, blank=True)
    revealed_at = models.DateTimeField(_("种子公布时间"), null=True, blank=True)
    drafted_by_id = models.BigIntegerField(null=True, editable=False)
    drafted_by_name = models.CharField(_("起草人"), max_length=40)
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("年度考核评审")
        ordering = ("-year",)
        constraints = [
            models.UniqueConstraint(
                fields=("division", "year"), condition=~Q(state="withdrawn"), name="governance_assessmentround_one_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn")) | ~Q(commitment=""), name="governance_assessmentround_committed"
            ),
            models.CheckConstraint(
                condition=Q(revealed_at=None) | Q(frozen_at__isnull=False, frozen_at__lte=F("revealed_at")),
                name="governance_assessmentround_frozen_first",
            ),
            models.UniqueConstraint(
                fields=("circular_number",), condition=~Q(circular_number=""), name="governance_assessmentround_circular_once"
            ),
        ]

    @property
    def is_revealed(self) -> bool:
        return self.revealed_at is not None


class RoundSection(models.Model):
    """Which unit reviews a clause in a round (评审组). A clause without one is the office's."""

    round = models.ForeignKey(AssessmentRound, models.PROTECT, related_name="sections")
    clause = models.CharField(_("条款"), max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("评审单位"))

    class Meta:
        verbose_name = _("评审分工")
        constraints = [models.UniqueConstraint(fields=("round", "clause"), name="governance_roundsection_one_unit")]


class Assessment(models.Model):
    """One letter in a round. ``division`` and ``unit`` are the assessed unit's; the state moves only by the procedure."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(AssessmentRound, models.PROTECT, related_name="assessments")
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="assessments", verbose_name=_("责任书"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("地区"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("被考核单位"))
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("组织单位"))
    state = models.CharField(_("状态"), max_length=20, default="self_score")
    version = models.PositiveIntegerField(default=1, editable=False)
    self_by = models.DateField(_("自评期限"))
    statement = EncryptedTextField(_("自评说明"), compartment=Compartment.INTERNAL, blank=True)
    filed_on = models.DateField(_("自评日期"), null=True, blank=True)
    noticed_on = models.DateField(_("告知日期"), null=True, blank=True)
    object_by = models.DateField(_("异议期限"), null=True, blank=True)
    settled_on = models.DateField(_("定稿日期"), null=True, blank=True)
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("责任书考评")
        ordering = ("letter__serial",)
        constraints = [
            models.UniqueConstraint(fields=("round", "letter"), name="governance_assessment_letter_once"),
            models.CheckConstraint(
                condition=Q(noticed_on=None) | Q(object_by__gt=F("noticed_on")), name="governance_assessment_time_to_object"
            ),
        ]
        indexes = [models.Index(fields=("unit", "state"), name="governance_assessment_unit")]

    def is_late(self, on: date) -> bool:
        """The assessed unit has not filed its own score by its day."""
        return self.state == "self_score" and self.self_by < on

    def may_still_object(self, on: date) -> bool:
        return self.object_by is not None and on <= self.object_by


class SelfScore(models.Model):
    """What the assessed unit says a clause comes to. ``computed``: what the platform reckoned when it was written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="self_scores")
    clause = models.CharField(_("条款"), max_length=20)
    points = models.DecimalField(_("自评分"), max_digits=7, decimal_places=2)
    computed = models.DecimalField(_("平台得分"), max_digits=7, decimal_places=2, null=True)
    reason = EncryptedTextField(_("理由"), compartment=Compartment.INTERNAL, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("填写人"), max_length=40)
    at = models.DateTimeField(_("填写时间"))

    class Meta:
        verbose_name = _("自评")
        constraints = [
            models.UniqueConstraint(fields=("assessment", "clause"), name="governance_selfscore_one_a_clause"),
            models.CheckConstraint(
                condition=Q(points=F("computed")) | ~Q(reason=""), name="governance_selfscore_deviation_has_reason"
            ),
        ]


class EvidenceQuerySet(GuardedQuerySet["AssessmentEvidence"]):
    def standing(self) -> EvidenceQuerySet:
        return self.filter(withdrawn_at=None)


class AssessmentEvidence(Guarded):
    """What stands behind a clause: a row of the platform by reference and hash (never a copy), or a file, redrawn and encrypted.

    ``ledger`` is «returns», «papers» or a ledger's code. ``digest``: of the row as it was, or of the file.
    """

    movable: ClassVar[frozenset[str]] = frozenset({"withdrawn_at", "withdrawn_by_name"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence")
    clause = models.CharField(_("条款"), max_length=20)
    kind = models.CharField(_("种类"), max_length=4, choices=EvidenceKind.choices)
    ledger = models.CharField(_("台账"), max_length=40, blank=True)
    row_id = models.UUIDField(null=True)
    digest = models.CharField(_("校验值"), max_length=64)
    note = EncryptedTextField(_("说明"), compartment=Compartment.INTERNAL)
    content = EncryptedTextField(_("文件"), compartment=Compartment.INTERNAL, blank=True)
    file_name = EncryptedTextField(_("文件名"), compartment=Compartment.INTERNAL, blank=True)
    media_type = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(_("字节"), default=0)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("提交人"), max_length=40)
    at = models.DateTimeField(_("提交时间"))
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=40, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("考评佐证")
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("assessment", "clause", "digest"),
                condition=Q(withdrawn_at=None),
                name="governance_assessmentevidence_once",
            ),
            models.CheckConstraint(
                condition=(Q(kind="row") & Q(row_id__isnull=False) & ~Q(ledger="") & Q(content=""))
                | (Q(kind="file", row_id=None, ledger="") & ~Q(content="")),
                name="governance_assessmentevidence_row_or_file",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_by_name=""), name="governance_assessmentevidence_withdrawn_by"
            ),
        ]


class ClauseReview(models.Model):
    """What the reviewing unit says of one clause: confirmed as computed, or another number, which is a manual entry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reviews")
    clause = models.CharField(_("条款"), max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("评审单位"))
    state = models.CharField(_("评审"), max_length=10, choices=ReviewState.choices, default=ReviewState.WAITING)
    opinion = EncryptedTextField(_("评审意见"), compartment=Compartment.INTERNAL, blank=True)
    entry = models.ForeignKey(ManualEntry, models.PROTECT, null=True, related_name="+", verbose_name=_("人工认定"))
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("评审人"), max_length=40, blank=True)
    at = models.DateTimeField(_("评审时间"), null=True)

    class Meta:
        verbose_name = _("条款评审")
        constraints = [
            models.UniqueConstraint(fields=("assessment", "clause"), name="governance_clausereview_one_a_clause"),
            models.CheckConstraint(
                condition=Q(state="waiting", at=None) | Q(at__isnull=False) & ~Q(by_name=""),
                name="governance_clausereview_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="changed") | (Q(entry__isnull=False) & ~Q(opinion="")),
                name="governance_clausereview_change_has_reason",
            ),
        ]
        indexes = [models.Index(fields=("unit", "state"), name="governance_clausereview_unit")]


class FrameQuerySet(GuardedQuerySet["SampleFrame"]):
    """Written once."""


class SampleFrame(Guarded):
    """The frozen list from which one letter's rows are drawn: ids sorted, and the hash under which they were published."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="frames")
    ledger = models.CharField(_("台账"), max_length=40)
    ids = models.JSONField(_("名单"), default=list)
    list_hash = models.CharField(_("名单校验值"), max_length=64)
    wanted = models.PositiveSmallIntegerField(_("抽取数"))
    frozen_at = models.DateTimeField(_("冻结时间"))
    frozen_by_name = models.CharField(_("冻结人"), max_length=40)

    objects = FrameQuerySet.as_manager()

    class Meta:
        verbose_name = _("抽样名单")
        constraints = [models.UniqueConstraint(fields=("assessment", "ledger"), name="governance_sampleframe_once")]


class SampleItemQuerySet(GuardedQuerySet["SampleItem"]):
    """What was drawn never changes; what was found is written when somebody went there."""


class SampleItem(Guarded):
    """One drawn row and what the check found; about the row and its unit, never about who worked on it."""

    movable: ClassVar[frozenset[str]] = frozenset({"finding", "found", "found_on", "found_at", "found_by_id", "found_by_name"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    frame = models.ForeignKey(SampleFrame, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField(_("抽中次序"))
    row_id = models.UUIDField()
    finding = models.CharField(_("核查结果"), max_length=8, choices=Finding.choices, default=Finding.WAITING)
    found = EncryptedTextField(_("核查情况"), compartment=Compartment.INTERNAL, blank=True)
    found_on = models.DateField(_("核查日期"), null=True)
    found_at = models.DateTimeField(_("登记时间"), null=True)
    found_by_id = models.BigIntegerField(null=True)
    found_by_name = models.CharField(_("核查人"), max_length=40, blank=True)

    objects = SampleItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("现场核查")
        ordering = ("frame", "place")
        constraints = [
            models.UniqueConstraint(fields=("frame", "row_id"), name="governance_sampleitem_drawn_once"),
            models.UniqueConstraint(fields=("frame", "place"), name="governance_sampleitem_place_unique"),
            models.CheckConstraint(
                condition=Q(finding="waiting", found_at=None)
                | Q(found_at__isnull=False, found_on__isnull=False) & ~Q(found="") & ~Q(found_by_name=""),
                name="governance_sampleitem_found_by_somebody",
            ),
        ]


class ObjectionQuerySet(GuardedQuerySet["Objection"]):
    def waiting(self) -> ObjectionQuerySet:
        return self.filter(state=ObjectionState.OPEN)


class Objection(Guarded):
    """The assessed unit's objection to one clause and its answer. Upheld, the changed points are a new manual entry."""

    movable: ClassVar[frozenset[str]] = frozenset(
        {"state", "answer", "answered_at", "answered_by_id", "answered_by_name", "answered_by_unit", "entry", "entry_id"}
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="objections")
    clause = models.CharField(_("条款"), max_length=20)
    was = models.DecimalField(_("告知的分"), max_digits=7, decimal_places=2, null=True)
    wanted = models.DecimalField(_("要求的分"), max_digits=7, decimal_places=2)
    reason = EncryptedTextField(_("异议理由"), compartment=Compartment.INTERNAL)
    raised_at = models.DateTimeField(_("提出时间"))
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("提出人"), max_length=40)
    answer_by = models.DateField(_("答复期限"))
    state = models.CharField(_("结果"), max_length=8, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    answer = EncryptedTextField(_("答复"), compartment=Compartment.INTERNAL, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(_("答复人"), max_length=40, blank=True)
    answered_by_unit = models.CharField(_("答复单位"), max_length=80, blank=True)
    entry = models.ForeignKey(ManualEntry, models.PROTECT, null=True, related_name="+", verbose_name=_("人工认定"))

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("考评异议")
        ordering = ("raised_at",)
        constraints = [
            models.UniqueConstraint(fields=("assessment", "clause"), name="governance_objection_once_a_clause"),
            models.CheckConstraint(condition=~Q(reason=""), name="governance_objection_has_reason"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(answered_by_name=""),
                name="governance_objection_answer_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="upheld") | Q(entry__isnull=False), name="governance_objection_upheld_has_entry"
            ),
        ]


class ResultQuerySet(GuardedQuerySet["AssessmentResult"]):
    """Published: nothing of it moves."""


class AssessmentResult(Guarded):
    """A letter's result as it was published. ``clauses``: id → points as text (None: held out or not scored); ``shown`` is what
    readers outside the unit see; ``tree`` the score's canonical text; ``particulars`` manual entries and objections as they stood.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="result")
    number = models.CharField(_("责任书文号"), max_length=40)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("地区"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("被考核单位"))
    scheme_code = models.CharField(_("考核办法代号"), max_length=40)
    scheme_version = models.CharField(_("版次"), max_length=20)
    scheme_hash = models.CharField(max_length=64)
    letter_hash = models.CharField(max_length=64)
    points = models.DecimalField(_("得分"), max_digits=7, decimal_places=2)
    of = models.DecimalField(_("满分"), max_digits=7, decimal_places=2)
    grade = models.CharField(_("等次"), max_length=20, blank=True)
    clauses = models.JSONField(_("各条得分"), default=dict)
    shown = models.JSONField(_("对外显示"), default=dict)
    tree = EncryptedTextField(_("得分说明"), compartment=Compartment.INTERNAL)
    tree_hash = models.CharField(max_length=64)
    particulars = EncryptedTextField(_("人工认定和异议"), compartment=Compartment.INTERNAL)
    fact_version = models.PositiveBigIntegerField()
    published_at = models.DateTimeField(_("公布时间"))

    objects: ClassVar[models.Manager[Any]] = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("考评结果")
        # Relations and saves go through this one too, so that nothing reaches a published row by another way.
        base_manager_name = "objects"
        ordering = ("number",)
