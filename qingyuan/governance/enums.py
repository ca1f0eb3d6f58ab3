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
    NOTE = "note", _("其他依据")
