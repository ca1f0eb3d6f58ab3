"""Pure rules of what follows from a result: its names and days, what may be decided instead, how the decision reads on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.documents.wording import chinese_date, tight, wide
from qingyuan.foundation.words import said
from qingyuan.governance.rewards.proposing import Verdict
from qingyuan.governance.rewards.table import LIGHTER, Kind
from qingyuan.governance.rules.assessments import usual_days

PROCEDURE: Final = "consequence"
#: Subjects of the policy table, and what the audit calls the entries.
CONSEQUENCES: Final = "consequences"
REPLIES: Final = "consequence-replies"
#: What is decided without a paper of its own: the circular of the results says the grades, a list says the points.
WITHOUT_PAPER: Final = (Kind.GRADE, Kind.POINTS)
NO_OPINION: Final = "按规则提出,请予决定。"


def reply_days() -> int:
    return usual_days("reply")


def object_days() -> int:
    return usual_days("decision_object")


def answer_days() -> int:
    return usual_days("decision_answer")


def lighter_than(kind: str) -> tuple[Kind, ...]:
    """What may be decided in place of what the rule says; the lightest last."""
    return LIGHTER.get(Kind(kind), ())


def read_instead(kind: str, cap: Decimal | None, proposed: Decimal | None, text: str) -> tuple[str, Decimal | None]:
    """What a leader decides in place of the rule: a lighter kind, or other points within the cap. Raises StepRefused."""
    if Kind(kind) is Kind.POINTS:
        return kind, _points(text, cap or Decimal(0), proposed)
    if text not in lighter_than(kind):
        raise StepRefused(_("另作决定只能从轻:单位是按建议的事项陈述的。请从列出的里面选,或者不采纳。"), "instead")
    return text, None


def _points(text: str, cap: Decimal, proposed: Decimal | None) -> Decimal:
    try:
        points = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise StepRefused(_("请填折算分,例如 1.5。"), "instead") from None
    if not points.is_finite() or not 0 <= points <= cap:
        raise StepRefused(_("折算分应在 0 到 %(cap)s 之间。") % {"cap": _plain(cap)}, "instead")
    if points != points.quantize(Decimal("0.01")):
        raise StepRefused(_("折算分最多两位小数。"), "instead")
    if proposed is not None and points == proposed:
        raise StepRefused(_("与规则算出的分相同,请用“按规则决定”。"), "instead")
    return points


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"


# --- in words -----------------------------------------------------------------------------------------------------------------
def met_words(one: Mapping[str, Any]) -> str:
    """By what a condition was met, in a line. ``one``: an entry of ``Consequence.met``."""
    values: Mapping[str, str] = {key: said(text) for key, text in one["values"].items()}
    if one["code"] == "grade":
        return _("公布的等次:%(grade)s") % values
    if one["code"] == "veto":
        return _("否决事项 %(clause)s:%(reason)s") % values
    if one["code"] == "clause":
        return _("条款 %(clause)s %(title)s得 %(points)s 分(该条 %(of)s 分)") % values
    if one["code"] == "fair":
        words = _("%(title)s:公平比较表中明显高于同类地区") if values["group"] == "higher" else _("%(title)s:公平比较表中明显低于同类地区")
        return words % values
    if values["low"] == values["high"]:
        return _("公布的得分 %(low)s 分(满分 %(of)s 分),等次%(grade)s") % values
    return _("公布的得分区间和等次:%(low)s—%(high)s 分(满分 %(of)s 分),%(grade)s") % values


def verdict_words(why: Verdict, about: str, refused: str = "") -> str:
    """Why a rule proposes nothing though it might have."""
    if why is Verdict.REFUSED:
        return refused
    words = {
        Verdict.STRADDLES: _("得分因人数过少公布为区间,区间跨过规则的分数线,不判定"),
        Verdict.CLOSED: _("条款 %(about)s涉及人数过少,只公布等级,不能作依据"),
        Verdict.NO_CLAUSE: _("条款 %(about)s没有得分或者不适用"),
        Verdict.NO_PLACE: _("成员单位没有同类地区可比"),
        Verdict.NOT_COMPARABLE: _("%(about)s的公平比较表不能支持比较(数量不足、涉及人数过少或者不可比),不作依据"),
    }
    return words[why] % {"about": f"{about} " if about else ""}


@dataclass(frozen=True)
class Said:
    """A decision as it is put on paper, in Chinese whatever language its maker reads. ``ends_on`` None: it does not last."""

    unit: str
    kind: str
    year: int
    rule: str
    text: str
    source: str
    confirmed: bool
    met: Sequence[str]
    heard: str = ""
    departs: str = ""
    months: int = 0
    by_repair: bool = False
    leave: str = ""


@dataclass(frozen=True)
class Worded:
    title: str
    lines: tuple[str, ...]


#: Title and sentence of each kind; a lighter measure reads like the same measure proposed by itself.
_DECIDED: Final[Mapping[str, tuple[str, str]]] = {
    Kind.COMMEND: ("关于通报表扬{unit}的通报", "决定对{unit}予以通报表扬。本次表扬对单位,不评个人。"),
    Kind.REMIND: ("关于对{unit}书面提醒的通知", "决定对你单位书面提醒,请对照上述情况改进。"),
    Kind.YELLOW: ("关于对{unit}予以黄牌警示的通知", "决定对你单位予以黄牌警示。"),
    Kind.TALK: ("关于约谈{unit}负责同志的通知", "决定约谈你单位负责同志,时间、地点由市禁毒委员会办公室另行通知。请准备情况说明和整改打算。"),
    Kind.BAR: ("关于取消{unit}评先评优资格的通知", "决定提请有关部门取消你单位当年平安单位、文明单位等评先评优资格。"),
    Kind.LISTING: ("关于将{unit}列为挂牌整治单位的通知", "决定将你单位列为挂牌整治单位。"),
}


def has_paper(kind: str) -> bool:
    return Kind(kind) not in WITHOUT_PAPER


def worded(said: Said) -> Worded:
    """The decision as a paper: on what, what, how long, and how to object."""
    title, sentence = _DECIDED[Kind(said.kind)]
    kept = "" if said.confirmed else "这条规则按各地做法拟定,未见本市正式文件,由本次决定适用。"
    lines = [
        f"根据{said.year}年禁毒工作责任制考核公布的结果,经按规则提出、领导决定,现通知如下。",
        "一、依据",
        f"规则{said.rule}:{said.text.rstrip('。')}。出处:{said.source.rstrip('。')}。{kept}",
        "对照情况:" + ";".join(said.met) + "。",
    ]
    if said.heard:
        lines.append(said.heard)
    lines += ["二、决定", sentence.format(unit=said.unit)]
    if said.departs:
        lines.append(f"本决定与规则建议不同,理由:{_one_line(said.departs)}")
    numbers = iter("三四五")
    if said.months:
        lines += [f"{next(numbers)}、期限和退出", _leave(said)]
        if said.leave:
            lines.append(f"{said.leave.rstrip('。')}。")
    lines += [
        f"{next(numbers)}、异议",
        f"对本决定有异议的,可以自决定之日起{object_days()}个工作日内在平台提出,写明事实和依据;由没有作出决定的人在{answer_days()}个工作日内答复。",
    ]
    return Worded(tight(title.format(unit=said.unit)), tuple(wide(tight(line)) for line in lines))


def heard_words(*, noticed_on: date | None, replied_on: date | None) -> str:
    """Whether the unit was heard; the content of its statement stays on the platform."""
    if noticed_on is None:
        return ""
    if replied_on is not None:
        return f"{chinese_date(noticed_on)}已告知你单位,{chinese_date(replied_on)}收到陈述意见并已考虑。"
    return f"{chinese_date(noticed_on)}已告知你单位,陈述期限内没有收到陈述意见。"


def _leave(said: Said) -> str:
    if said.by_repair:
        return (
            f"请自决定之日起{said.months}个月内完成整改并在平台报送整改情况和佐证材料,由他人验收;验收通过的退出,"
            "没有通过的继续整改,期限由领导决定延长。"
        )
    return f"自决定之日起{said.months}个月期满退出;其间整改验收通过的,提前退出。"


def _one_line(text: str) -> str:
    return "".join(part.strip() for part in text.splitlines())
