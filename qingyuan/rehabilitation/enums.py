from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeasureKind(StrEnum):
    """The two measures carried out in the community (codes of reference list ``measures``)."""

    COMMUNITY_DETOX = "CD"
    COMMUNITY_REHABILITATION = "CR"


class AskedFor(models.TextChoices):
    """What a person asks for on their own page."""

    LEAVE = "leave", _("请假外出")
    CORRECTION = "correction", _("更正")


class AskedState(models.TextChoices):
    WAITING = "waiting", _("待答复")
    AGREED = "agreed", _("已同意")
    REFUSED = "refused", _("未同意")


class EndState(models.TextChoices):
    """How one line of a campaign's frame ends (domain: ten end states). None of them says anything of a person but where they are."""

    SEEN = "seen", _("见面已核")
    CUSTODY = "custody", _("在押")
    ISOLATION = "isolation", _("在强戒")
    AWAY_IN_TOUCH = "away", _("外出有联系")
    AWAY_LOST = "lost", _("外出失联")
    DECEASED = "deceased", _("死亡")
    ABROAD = "abroad", _("出境")
    THREE_YEARS = "three_years", _("戒断三年")
    DUPLICATE = "duplicate", _("重复")
    ELSEWHERE = "elsewhere", _("非本辖区")


class HelpKind(models.TextChoices):
    """What a person may be referred for."""

    JOBS = "jobs", _("就业")
    SKILLS = "skills", _("技能培训")
    SCHOOLING = "schooling", _("就学")
    MEDICAL = "medical", _("就医")
    LEGAL_AID = "legal_aid", _("法律援助")
    FAMILY = "family", _("家庭支持")
    INSURANCE = "insurance", _("社会保险")
    ASSISTANCE = "assistance", _("社会救助")


class ConsentField(models.TextChoices):
    """What of a person the receiving unit may be shown, each ticked by the person's consent. There is no other."""

    NAME = "name", _("姓名")
    PHONE = "phone", _("联系电话")
    SEX_AGE = "sex_age", _("性别、年龄")
    PLACE = "place", _("所在村(社区)")
    NEED = "need", _("需要什么帮助")


class ReferralState(models.TextChoices):
    WAITING = "waiting", _("待答复")
    ACCEPTED = "accepted", _("已接收")
    DECLINED = "declined", _("未接收")
    DONE = "done", _("已办结")
    WITHDRAWN = "withdrawn", _("本人已撤回同意")


class TextRefusal(models.TextChoices):
    """Why a text to a person did not leave: a code, never the words of the other side and never the number."""

    NO_MOBILE = "no_mobile", _("登记的不是能收短信的手机号")
    NOT_SET_UP = "not_set_up", _("本平台没有接通短信")
    REJECTED = "rejected", _("短信通道拒收,号码可能不对")
    UNREACHABLE = "unreachable", _("多次没有发通")
    INTERRUPTED = "interrupted", _("发送中断,不再重发")
    NO_LONGER = "no_longer", _("已经不用发")
