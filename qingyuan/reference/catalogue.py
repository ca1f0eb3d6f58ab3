"""Code lists: dated terms with names, aliases and sources, and the matching of what people type."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType

from qingyuan.foundation.words import in_english
from qingyuan.reference.matching import alternatives, closest, normalise, standard
from qingyuan.reference.tables import Row, holds_on, optional_day, read_table

STANDARD_COLUMNS = frozenset(
    {"code", "name_zh", "name_en", "aliases", "valid_from", "valid_to", "replaced_by", "source"}
)
_LISTED_IN_FULL = 8


class UnknownList(LookupError):
    """No such code list; the message names the lists there are."""


class UnknownCode(LookupError):
    """No such code in the list; the message names the list."""


@dataclass(frozen=True)
class Code:
    """One term of a list. ``valid_to`` is the first day it no longer holds; ``extra`` holds the list's own columns."""

    list_name: str
    code: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    replaced_by: str
    source: str
    extra: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False)

    def __str__(self) -> str:
        return self.name_zh

    def valid_on(self, day: date) -> bool:
        return holds_on(day, self.valid_from, self.valid_to)

    def label(self, language: str = "zh-hans") -> str:
        """The name in English for ``en…``, else in Chinese."""
        return self.name_en if language.lower().startswith("en") and self.name_en else self.name_zh

    @property
    def said(self) -> str:
        """The name in the language of the page."""
        return self.name_en if self.name_en and in_english() else self.name_zh

    @property
    def terms(self) -> tuple[str, ...]:
        """Everything a person may write for this code: the code, both names, the aliases."""
        return tuple(term for term in (self.code, self.name_zh, self.name_en, *self.aliases) if term)


@dataclass(frozen=True)
class Match:
    """What a cell means. Without a code, ``reason`` is a Chinese sentence saying what to write instead."""

    code: Code | None
    suggestions: tuple[Code, ...] = ()
    reason: str = ""

    @property
    def ok(self) -> bool:
        return self.code is not None


