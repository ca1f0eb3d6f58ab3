"""The only sentences that leave. No name, drug, place, unit or title: a sentence is a code, and what varies is a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

LARGEST: Final = 999_999


class Sentence(models.TextChoices):
    """What is said, as the list of reminders names it; the words that leave are in ``WORDS``."""

    APPOINTMENT = "appointment", _("预约提示")
    DIGEST = "digest", _("每日提示")
    ALARM = "alarm", _("法定期限当日提示")
    ESCALATED = "escalated", _("提请提示")
    CONTACT_CODE = "contact_code", _("核实联系方式")


#: Chinese, whatever language the holder reads pages in; how many numbers each takes is counted from it.
WORDS: Final[dict[Sentence, str]] = {
    Sentence.APPOINTMENT: "您有一项预约,请查看",
    Sentence.DIGEST: "清源:您有 {0} 项工作今天到期,{1} 项已逾期,请登录查看",
    Sentence.ALARM: "清源:您有 {0} 项工作的法定期限今天届满,请登录办理",
    Sentence.ESCALATED: "清源:有 {0} 项逾期工作提请您处理,请登录查看",
    Sentence.CONTACT_CODE: "清源:核实联系方式的验证码 {0:06d},15 分钟内有效",
}


class NotASentence(ValueError):
    """Something else than a code of the list with its whole numbers was to be said."""


@dataclass(frozen=True)
class Said:
    """A sentence with its numbers. Raises NotASentence for anything else, so that no other text can be made of it."""

    sentence: Sentence
    numbers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.sentence not in WORDS:
            raise NotASentence("not a sentence of the list")
        if len(self.numbers) != arity(self.sentence):
            raise NotASentence(f"{self.sentence} takes {arity(self.sentence)} numbers")
        for number in self.numbers:
            if type(number) is not int or not 0 <= number <= LARGEST:
                raise NotASentence("only whole numbers from 0 to 999 999")

    @property
    def words(self) -> str:
        return WORDS[self.sentence].format(*self.numbers)


def arity(sentence: Sentence) -> int:
    return WORDS[sentence].count("{")
