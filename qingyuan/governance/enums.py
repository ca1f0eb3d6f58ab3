"""Values the code branches on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReturnState(models.TextChoices):
    """A return travels up: draft → submitted → (sent back → draft) → approved by each level → locked."""

    DRAFT = "draft", _("填报中")
    SUBMITTED = "submitted", _("待审核")
    SENT_BACK = "sent_back", _("已退回")
    APPROVED = "approved", _("已审定，待锁定")
    LOCKED = "locked", _("已锁定")


class Move(models.TextChoices):
    """What a person does with a return; each is written down with who, when and why."""

    SAVE = "save", _("填写")
    SUBMIT = "submit", _("报送")
    SEND_BACK = "send_back", _("退回")
    APPROVE = "approve", _("审核通过")
    LOCK = "lock", _("锁定")
    CORRECT = "correct", _("更正")
    REMIND = "remind", _("催报")


class Measure(models.TextChoices):
    """What a target is in: amounts that add up, or rates that average by their bases."""

    VALUE = "value", _("数量")
    RATE = "rate", _("比率")


class Over(models.TextChoices):
    """Over whom a city target is decomposed."""

    TOWNS = "towns", _("各乡镇(街道)")
    UNITS = "units", _("各成员单位")


class PlanState(models.TextChoices):
    DRAFT = "draft", _("拟定")
    NEGOTIATING = "negotiating", _("协商中")
    PUBLISHED = "published", _("已下达")


class BidState(models.TextChoices):
    """What became of a number that a town proposed instead of its share."""

    OPEN = "open", _("待答复")
    ACCEPTED = "accepted", _("已同意")
    SETTLED = "settled", _("另定一数")
    DECLINED = "declined", _("未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


#: Of these its own people have something to read.
ANSWERED = (BidState.ACCEPTED, BidState.SETTLED, BidState.DECLINED)


class ArchiveBasis(models.TextChoices):
    """Which scores an archive holds: those of the day it was kept, or those that were published."""

    LIVE = "live", _("归档时的得分")
    PUBLISHED = "published", _("公布的结果")


class NeedState(models.TextChoices):
    """What one unit needs of another: asked → promised or refused → delivered; «not received» leads back to promised."""

    ASKED = "asked", _("待答复")
    PROMISED = "promised", _("已答应")
    REFUSED = "refused", _("未答应")
    MET = "met", _("已办到")
    WITHDRAWN = "withdrawn", _("已撤回")


class ReviewKind(models.TextChoices):
    """When a programme of several years is looked at as a whole."""

    MIDTERM = "midterm", _("中期评估")
    CLOSING = "closing", _("终期评估")


class DraftState(models.TextChoices):
    """A sheet on the desk: written → handed to a second person → published; or sent back, or dropped."""

    OPEN = "open", _("起草中")
    SUBMITTED = "submitted", _("待发布")
    PUBLISHED = "published", _("已发布")
    DROPPED = "dropped", _("已放弃")


class LetterState(models.TextChoices):
    ISSUED = "issued", _("已制发，待签")
    SIGNED = "signed", _("已签订")
    AMENDED = "amended", _("已由补充责任书替代")
    VOID = "void", _("已作废")


class EvidenceKind(models.TextChoices):
    """What stands behind a clause of an assessment."""

    ROW = "row", _("平台里的记录")
    FILE = "file", _("文件")


class ReviewState(models.TextChoices):
    """What a reviewing unit said of a clause."""

    WAITING = "waiting", _("待评审")
    CONFIRMED = "confirmed", _("认可")
    CHANGED = "changed", _("另定分")


class Finding(models.TextChoices):
    """What the check on the spot found of a drawn row."""

    WAITING = "waiting", _("待核查")
    TRUE = "true", _("属实")
    PARTLY = "partly", _("部分属实")
    UNTRUE = "untrue", _("不属实")


class ObjectionState(models.TextChoices):
    OPEN = "open", _("待答复")
    UPHELD = "upheld", _("成立")
    REJECTED = "rejected", _("不成立")


class ConsequenceKind(models.TextChoices):
    """What follows from a published result; the values are those of the rules (``rewards.table.Kind``)."""

    GRADE = "grade", _("等次名单")
    COMMEND = "commend", _("通报表扬")
    POINTS = "points", _("折算其他考核分")
    REMIND = "remind", _("书面提醒")
    YELLOW = "yellow", _("黄牌警示")
    TALK = "talk", _("约谈")
    BAR = "bar", _("取消评先评优资格")
    LISTING = "listing", _("挂牌整治")


class PatternKind(models.TextChoices):
    """What was seen in a unit's rows that deserves a question; values as in ``rules.gaming`` and ``rules.copies``."""

    AT_THRESHOLD = "at_threshold", _("总是刚好够线")
    LAST_DAY = "last_day", _("集中在最后一天")
    TOGETHER = "together", _("隔了很久一次补登")
    COPIED = "copied", _("同一份材料用在两处")


class BasisKind(models.TextChoices):
    """What a supervision order rests on: a figure with its place and period, a row of the platform, or words."""

    FIGURE = "figure", _("指标数字")
    RETURN = "return", _("逾期报表")
    INSTRUCTION = "instruction", _("领导批示")
    TASK = "task", _("年度任务")
    INSPECTION = "inspection", _("联合检查")
    NOTE = "note", _("其他依据")


class Department(models.TextChoices):
    """The four that inspect together (speech: 公安、综治、司法、民政); what was 综治 is the political and legal committee's now."""

    POLICE = "police", _("公安")
    POLITICS_LAW = "politics_law", _("政法委")
    JUSTICE = "justice", _("司法")
    CIVIL_AFFAIRS = "civil_affairs", _("民政")


class Answer(models.TextChoices):
    """What an item of a checklist came to."""

    YES = "yes", _("符合")
    NO = "no", _("不符合")
    NONE = "none", _("不适用")


class VisitState(models.TextChoices):
    """Where a visit stands; told from its days and its answers, never stored."""

    DRAWN = "drawn", _("待检查")
    LOOKING = "looking", _("检查中")
    SIGNING = "signing", _("待签字")
    CLEAN = "clean", _("没有问题")
    TO_ORDER = "to_order", _("待下督办单")
    MENDING = "mending", _("整改中")
    AGAIN = "again", _("复查不合格")
    MENDED = "mended", _("已整改")
