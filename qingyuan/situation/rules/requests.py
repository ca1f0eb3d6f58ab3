"""Pure rules of requests for figures: what may be asked, what may be answered, how an answer is shown, when all is in."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Generic, TypeVar

from django.utils.translation import gettext as _

from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.situation.enums import AnswerKind, AnswerState, RequestState

K = TypeVar("K", bound=Hashable)
FEW: Final = "<5"
HIDDEN: Final = "—"
MOST_WORDS: Final = 60
MOST_NOTE: Final = 200
#: A list of people in the words offices use for one.
LISTS: Final = (
    "名单", "名册", "花名册", "姓名", "身份证", "证件号", "人员明细", "明细表", "人员信息", "基本信息表", "联系电话", "手机号", "电话号码",
    "住址", "户籍地", "家庭成员", "照片", "逐人", "一人一档", "人员台账", "具体是谁", "哪些人", "谁在",
)  # fmt: skip
#: What is not collected at all, so it cannot be asked for (mission line 2).
NEVER: Final = ("民族", "宗教", "信仰", "籍贯", "风险等级", "经纬度", "定位", "人脸")
_LONG_NUMBER: Final = re.compile(r"\d{15}|\d{17}[\dXx]|1[3-9]\d{9}")
_BLANKS: Final = re.compile(r"[\s\u3000,,、]+")
_NUMBER: Final = re.compile(r"[+-]?\d{1,13}(?:\.\d{1,4})?")


class RequestRefused(ValueError):
    """The step cannot be taken; the message says what to do."""


def check_question(text: str) -> None:
    """Raises RequestRefused for an empty question, and for one that asks for people instead of a number."""
    plain = _BLANKS.sub("", text)
    if not plain:
        raise RequestRefused(_("请写明要什么数。"))
    asked = next((word for word in LISTS if word in plain), "")
    if asked:
        what = _("“%(word)s”是在要人员名单:本平台只答数和简短文字。需要名单的,请对方依法向有关单位另行调取。")
        raise RequestRefused(what % {"word": asked})
    never = next((word for word in NEVER if word in plain), "")
    if never:
        raise RequestRefused(_("“%(word)s”不采集、不统计,不能要这个数,请改写问题。") % {"word": never})


def check_words(text: str, most: int) -> str:
    """The text as it is kept. Raises RequestRefused when it is long, or holds what looks like somebody's number."""
    plain = text.strip()
    if len(plain) > most:
        raise RequestRefused(_("最多 %(count)d 个字:这里只写数和简短说明。") % {"count": most})
    if _LONG_NUMBER.search(_BLANKS.sub("", plain)):
        raise RequestRefused(_("答复里不能有身份证号码或手机号,请删去。"))
    return plain


@dataclass(frozen=True)
class Given:
    """An answer that was read: a number, or words."""

    number: Decimal | None
    words: str


def read_answer(kind: str, typed: str) -> Given:
    """Raises RequestRefused with what to write instead."""
    plain = typed.strip()
    if kind == AnswerKind.WORDS:
        if not plain:
            raise RequestRefused(_("请写答复;没有的写“无”。"))
        return Given(None, check_words(plain, MOST_WORDS))
    digits = _BLANKS.sub("", plain)
    if not digits:
        raise RequestRefused(_("请填一个数;没有发生的填 0。"))
    if not _NUMBER.fullmatch(digits):
        raise RequestRefused(_("要填一个数,最多四位小数,不带单位。"))
    try:
        number = Decimal(digits)
    except InvalidOperation:  # pragma: no cover - the pattern lets nothing else through
        raise RequestRefused(_("要填一个数,最多四位小数,不带单位。")) from None
    if number < 0:
        raise RequestRefused(_("数不能是负的,请核对。"))
    return Given(number, "")


def check_count(number: Decimal | None, *, people: bool) -> None:
    """People are whole. Raises RequestRefused."""
    if people and number is not None and number != int(number):
        raise RequestRefused(_("人数要填整数。"))


# --- steps --------------------------------------------------------------------------------------------------------------
def may_answer_now(request: str, answer: str) -> str:
    """Why it cannot be answered now; empty when it can. An answer that was given may be mended until all is in."""
    if request != RequestState.OPEN:
        return _("这件要数已收齐或已撤销,不能再答;要改的请与承办单位联系。")
    if answer == AnswerState.EXCUSED:
        return _("已免报,不用再答。")
    return ""


def is_complete(questions: Iterable[tuple[bool, Iterable[str]]]) -> bool:
    """Whether everything asked is on file, answered or excused. Each question: (on file, states of its answers)."""
    found = list(questions)
    return bool(found) and all(
        on_file or (bool(states := list(asked)) and all(state in (AnswerState.GIVEN, AnswerState.EXCUSED) for state in states))
        for on_file, asked in found
    )


# --- small numbers ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ShownAnswers(Generic[K]):
    """How each number and their total is written for one reader. ``total`` "" where none may stand beside the list."""

    texts: Mapping[K, str]
    closed: frozenset[K]
    total: str


def show(
    numbers: Mapping[K, Decimal | None],
    *,
    people: bool,
    own: Iterable[K] = (),
    closed: Mapping[K, str] | None = None,
) -> ShownAnswers[K]:
    """``numbers`` None: not answered yet. ``own``: answers of the reader's own unit. ``closed``: answers on file that were
    closed already where they came from, with how they are written.

    People under five are closed, and with them what would tell them beside a total known from elsewhere. A total is told only
    when every answer is in and none is closed: one that grew while answers came would tell each by the difference.
    """
    shut = dict(closed or {})
    given = {key: number for key, number in numbers.items() if number is not None and key not in shut}
    texts = {key: shut.get(key, "") for key in numbers}
    if people:
        whole = {key: int(number) for key, number in given.items()}
        total = sum(whole.values()) if len(whole) > 1 else None
        states = suppress(whole, total, own=[key for key in own if key in whole]).cells
    else:
        states = dict.fromkeys(given, Shown.EXACT)
    texts |= {key: _word(states[key], number) for key, number in given.items()}
    hidden = frozenset(shut) | {key for key in given if states[key] is not Shown.EXACT}
    whole_known = len(given) > 1 and len(given) == len(numbers) and not hidden
    return ShownAnswers(texts, hidden, plain(sum(given.values(), Decimal(0))) if whole_known else "")


def plain(number: Decimal) -> str:
    """``1,234.5`` without needless noughts."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _word(state: Shown, number: Decimal) -> str:
    if state is Shown.EXACT:
        return plain(number)
    return FEW if state is Shown.FEW else HIDDEN
