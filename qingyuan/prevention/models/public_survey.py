"""Surveys of the public (P01, P02): a row is one stratum of one wave. Nobody who answered is in it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class Stratum(LedgerRow):
    """``stratum_size``: how many people the stratum stands for; ``sampled``: how many were asked; ``valid``: how many answers count."""

    wave = models.CharField(_("调查编号"), max_length=40)
    organiser = models.CharField(_("调查机构"), max_length=80)
    began_on = models.DateField(_("调查开始"))
    ended_on = models.DateField(_("调查结束"))
    stratum = models.CharField(_("层"), max_length=40)
    stratum_size = models.PositiveIntegerField(_("层内人口"))
    sampled = models.PositiveIntegerField(_("样本量"))
    valid = models.PositiveIntegerField(_("有效样本"))

    class Meta(LedgerRow.Meta):
        abstract = True
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("began_on")), name="prevention_%(class)s_ended_after_begun"
            ),
            models.CheckConstraint(
                condition=Q(valid__gt=0, valid__lte=F("sampled"), sampled__lte=F("stratum_size")),
                name="prevention_%(class)s_valid_within_sample",
            ),
        ]


class AwarenessSurvey(Stratum):
    """Knowledge of drugs: how many of the valid answers passed."""

    passed = models.PositiveIntegerField(_("合格"))

    class Meta(Stratum.Meta):
        abstract = False
        verbose_name = _("知晓率调查")
        constraints = [
            *Stratum.Meta.constraints,
            models.CheckConstraint(
                condition=Q(passed__lte=F("valid")), name="prevention_awarenesssurvey_passed_within_valid"
            ),
        ]


class SafetySurvey(Stratum):
    """Content with the work and sense of safety: answers on a scale of five, and whether one feels safe."""

    very_content = models.PositiveIntegerField(_("满意"))
    content = models.PositiveIntegerField(_("较满意"))
    neutral = models.PositiveIntegerField(_("一般"))
    discontent = models.PositiveIntegerField(_("不太满意"))
    very_discontent = models.PositiveIntegerField(_("不满意"))
    safe = models.PositiveIntegerField(_("觉得安全"), null=True, blank=True)

    class Meta(Stratum.Meta):
        abstract = False
        verbose_name = _("满意度安全感调查")
        constraints = [
            *Stratum.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    valid=F("very_content") + F("content") + F("neutral") + F("discontent") + F("very_discontent")
                ),
                name="prevention_safetysurvey_answers_add_up",
            ),
            models.CheckConstraint(
                condition=Q(safe=None) | Q(safe__lte=F("valid")), name="prevention_safetysurvey_safe_within_valid"
            ),
        ]
