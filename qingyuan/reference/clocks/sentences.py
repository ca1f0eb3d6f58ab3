"""Every sentence a clock says about its reckoning: a pattern and what stands in it, Chinese as filed and in the reader's language.

A pattern is a word of data (``web/data_words.py``), so the catalogue says it in English; what is put in is said one by one: a length
with its unit, a word of the law, a day as it is. Nothing is put together before somebody reads it, which keeps reckoning cheap.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from qingyuan.foundation.words import said
from qingyuan.reference.clocks.terms import Term, Unit

# --- what started it, how long it runs ---------------------------------------------------------------------------------
NEXT_DAY: Final = "%(day)s %(what)s,当日不计,次日起算 %(term)s"
SAME_DAY: Final = "%(day)s %(what)s,当日计入 %(term)s"
BY_HOUR: Final = "%(day)s %(what)s,起 %(term)s"
AT_ONCE: Final = "%(day)s %(what)s,当时即办"
PROMPT: Final = "%(day)s %(what)s,应及时办理;法律没有写天数"
YEARLY: Final = "%(day)s %(what)s,应在 %(due)s 前办理"
LOOKING_BACK: Final = "自 %(day)s %(what)s往前 %(term)s,%(first)s 起的计入"
WITHIN: Final = "%(day)s %(what)s前的 %(term)s之内:%(first)s 至 %(last)s"
BEFORE: Final = "%(day)s %(what)s,%(term)s以前即最迟 %(due)s"
CASE: Final = "适用情形:%(case)s"
CASES: Final = "%(day)s %(what)s;法律分几种情形,请在起算事件里写 option:%(cases)s"
CAPPED: Final = "合计 %(term)s 超过上限,按 %(most)s 计"
THROUGH: Final = "%(name)s:%(act)s"
# --- what happened to it -----------------------------------------------------------------------------------------------
AWAY: Final = "%(day)s 至 %(until)s %(what)s,其间不计入"
PAUSED: Final = "%(day)s %(what)s,期限中止"
RESUMED: Final = "%(day)s %(what)s"
RESUMED_AFTER: Final = "%(day)s %(what)s,中止 %(days)s 日不计入"
STOPPED: Final = "%(day)s %(what)s,期限终止"
RESTARTED: Final = "%(day)s %(what)s,期限重新计算"
RESTARTED_WITH: Final = "%(day)s %(what)s,重新计算 %(term)s"
EXTENDED: Final = "%(day)s %(what)s,延长 %(term)s"
CREDITED: Final = "%(day)s %(what)s,折抵 %(days)s 日"
MOVED: Final = "%(day)s %(what)s,时间连续计算"
DONE: Final = "%(day)s %(what)s"
APPROVED: Final = "批准机关:%(who)s"
PAPER: Final = "文书:%(paper)s"
NOT_APPROVED: Final = "“%(what)s”须经%(who)s批准,没有写批准机关(approved_by),请补上后再作准。"
NO_PAPER: Final = "“%(what)s”的文书是%(paper)s,没有写文书号(paper)。"
# --- when it ends ------------------------------------------------------------------------------------------------------
STANDS_STILL: Final = "期限处于中止状态,已计 %(days)s 日,恢复后继续计算,现在没有届满日"
AT_MOST: Final = "连同延长最长 %(term)s,以 %(day)s 为限"
ROLLED: Final = "%(end)s 是%(holiday)s,顺延至 %(due)s"
CUSTODY: Final = "%(end)s 虽是%(holiday)s,限制人身自由的期间不因节假日延长"
ENDS: Final = "%(day)s 届满"
REMINDER: Final = "内部提醒 %(term)s:%(day)s"
NO_HOUR: Final = "没有写钟点,从当日零时起算;请写成 2022-03-01T14:30 以得到准确的时刻。"
UNSURE_YEAR: Final = "相关年份的放假安排尚未录入,仅按周末推算,请核对。"
# --- what was counted --------------------------------------------------------------------------------------------------
OCCASION: Final = "%(day)s %(what)s:%(why)s"
OCCASIONS: Final = "%(day)s 至 %(until)s %(what)s:%(why)s"
OCCASION_DISPUTED: Final = "%(day)s %(what)s:%(why)s,本人有异议"
OCCASIONS_DISPUTED: Final = "%(day)s 至 %(until)s %(what)s:%(why)s,本人有异议"
ONCE: Final = "计一次"
WITH_GROUND: Final = "有合法理由,不计"
ALL_LAWFUL: Final = "全部是合法离开,不计"
TOO_SHORT: Final = "%(days)s 日,不足 %(least)s 日,无须书面报告;是否属于擅自离开由人判断,暂不计"
DAYS: Final = "%(days)s 日"
DAYS_LESS: Final = "%(days)s 日,扣除合法离开 %(off)s 日"
DAYS_JOINED: Final = "%(days)s 日(重叠的记录合并)"
BAR: Final = "合计 %(times)s 次;条文为%(bar)s 次以上(含 %(bar)s 次)"
BAR_AND_DAYS: Final = (
    "合计 %(times)s 次、%(days)s 日;条文为%(bar)s 次以上(含 %(bar)s 次)或者累计超过 %(over)s 日(第 %(first)s 日起)"
)
NOT_REACHED: Final = "没有达到条文的次数或者天数"
REACHED: Final = "%(day)s 起达到条文的次数或者天数;是否属于严重违反由人决定,本计数不作结论"
UNDISPUTED: Final = "不计有异议的,%(day)s 起达到"
UNDISPUTED_NOT: Final = "不计有异议的,没有达到"

PATTERNS: Final = tuple(text for name, text in list(globals().items()) if name.isupper() and isinstance(text, str))
LENGTHS: Final[Mapping[Unit, str]] = MappingProxyType(
    {
        Unit.HOUR: "%(amount)s 小时",
        Unit.DAY: "%(amount)s 日",
        Unit.WORKING_DAY: "%(amount)s 个工作日",
        Unit.MONTH: "%(amount)s 个月",
        Unit.YEAR: "%(amount)s 年",
    }
)


class Sentence(str):
    """A sentence that is text already (Chinese) and still knows how it was made."""

    pattern: str
    params: Mapping[str, Any]

    def __new__(cls, pattern: str, **params: Any) -> Sentence:
        made = super().__new__(cls, written(pattern, params))
        made.pattern, made.params = pattern, params
        return made


def written(pattern: str, params: Mapping[str, Any] | None) -> str:
    """The sentence in Chinese, as it is filed."""
    return pattern % {name: _written(value) for name, value in params.items()} if params else pattern


def spoken(pattern: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence in the language of the page."""
    words = said(pattern)
    return words % {name: _spoken(value) for name, value in params.items()} if params else words


def told(text: str) -> str:
    """A note or a reason why, in the language of the page, whether or not it was made of a pattern."""
    return spoken(text.pattern, text.params) if isinstance(text, Sentence) else said(text)


def _written(value: Any) -> Any:
    return value.label if isinstance(value, Term) else value


def _spoken(value: Any) -> Any:
    if isinstance(value, Term):
        return said(LENGTHS[value.unit]) % {"amount": value.amount}
    return told(value) if isinstance(value, str) else value
