"""Numbers a clause may read, as people write and search them: «R05.missing 应检尽检率·缺检(人次)», «手工 走访率»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import in_english, said
from qingyuan.governance.problem_phrases import problem_said
from qingyuan.governance.queries.known import known_inputs
from qingyuan.governance.scoring.catalogue import KnownInput, refused
from qingyuan.governance.scoring.numbers import Part

_BY_HAND: Final = re.compile(r"^(?:手工|人工|manual:?)[\s::·]*(?P<name>.*)$")
_FORM: Final = re.compile(r"^(?:报表|return:)[\s::·]*(?P<code>\S+)")
_CODE: Final = re.compile(r"^(?:indicator:)?(?P<code>[A-Za-z]+\d+[A-Za-z]?(?:\.\w+)?)(?:\s|$)")
_PARTS: Final = {Part.VALUE: "", Part.NUMERATOR: "分子", Part.DENOMINATOR: "分母", Part.MISSING: "缺"}
MOST: Final = 60


@dataclass(frozen=True)
class Offered:
    """One number on offer: ``ref`` as a file has it, ``words`` as a field shows it; ``refusal`` why it may not be scored; ``by_unit``: a member
    unit has it too."""

    ref: str
    words: str
    refusal: str
    by_unit: bool = False


def offered() -> list[Offered]:
    """Every part of every indicator and every cell of a return."""
    found = []
    for key, known in known_inputs().items():
        source, _colon, code = key.partition(":")
        for part in known.part_names() if source == "indicator" else [Part.VALUE]:
            ref = f"{key}.{part}" if source == "indicator" else key
            found.append(Offered(ref, _words(source, code, part, known), _why_not(known, part), known.by_unit))
    return found


def matching(words: str) -> list[Offered]:
    """What holds every word, those that may be scored first."""
    wanted = words.casefold().split()
    hits = [one for one in offered() if all(word in f"{one.words} {one.ref}".casefold() for word in wanted)]
    return sorted(hits, key=lambda one: bool(one.refusal))[:MOST]


@dataclass(frozen=True)
class Shelf:
    """Numbers of one kind, as the page lists them before anybody searches."""

    title: str
    rows: tuple[Offered, ...]
    opened: bool = False


def shelves() -> list[Shelf]:
    """Everything on offer: what may be scored from ledgers, what from returns, and last what may not be scored, with the reason."""
    every = offered()
    free = [one for one in every if not one.refusal]
    from_returns = tuple(one for one in free if one.ref.startswith("return:"))
    reckoned = [one for one in free if one not in from_returns]
    return [
        Shelf(_("由台账算出,可以计分(乡镇、成员单位都有数)"), tuple(one for one in reckoned if one.by_unit), opened=True),
        Shelf(_("由台账算出,只按地方有数,只给乡镇计分"), tuple(one for one in reckoned if not one.by_unit), opened=True),
        Shelf(_("报表里填的,可以计分"), from_returns),
        Shelf(_("不能计分"), tuple(one for one in every if one.refusal)),
    ]


def words_of(ref: str) -> str:
    """A reference as the field shows it; what is not known stays as written."""
    source, _colon, rest = ref.partition(":")
    if ref == "manual":
        return "手工"
    if source == "manual":
        return f"手工 {rest}"
    code, _dot, part = rest.partition(".")
    known = known_inputs().get(ref if source == "return" else f"indicator:{code}")
    if known is None:
        return ref
    return _words(source, rest if source == "return" else code, part or Part.VALUE, known)


def ref_of(text: str) -> str:
    """The reference a field's text stands for; a text that stands for none stays, and the checker says so."""
    if match := _BY_HAND.match(text):
        return f"manual:{match['name'].strip()}" if match["name"].strip() else "manual"
    if match := _FORM.match(text):
        return f"return:{match['code']}"
    if match := _CODE.match(text):
        code = match["code"]
        return f"indicator:{code}" if "." in code else f"indicator:{code}.value"
    return text


def _words(source: str, code: str, part: str, known: KnownInput) -> str:
    if source == "return":
        return f"{'return:' if in_english() else '报表 '}{code} {said_parts(known.label)}"
    named = said_parts(known.parts[part].removeprefix(f"{known.label}·")) if part in known.parts else ""
    if not named and part in _PARTS:
        named = _(_PARTS[Part(part)]) if _PARTS[Part(part)] else ""
    # The unit is the figure's own: 98 % of the tests that were due, but so many people.
    unit = f"({said(known.unit)})" if part == Part.VALUE else ""
    return f"{code}.{part} {said_parts(known.label)}{'·' + named if named else ''}{unit}"


def _why_not(known: KnownInput, part: str) -> str:
    return problem_said(refused(known, part)).replace(known.label, said_parts(known.label))


def said_parts(label: str) -> str:
    """A label made of several titles, each in the language of the page."""
    return "·".join(said(title) for title in label.split("·"))
