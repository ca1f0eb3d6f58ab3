"""What happens while a measure is carried out, each a row: the group, the plan, absences, warnings, pauses, moves, credited time.

Every row is of one measure. None has a column for why somebody was away, was held or fell ill.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.measure import Measure
from qingyuan.rehabilitation.models.rows import ClientRow

HOME = Compartment.COMMUNITY


class TeamMember(ClientRow):
    """One of the five kinds of people of a measure's group (戒毒条例第十七条): a post or a unit, not a person's record."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="team")
    part = models.CharField(_("成员类别"), max_length=12)
    post = EncryptedTextField(_("岗位或单位"), compartment=HOME)
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)

    class Meta(ClientRow.Meta):
        verbose_name = _("工作小组成员")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="rehabilitation_team_left_after_joined"
            ),
        ]


class CarePlan(ClientRow):
    """A plan by the four kinds of help of 戒毒条例第十八条, and by when it is looked at again."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="plans")
    made_on = models.DateField(_("制定日期"))
    knowledge = EncryptedTextField(_("戒毒知识辅导"), compartment=HOME, blank=True, default="")
    persuasion = EncryptedTextField(_("教育劝诫"), compartment=HOME, blank=True, default="")
    skills = EncryptedTextField(_("职业技能培训、职业指导、就学就业就医援助"), compartment=HOME, blank=True, default="")
    other = EncryptedTextField(_("其他帮助"), compartment=HOME, blank=True, default="")
    review_on = models.DateField(_("下次评估日期"))
    # Who last wrote its words: that one does not agree to it. Nobody on plans from before plans were looked at.
    written_by_id = models.BigIntegerField(null=True, editable=False)

    class Meta(ClientRow.Meta):
        verbose_name = _("个案计划")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(review_on__gt=F("made_on")), name="rehabilitation_plan_reviewed_later"
            ),
        ]


class Absence(ClientRow):
    """Away from the county, city or district: from, to, lawful or not, the paper and who has seen it. Never why.

    ``lawful`` empty: nobody has judged yet, and nothing counts. ``back_on`` is the day of return, which is no day away.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="absences")
    left_on = models.DateField(_("离开日期"))
    until_on = models.DateField(_("报备至"), null=True, blank=True)
    back_on = models.DateField(_("返回日期"), null=True, blank=True)
    lawful = models.BooleanField(_("合法"), null=True)
    document_number = models.CharField(_("凭证编号"), max_length=60, blank=True)
    seen_by = models.JSONField(_("凭证核看人"), default=list)

    class Meta(ClientRow.Meta):
        verbose_name = _("离开报备")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(back_on=None) | Q(back_on__gte=F("left_on")), name="rehabilitation_absence_back_after_left"
            ),
        ]
        indexes = [models.Index(fields=("measure", "left_on"), name="rehabilitation_absence_line")]


class Warned(ClientRow):
    """The group talked to somebody about a breach (批评教育、劝诫、责令改正): what it was about, and what the person answered."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="warnings")
    warned_on = models.DateField(_("日期"))
    way = models.CharField(_("方式"), max_length=12)
    facts = EncryptedTextField(_("违反协议的事实"), compartment=HOME)
    answered = EncryptedTextField(_("本人陈述"), compartment=HOME)
    warned_by = models.JSONField(_("谈话人"), default=list)

    class Meta(ClientRow.Meta):
        verbose_name = _("教育劝诫")


class Suspension(ClientRow):
    """The measure stood still and went on (戒毒条例第二十四条第二款): its days and the paper, nothing else."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="suspensions")
    stopped_on = models.DateField(_("中止日期"))
    resumed_on = models.DateField(_("恢复日期"), null=True, blank=True)
    document_number = models.CharField(_("中止通知文号"), max_length=60)

    class Meta(ClientRow.Meta):
        verbose_name = _("中止")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(resumed_on=None) | Q(resumed_on__gte=F("stopped_on")),
                name="rehabilitation_suspension_resumed_after",
            ),
        ]
        indexes = [models.Index(fields=("measure", "stopped_on"), name="rehabilitation_suspension_line")]


class Move(ClientRow):
    """The place where a measure is carried out changes; the time runs on from the first report (戒毒条例第二十二条)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="moves")
    moved_on = models.DateField(_("变更日期"))
    place = EncryptedTextField(_("新执行地"), compartment=HOME)
    papers_on = models.DateField(_("材料转送日期"), null=True, blank=True)
    arrived_on = models.DateField(_("新执行地报到日期"), null=True, blank=True)

    class Meta(ClientRow.Meta):
        verbose_name = _("变更执行地")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(arrived_on=None) | Q(arrived_on__gte=F("moved_on")), name="rehabilitation_move_arrived_after"
            ),
        ]


class Credit(ClientRow):
    """Days served elsewhere that count towards the term (戒毒条例第三十一条), as the decision gives them."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="credits")
    credited_on = models.DateField(_("决定日期"))
    days = models.PositiveSmallIntegerField(_("折抵天数"))
    document_number = models.CharField(_("决定文书号"), max_length=60)

    class Meta(ClientRow.Meta):
        verbose_name = _("期限折抵")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(condition=Q(days__gt=0), name="rehabilitation_credit_of_days"),
        ]
