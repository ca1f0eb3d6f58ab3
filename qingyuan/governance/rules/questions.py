"""Pure rules of questions about patterns: what is looked at and what is not, by when an answer is asked, how one is worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.governance.enums import PatternKind
from qingyuan.reference.holidays import add_working_days

PROCEDURE: Final = "pattern_question"
#: Subjects of the policy table: who reads a range, who asks for an office, who answers for a unit.
RANGE: Final = "pattern_questions"
ASKING: Final = "question-asking"
ANSWERS: Final = "question-answers"
ANSWER_DAYS: Final = 10
"""Working days for an answer: a platform default, no term of law; the page says so."""
MONTHS: Final = 12
"""How many months a look goes back."""
FEW: Final = 5
CLOSED: Final = "—"
"""What concerns fewer persons is not told outside the unit concerned, nor what they would follow from."""

TYPED, DUES, FILES = "typed", "dues", "files"
#: Ledgers in which it is looked at when a row was typed; each a record of work, dated by a day.
TYPED_LEDGERS: Final = ("activities", "lessons", "survey_rounds", "eradications", "materials", "meetings", "tests")
#: Ledgers of windows in which something is to be done once.
WINDOW_LEDGERS: Final = ("survey_plan", "lesson_plan", "reach_plan")
#: Rows of these are about persons: outside the unit only how many, and few not at all.
ABOUT_PERSONS: Final = frozenset({DUES, "tests"})
SUBJECTS: Final[Mapping[str, Promise]] = {
    TYPED: gettext_lazy("各台账逐条登记的记录"),
    DUES: gettext_lazy("定期检测的窗口"),
    "survey_plan": gettext_lazy("应踏查的地块"),
    "lesson_plan": gettext_lazy("应上的专题课"),
    "reach_plan": gettext_lazy("六进应进的点位"),
    FILES: gettext_lazy("督办反馈、考核自评和情况说明的佐证文件"),
}
#: What is left out of every look, and why.
UNLOOKED: Final[tuple[Promise, ...]] = (
    gettext_lazy("案件、人员、处罚、缴获:不催、不比数量,所以也不查"),
    gettext_lazy("戒毒治疗的记录:在医疗机构一侧,这里看不到"),
    gettext_lazy("经导入或程序接口成批进来的记录:登记时间是导入的时间,说明不了什么(仍看日期是否集中在最后一天)"),
    gettext_lazy("是谁登记的:不看账号,问的是单位"),
    gettext_lazy("责任书签字页、公文盖章件、送达回证:各有自己的核对"),
)
ASK: Final[Mapping[str, Promise]] = {
    PatternKind.AT_THRESHOLD: gettext_lazy(
        "有得分线或目标的月份里,正好够线的 %(seen)s 个,差一个的 %(below)s 个。请说明这些月份的数是怎样得出的。"
    ),
    PatternKind.LAST_DAY: gettext_lazy("有期限的 %(of)s 件事里,%(seen)s 件的办理日期正好是期限的最后一天。请说明当时怎样安排、日期怎样登记。"),
    PatternKind.TOGETHER: gettext_lazy(
        "逐条登记的 %(of)s 条记录里,%(seen)s 条是隔了两周以上、在几秒之内接连补登的不同日子的事。请说明当时怎样记录、为什么后来一起登记。"
    ),
    PatternKind.COPIED: gettext_lazy("交来的 %(seen)s 份材料,和为别的事交来的内容相同或几乎相同(别的单位还有 %(elsewhere)s 份)。请说明它们各自证明什么。"),
}
#: What else may stand behind each pattern; printed beside the question, for both sides.
HONEST: Final[Mapping[str, Promise]] = {
    PatternKind.AT_THRESHOLD: gettext_lazy("也可能是:按目标安排人手,做到就停;人数少,数本来就容易落在线上。"),
    PatternKind.LAST_DAY: gettext_lazy("也可能是:固定在月末集中办理;纸面先记、统一填了期限那天。"),
    PatternKind.TOGETHER: gettext_lazy("也可能是:断网断电时记在纸上,来网以后一起补登;换了人,把前任的记录补齐。"),
    PatternKind.COPIED: gettext_lazy("也可能是:一次活动确实完成了两件事;附件选错了;几个单位合办,用了同一张照片。"),
}


@dataclass(frozen=True)
class Counted:
    """``seen`` of ``of`` as one reader may know them; ``closed``: some of it is not told."""

    seen: str
    of: str
    below: str
    closed: bool = False


def answer_by(on: date) -> date:
    """The usual last day for an answer to what is asked ``on`` a day."""
    return add_working_days(on, ANSWER_DAYS)


def looked_at(on: date) -> tuple[date, date]:
    """The twelve whole months before the month of ``on``: first day, last day."""
    last = on.replace(day=1) - timedelta(days=1)
    months = last.year * 12 + last.month - MONTHS
    return date(months // 12, months % 12 + 1, 1), last


def about_persons(subject: str, ledgers: frozenset[str] = frozenset()) -> bool:
    """Whether a question rests on rows about persons. ``ledgers``: of its rows, where the subject holds several."""
    return subject in ABOUT_PERSONS or bool(ledgers & ABOUT_PERSONS)


def counted(seen: int, of: int, *, closed: bool) -> Counted:
    """The two numbers; ``closed`` (outside the unit, about persons): not told where they or their difference are few."""
    rest = of - seen
    if closed and (0 < seen < FEW or 0 < rest < FEW):
        return Counted(CLOSED, CLOSED, CLOSED, True)
    return Counted(str(seen), str(of), str(rest))


def worded(pattern: str, numbers: Counted, elsewhere: int = 0) -> str:
    """The question in plain words: it asks, and concludes nothing."""
    if numbers.closed:
        asked = _("%(pattern)s。数目关系到不足 5 人,单位以外不公开。请说明当时怎样做、怎样登记。")
        return asked % {"pattern": PatternKind(pattern).label}
    words = {"seen": numbers.seen, "of": numbers.of, "below": numbers.below, "elsewhere": elsewhere}
    return str(ASK[PatternKind(pattern)]) % words


def subject_words(subject: str) -> str:
    """What was looked at; a figure by its code is told by the page that knows its title."""
    return str(SUBJECTS.get(subject, subject))
