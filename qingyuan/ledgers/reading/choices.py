"""Cells that choose: yes or no, a code of a list, a division, a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.outcomes import EMPTY, Cell, Fault, Outcome, Parsed, Suggestion
from qingyuan.ledgers.reading.text import EMPTY_WORDS, clean, folded, key, typed
from qingyuan.reference.catalogue import get_list

YES: Final = frozenset("是 有 √ ✓ ✔ ☑ 对 真 y yes true t 1 已 是的 ○".split())
NO: Final = frozenset("否 无 × ✗ ✘ ☒ 错 假 x n no false f 0 未 没有 不是 没".split())


class Resolution(NamedTuple):
    """What a name of a division or unit stands for; without a value, ``message`` says what to write instead."""

    value: object | None
    message: str = ""
    suggestions: tuple[Suggestion, ...] = ()


Resolver: TypeAlias = Callable[[str], Resolution]
CodeMatcher: TypeAlias = Callable[[str, str, date], Resolution]
"""(list name, text, day) to the code of that day."""


def match_code(list_name: str, text: str, day: date) -> Resolution:
    """The code list's own matching, as a resolution."""
    match = get_list(list_name).match(text, day)
    if match.code is not None:
        return Resolution(match.code.code)
    found = tuple(Suggestion(code.code, code.name_zh) for code in match.suggestions)
    if len(found) == 1 and found[0].label not in match.reason:
        return Resolution(
            None, _("%(reason)s 是不是“%(name)s”?") % {"reason": match.reason, "name": found[0].label}, found
        )
    return Resolution(None, match.reason, found)


@dataclass(frozen=True)
class Resolvers:
    """How names become references. Without a resolver for divisions or units the text is kept as it stands, for the
    ledger to resolve in one go. ``synonyms``: per code list, what earlier imports were told a wording means."""

    division: Resolver | None = None
    unit: Resolver | None = None
    code: CodeMatcher = match_code
    synonyms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def learnt(self, list_name: str) -> dict[str, str]:
        """The list's synonyms under comparable keys."""
        return {key(text): code for text, code in self.synonyms.get(list_name, {}).items()}


def parse_boolean(cell: Cell) -> Outcome:
    """True or False from the words and ticks people use."""
    if isinstance(cell, bool):
        return Parsed(cell)
    word = folded(typed(cell)).casefold()
    if not word:
        return EMPTY
    if word in YES:
        return Parsed(True)
    if word in NO:
        return Parsed(False)
    if word in EMPTY_WORDS:
        return EMPTY
    return Fault(_("这里只能填“是”或“否”,不认识“%(word)s”") % {"word": word[:20]})


def parse_code(cell: Cell, list_name: str, day: date, resolvers: Resolvers, learnt: Mapping[str, str]) -> Outcome:
    """The code of a wording on a day. What was learnt for this source comes first, then the list itself."""
    text = clean(typed(cell))
    known = learnt.get(key(text))
    if known is not None:
        return Parsed(known)
    found = resolvers.code(list_name, text, day)
    if found.value is not None:
        return Parsed(found.value)
    if not text or text in EMPTY_WORDS:
        return EMPTY
    return _unmatched(found)


def parse_reference(cell: Cell, resolver: Resolver | None) -> Outcome:
    """A division or unit by name or code."""
    text = clean(typed(cell))
    if not text or text in EMPTY_WORDS:
        return EMPTY
    if resolver is None:
        return Parsed(text)
    found = resolver(text)
    return Parsed(found.value) if found.value is not None else _unmatched(found)


def _unmatched(found: Resolution) -> Fault:
    hint = found.suggestions[0].label if len(found.suggestions) == 1 else ""
    return Fault(found.message or _("没有这个名称:请对照名单填写"), hint, found.suggestions)