@dataclass(frozen=True)
class CodeList:
    """A dated list. One code may have several rows (versions of the law) whose validities do not overlap."""

    name: str
    title_zh: str
    title_en: str
    codes: tuple[Code, ...]
    _by_code: Mapping[str, tuple[Code, ...]] = field(repr=False, compare=False, hash=False)
    _by_term: Mapping[str, tuple[Code, ...]] = field(repr=False, compare=False, hash=False)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def code(self, code: str, on: date | None = None) -> Code | None:
        """The row of this code in force on the day; without a day, or outside every validity, its newest row."""
        versions = self._by_code.get(code, ())
        in_force = [version for version in versions if on is not None and version.valid_on(on)]
        return in_force[0] if in_force else (versions[-1] if versions else None)

    def require(self, code: str, on: date | None = None) -> Code:
        """Like ``code``, for codes the program itself names.

        Raises:
            UnknownCode: the list has no such code.
        """
        found = self.code(code, on)
        if found is None:
            raise UnknownCode(f"“{self.title_zh}”中没有代码 {code}。")
        return found

    def label(self, code: str, on: date | None = None, language: str = "zh-hans") -> str:
        """The name of a stored code; a code the list does not know is shown as it is stored."""
        found = self.code(code, on)
        return found.label(language) if found else code

    def said(self, code: str, on: date | None = None) -> str:
        """Like ``label``, in the language of the page."""
        found = self.code(code, on)
        return found.said if found else code

    def valid_on(self, day: date) -> list[Code]:
        """Rows in force on the day, in the order of the file."""
        return [code for code in self.codes if code.valid_on(day)]

    def choices(self, on: date, language: str = "") -> list[tuple[str, str]]:
        """``(code, name)`` pairs for a form dated ``on``: repealed terms are not offered. "" = the language of the page."""
        return [(code.code, code.label(language) if language else code.said) for code in self.valid_on(on)]

    def current(self, code: Code) -> Code:
        """The term that stands in the place of a replaced one, following the chain to its end."""
        seen = {code.code}
        while code.replaced_by and code.replaced_by not in seen:
            seen.add(code.replaced_by)
            code = self.require(code.replaced_by)
        return code

    def match(self, text: str, on: date) -> Match:
        """What a typed term means on a day.

        Exact code, name or alias after normalisation (full width, spaces, case, brackets), else with variant and
        traditional characters written the standard way. A term whose law was not in
        force on the day is refused with a sentence that names the term in force. Otherwise the nearest terms in force
        are suggested; the match itself is never a guess.
        """
        candidates = self._candidates(text)
        in_force = _distinct(code for code in candidates if code.valid_on(on))
        if len(in_force) == 1:
            return Match(in_force[0])
        if in_force:
            return Match(None, in_force, self._ambiguous(text, in_force))
        if candidates:
            return self._refuse_by_date(text, candidates, on)
        return self._suggest(text, on)

    def epoch(self, day: date) -> int:
        """Between two changes of the list a term means the same on every day; a number for each such span."""
        return bisect_right(self._changes, day)

    @cached_property
    def _changes(self) -> tuple[date, ...]:
        days = {day for code in self.codes for day in (code.valid_from, code.valid_to) if day is not None}
        return tuple(sorted(days))

    def _candidates(self, text: str) -> tuple[Code, ...]:
        for written in dict.fromkeys((text, standard(text))):
            for wordings in alternatives(written):
                found = [code for wording in wordings for code in self._by_term.get(wording, ())]
                if found:
                    return tuple(found)
        return ()

    def ended(self, text: str, on: date) -> bool:
        """Whether the term is of this list and no longer holds on the day; ``match`` then says what to write instead."""
        candidates = self._candidates(text)
        return bool(candidates) and all(code.valid_to is not None and code.valid_to <= on for code in candidates)

    def _ambiguous(self, text: str, codes: tuple[Code, ...]) -> str:
        names = "、".join(f"“{code.name_zh}”" for code in codes)
        return f"“{text.strip()}”可能指{names}，请写明其中一项。"

    def _refuse_by_date(self, text: str, candidates: tuple[Code, ...], on: date) -> Match:
        written = text.strip()
        ended = [code for code in candidates if code.valid_to is not None and code.valid_to <= on]
        if not ended:
            future = min(candidates, key=lambda code: code.valid_from or date.min)
            until_then = self.code(future.extra.get("before", ""), on)
            advice = f"，请填“{until_then.name_zh}”" if until_then else ""
            reason = f"“{written}”自 {future.valid_from} 起才适用，{on} 的记录不能使用{advice}。"
            return Match(None, (until_then,) if until_then else (), reason)
        last = max(ended, key=lambda code: code.valid_to or date.max)
        today = self.current(last)
        if today is last or not today.valid_on(on):
            return Match(None, (), f"“{written}”自 {last.valid_to} 起不再使用，{on} 的记录不能再填。")
        reason = (
            f"“{written}”自 {last.valid_to} 起不再使用，{on} 的记录请填现行用语“{today.name_zh}”；"
            f"{last.valid_to} 以前的历史记录仍可保留原用语。"
        )
        return Match(None, (today,), reason)

    def _suggest(self, text: str, on: date) -> Match:
        available = self.valid_on(on)
        written = text.strip()
        if not written:
            return Match(None, (), f"没有填写，请从“{self.title_zh}”中选一项。")
        vocabulary = {normalise(term): code for code in reversed(available) for term in code.terms}
        near = _distinct(vocabulary[term] for term in closest(normalise(written), tuple(vocabulary)))[:3]
        if near:
            names = "、".join(f"“{code.name_zh}”" for code in near)
            return Match(None, near, f"“{self.title_zh}”中没有“{written}”，是不是{names}？")
        if len(available) <= _LISTED_IN_FULL:
            names = "、".join(code.name_zh for code in available)
            return Match(None, (), f"“{self.title_zh}”中没有“{written}”，可填：{names}。")
        return Match(None, (), f"“{self.title_zh}”中没有“{written}”，请对照代码表填写。")


def _distinct(codes: Iterator[Code] | list[Code]) -> tuple[Code, ...]:
    return tuple(dict.fromkeys(codes))


@cache
def get_list(name: str) -> CodeList:
    """The code list of this name, loaded once.

    Raises:
        UnknownList: no list has this name.
    """
    for row in read_table("lists"):
        if row["name"] == name:
            return build_list(name, row["title_zh"], row["title_en"], read_table(name))
    raise UnknownList(f"没有名为 {name} 的代码表；现有：{'、'.join(list_names())}。")


def list_names() -> tuple[str, ...]:
    """Names of all code lists."""
    return tuple(row["name"] for row in read_table("lists"))


def build_list(name: str, title_zh: str, title_en: str, rows: tuple[Row, ...]) -> CodeList:
    """A code list from the rows of one file (columns of ``STANDARD_COLUMNS``, further ones go to ``extra``)."""
    codes = tuple(_code(name, row) for row in rows)
    by_code: dict[str, tuple[Code, ...]] = {}
    by_term: dict[str, tuple[Code, ...]] = {}
    for code in sorted(codes, key=lambda each: each.valid_from or date.min):
        by_code[code.code] = (*by_code.get(code.code, ()), code)
        for term in dict.fromkeys(normalise(term) for term in code.terms):
            by_term[term] = (*by_term.get(term, ()), code)
    return CodeList(name, title_zh, title_en, codes, MappingProxyType(by_code), MappingProxyType(by_term))


def _code(list_name: str, row: Row) -> Code:
    return Code(
        list_name=list_name,
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip()),
        valid_from=optional_day(row["valid_from"]),
        valid_to=optional_day(row["valid_to"]),
        replaced_by=row["replaced_by"],
        source=row["source"],
        extra=MappingProxyType({column: value for column, value in row.items() if column not in STANDARD_COLUMNS}),
    )
