"""Requests for figures (要数): what another office asks, what is on file, who is asked for the rest, what they answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.audit.models import WriteOnce, WriteOnceQuerySet
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit
from qingyuan.situation.enums import AnswerKind, AnswerState, RequestState

WAITING = (AnswerState.ASKED, AnswerState.SENT_BACK)


class FigureRequestQuerySet(models.QuerySet["FigureRequest"]):
    def under_way(self) -> FigureRequestQuerySet:
        return self.filter(state__in=(RequestState.DRAFT, RequestState.OPEN))

    def with_waiting(self) -> FigureRequestQuerySet:
        """Each with ``waiting``, how many answers are not in, and ``asked_of``, how many were asked for."""
        waits = models.Count("questions__answers", filter=Q(questions__answers__state__in=WAITING))
        return self.annotate(waiting=waits, asked_of=models.Count("questions__answers"))


class FigureRequest(models.Model):
    """One letter or call of another office that wants figures by a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    title = models.CharField(_("事项"), max_length=120)
    asked_by = models.CharField(_("要数单位"), max_length=80)
    document_number = models.CharField(_("来文字号"), max_length=60, blank=True)
    received_on = models.DateField(_("收到日期"))
    due_on = models.DateField(_("答复期限"))
    state = models.CharField(_("状态"), max_length=10, choices=RequestState.choices, default=RequestState.DRAFT)
    closed_on = models.DateField(_("收齐日期"), null=True)
    withdrawn_reason = EncryptedTextField(_("撤销原因"), compartment=Compartment.INTERNAL, blank=True)
    created_at = models.DateTimeField(_("登记时间"))
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(_("登记人"), max_length=40)

    objects = FigureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("要数")
        ordering = ("due_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("received_on")), name="situation_figurerequest_due_after_received"
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.CLOSED) | Q(closed_on__isnull=False),
                name="situation_figurerequest_closed_on",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.WITHDRAWN) | ~Q(withdrawn_reason=""),
                name="situation_figurerequest_withdrawn_has_reason",
            ),
        ]


class FigureQuestion(models.Model):
    """One figure that is asked for. ``people``: it counts people, so that answers under five are closed.

    ``on_file``: answers from an indicator or a signed return, each with its source; then no unit is asked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(FigureRequest, models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("要什么数"), max_length=200)
    kind = models.CharField(_("答复类型"), max_length=6, choices=AnswerKind.choices, default=AnswerKind.NUMBER)
    measure = models.CharField(_("计量单位"), max_length=20, blank=True)
    people = models.BooleanField(_("数的是人"), default=False)
    on_file = models.JSONField(default=list)
    bound_on = models.DateField(_("取数日期"), null=True)

    class Meta:
        verbose_name = _("要数的问题")
        ordering = ("request", "position")
        constraints = [
            models.UniqueConstraint(fields=("request", "position"), name="situation_figurequestion_position_unique"),
        ]


class FigureAnswerQuerySet(models.QuerySet["FigureAnswer"]):
    def waiting(self) -> FigureAnswerQuerySet:
        """Passed on, of a request that still collects, and not answered."""
        return self.filter(state__in=WAITING, question__request__state=RequestState.OPEN)


class FigureAnswer(models.Model):
    """What one unit is asked and what it answered: a number or a few words, with a note, signed by its account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(FigureQuestion, models.PROTECT, related_name="answers")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("答复单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    state = models.CharField(_("状态"), max_length=9, choices=AnswerState.choices, default=AnswerState.ASKED)
    due_on = models.DateField(_("答复期限"))
    number = models.DecimalField(_("数"), max_digits=18, decimal_places=4, null=True)
    words = EncryptedTextField(_("文字答复"), compartment=Compartment.INTERNAL, blank=True, default="")
    note = EncryptedTextField(_("说明"), compartment=Compartment.INTERNAL, blank=True, default="")
    reason = EncryptedTextField(_("退回或免报理由"), compartment=Compartment.INTERNAL, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(_("答复人"), max_length=40, blank=True)
    moved = models.PositiveIntegerField(default=0)

    objects = FigureAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("要数的答复")
        ordering = ("question", "division", "unit")
        constraints = [
            models.UniqueConstraint(fields=("question", "unit"), name="situation_figureanswer_unit_unique"),
            models.CheckConstraint(
                condition=~Q(state=AnswerState.GIVEN) | Q(answered_at__isnull=False),
                name="situation_figureanswer_given_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(AnswerState.SENT_BACK, AnswerState.EXCUSED)) | ~Q(reason=""),
                name="situation_figureanswer_reason_given",
            ),
        ]
        indexes = [models.Index(fields=("unit", "state", "due_on"), name="situation_answer_unit_due")]


class FigureStepQuerySet(WriteOnceQuerySet["FigureStep"]):
    """Written once."""


class FigureStep(WriteOnce):
    """One step of a request: who, when, what, why. Numbers stand in the answers and in the audit, not here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(FigureRequest, models.PROTECT, related_name="steps")
    answer = models.ForeignKey(FigureAnswer, models.PROTECT, null=True, related_name="steps")
    step = models.CharField(_("步骤"), max_length=80)
    by_name = models.CharField(_("经办人"), max_length=40)
    by_unit = models.CharField(_("经办单位"), max_length=80, blank=True)
    at = models.DateTimeField(_("时间"))
    reason = EncryptedTextField(_("理由"), compartment=Compartment.INTERNAL, blank=True)

    objects = FigureStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("要数经办记录")
        ordering = ("at", "pk")
