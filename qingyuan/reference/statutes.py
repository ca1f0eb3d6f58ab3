"""The articles the platform names: what to print beside a deadline, a due or a refusal.

Summaries are one line in our own words, for orientation; the text in force decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from qingyuan.foundation.words import in_english, said
from qingyuan.reference.tables import holds_on, optional_day, read_table

_KEY = re.compile(r"(?P<article>[A-Z]+[0-9]*(?:-[0-9]+)?(?:-[0-9]+)?)(?P<rest>(?:\([0-9a-z]+\))*)")
_PARAGRAPH = re.compile(r"\(([0-9]+)\)")
_SPAN = re.compile(r"(?P<law>[A-Z]+)(?:(?P<first>[0-9]+)(?:-(?P<last>[0-9]+))?)?(?:\((?P<paragraph>[0-9]+)\))?")
_ARTICLE = re.compile(r"第(?P<article>[^条]+)条(?:之(?P<inserted>[^第]+))?(?:第(?P<paragraph>[^款]+)款)?")
_MOST_ARTICLES = 1300
# A law whose key ends in its year: PS25-118 is one article, where NL33-35 is a run of three.
_NUMBERED = re.compile(r"(?P<law>[A-Z]+[0-9]+)-(?P<article>[0-9]+)(?:\((?P<paragraph>[0-9]+)\))?")
_DIGITS_ZH = "零一二三四五六七八九"


class UnknownArticle(LookupError):
    """The key names no article on file; the message shows how a key is written."""


class UnknownLaw(LookupError):
    """The key names no law on file."""


@dataclass(frozen=True)
class Law:
    """A law or regulation. ``valid_to`` is the first day it is no longer in force."""

    key: str
    title_zh: str
    short_zh: str
    valid_from: date | None
    valid_to: date | None
    replaced_by: str
    source: str

    def in_force(self, day: date) -> bool:
        return holds_on(day, self.valid_from, self.valid_to)


@dataclass(frozen=True)
class Citation:
    """One article (or paragraph) of a law."""

    key: str
    law: Law
    article: str
    text_short: str
    valid_from: date | None
    valid_to: date | None

    def __str__(self) -> str:
        return self.label

    @property
    def title(self) -> str:
        return self.law.title_zh

    @property
    def label(self) -> str:
        """``《戒毒条例》第十四条第二款``."""
        return f"《{self.law.short_zh}》{self.article}"

    @property
    def said(self) -> str:
        """The label in the language of the page: ``Drug Rehabilitation Regulations, art. 14(2)``."""
        if not in_english():
            return self.label
        return ", ".join(part for part in (said(self.law.short_zh), _article_in_english(self.article)) if part)

    def in_force(self, day: date) -> bool:
        return holds_on(day, self.valid_from, self.valid_to)


def cite(key: str) -> Citation:
    """The citation of a key such as ``DR14``, ``DR14(2)``, ``CL287-1`` or ``PS25-84``.

    A paragraph without an own summary gets its article's summary and its own number.

    Raises:
        UnknownArticle: no article on file has this key.
    """
    written = key.strip()
    found = _KEY.fullmatch(written)
    articles = _articles()
    if found is None or found["article"] not in articles:
        raise UnknownArticle(f"没有登记“{written}”这一条款，请写成 DR14 或者 PS25-84 的样子。")
    if written in articles:
        return articles[written]
    whole = articles[found["article"]]
    paragraph = "".join(f"第{chinese_number(int(number))}款" for number in _PARAGRAPH.findall(found["rest"])[:1])
    return Citation(written, whole.law, whole.article + paragraph, whole.text_short, whole.valid_from, whole.valid_to)


def cite_all(keys: str) -> tuple[Citation, ...]:
    """The citations of several keys separated by ``;``.

    Raises:
        UnknownArticle: one of them is not on file.
    """
    return tuple(cite(key) for key in keys.split(";") if key.strip())


def describe(basis: str) -> str:
    """A legal basis as people read it: ``NL33-35;DR19`` gives ``《禁毒法》第三十三至三十五条；《戒毒条例》第十九条``, on an
    English page ``Narcotics Control Law, arts. 33–35; Drug Rehabilitation Regulations, art. 19``.

    Takes keys, whole laws and runs of articles, whether or not each article has a summary; what names no law on file
    is left as it was written.
    """
    pieces = (_describe_piece(piece.strip()) for piece in basis.split(";") if piece.strip())
    return ("; " if in_english() else "；").join(pieces)


def law(key: str) -> Law:
    """The law of this key.

    Raises:
        UnknownLaw: there is none.
    """
    found = _laws().get(key)
    if found is None:
        raise UnknownLaw(f"没有登记代号为 {key} 的法律法规。")
    return found


def law_keys() -> tuple[str, ...]:
    return tuple(_laws())


def article_keys() -> tuple[str, ...]:
    return tuple(_articles())


def law_in_force(article_key: str, on: date) -> bool:
    """Whether the article's law was in force on a day.

    Raises:
        UnknownArticle: no article on file has this key.
    """
    return cite(article_key).in_force(on)


@cache
def _laws() -> Mapping[str, Law]:
    return MappingProxyType(
        {
            row["key"]: Law(
                key=row["key"],
                title_zh=row["title_zh"],
                short_zh=row["short_zh"],
                valid_from=optional_day(row["valid_from"]),
                valid_to=optional_day(row["valid_to"]),
                replaced_by=row["replaced_by"],
                source=row["source"],
            )
            for row in read_table("laws")
        }
    )


@cache
def _articles() -> Mapping[str, Citation]:
    found: dict[str, Citation] = {}
    for row in read_table("articles"):
        owner = law(row["law"])
        found[row["key"]] = Citation(
            key=row["key"],
            law=owner,
            article=row["article"],
            text_short=row["text_short"],
            valid_from=optional_day(row["valid_from"]) or owner.valid_from,
            valid_to=optional_day(row["valid_to"]) or owner.valid_to,
        )
    return MappingProxyType(found)


def _describe_piece(piece: str) -> str:
    try:
        return cite(piece).said
    except UnknownArticle:
        pass
    if piece in _laws():
        return said(_laws()[piece].short_zh) if in_english() else f"《{_laws()[piece].short_zh}》"
    if numbered := _NUMBERED.fullmatch(piece):
        owner = _laws().get(numbered["law"])
        if owner is not None:
            paragraph = f"第{chinese_number(int(numbered['paragraph']))}款" if numbered["paragraph"] else ""
            article = f"第{chinese_number(int(numbered['article']))}条{paragraph}"
            return Citation(piece, owner, article, "", owner.valid_from, owner.valid_to).said
    found = _SPAN.fullmatch(piece)
    owner = _laws().get(found["law"]) if found else None
    if found is None or owner is None:
        return piece
    if in_english():
        return _span_in_english(owner, found)
    if not found["first"]:
        return f"《{owner.short_zh}》"
    text = f"第{chinese_number(int(found['first']))}"
    if found["last"]:
        text += f"至{chinese_number(int(found['last']))}"
    paragraph = f"第{chinese_number(int(found['paragraph']))}款" if found["paragraph"] else ""
    return f"《{owner.short_zh}》{text}条{paragraph}"


def _span_in_english(owner: Law, found: re.Match[str]) -> str:
    if not found["first"]:
        return said(owner.short_zh)
    articles = f"arts. {found['first']}–{found['last']}" if found["last"] else f"art. {found['first']}"
    return f"{said(owner.short_zh)}, {articles}" + (f"({found['paragraph']})" if found["paragraph"] else "")


def _article_in_english(article: str) -> str:
    """``art. 287-1(2)`` of 第二百八十七条之一第二款; empty for what is no article (a programme, a whole notice)."""
    found = _ARTICLE.fullmatch(article)
    if found is None:
        return ""
    numbers = _numerals()
    inserted = f"-{numbers[found['inserted']]}" if found["inserted"] else ""
    paragraph = f"({numbers[found['paragraph']]})" if found["paragraph"] else ""
    return f"art. {numbers[found['article']]}{inserted}{paragraph}"


@cache
def _numerals() -> Mapping[str, int]:
    return MappingProxyType({chinese_number(number): number for number in range(1, _MOST_ARTICLES)})


def chinese_number(number: int) -> str:
    """The Chinese numeral of 1 to 1999, as articles are numbered: 一百零八, 一百一十二, 一千二百五十九."""
    if number < 20:
        return ("十" if number >= 10 else "") + (_DIGITS_ZH[number % 10] if number % 10 else "")
    text, pending_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if pending_zero else "") + _DIGITS_ZH[digit] + name
        pending_zero = bool(text) and not digit
    return text
