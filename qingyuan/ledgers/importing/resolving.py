"""What the reader needs to understand a cell of this city: divisions, units, and words learnt before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.foundation import audit
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.models import LearntSynonym, Source
from qingyuan.ledgers.reading.choices import Resolution, Resolvers
from qingyuan.ledgers.reading.outcomes import Suggestion
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference import catalogue
from qingyuan.reference.matching import closest, standard

MOST_SUGGESTED: Final = 3
MOST_ASKED_BACK: Final = 300


class NotACode(ValueError):
    """A word cannot be learnt for a code that does not exist."""


def resolvers_for(ledger: Ledger, by: Actor, on: date, source: Source | None = None) -> Resolvers:
    """What a cell of this city may name: divisions in the writer's scope, units, and words confirmed before."""
    pairs = _division_names(by, on)
    places = _unambiguous(pairs)
    return Resolvers(
        division=Names(
            places,
            _("本辖区没有这个区划,或有同名的:请写全称或 12 位代码"),
            also=[(name, pk) for name, pk in pairs if name not in places],
        ),
        unit=Names(_unit_names(), _("没有这个单位:请对照单位名单填写"), on),
        synonyms=synonyms_for(ledger, source),
    )


@dataclass
class Names:
    """Finds a name as written, else with its variant characters written the standard way (龍洞鎮); anything else is only
    asked back: what sounds or looks alike. ``on``: names of offices that have been merged away are told apart. ``also``
    are names that are asked back but never taken, because several share them. Can be sent to another process."""

    names: dict[str, int]
    otherwise: str
    on: date | None = None
    also: Sequence[tuple[str, int]] = ()
    asked_back: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __call__(self, text: str) -> Resolution:
        plain = _plain(text)
        found = self.names.get(plain, self._standards.get(standard(plain)))
        if found is not None:
            return Resolution(found)
        if self.on is not None and (kinds := catalogue.get_list("unit_kinds")).ended(plain, self.on):
            return Resolution(None, kinds.match(plain, self.on).reason)
        likely = self._near(plain) if plain else ()
        if not likely:
            return Resolution(None, self.otherwise)
        longest = self._longest
        asked = "、".join(f"“{longest[pk]}”" for pk in likely)
        told = _("%(otherwise)s。是不是%(names)s?") % {"otherwise": self.otherwise, "names": asked}
        return Resolution(None, told, tuple(Suggestion(str(pk), longest[pk]) for pk in likely))

    def _near(self, plain: str) -> tuple[int, ...]:
        """What a name may have meant; a file of nothing but strange names is not worth the time."""
        if plain not in self.asked_back and len(self.asked_back) < MOST_ASKED_BACK:
            spoken = self._spoken
            alike = (pk for name in closest(plain, self._vocabulary) for pk in spoken[name])
            self.asked_back[plain] = tuple(dict.fromkeys(alike))[:MOST_SUGGESTED]
        return self.asked_back.get(plain, ())

    @cached_property
    def _standards(self) -> dict[str, int]:
        return _unambiguous((standard(name), pk) for name, pk in self.names.items())

    @cached_property
    def _spoken(self) -> dict[str, list[int]]:
        spoken: dict[str, list[int]] = {}
        for name, pk in (*self.names.items(), *self.also):
            if not name.isdigit():
                spoken.setdefault(name, []).append(pk)
        return spoken

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        return tuple(self._spoken)

    @cached_property
    def _longest(self) -> dict[int, str]:
        longest: dict[int, str] = {}
        for name, pks in self._spoken.items():
            for pk in pks:
                if len(name) > len(longest.get(pk, "")):
                    longest[pk] = name
        return longest


def _unambiguous(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Each name that stands for one thing only: of two that share one, neither is ever guessed."""
    found: dict[str, int] = {}
    shared: set[str] = set()
    for name, pk in pairs:
        if found.setdefault(name, pk) != pk:
            shared.add(name)
    return {name: pk for name, pk in found.items() if name not in shared}


def synonyms_for(ledger: Ledger, source: Source | None = None) -> dict[str, dict[str, str]]:
    """Words confirmed before, by code list; the word of ``source`` wins over the one that holds for all."""
    lists = {column.code_list for column in ledger.columns if column.code_list}
    learnt: dict[str, dict[str, str]] = {}
    for word in LearntSynonym.objects.filter(code_list__in=lists, source=None):
        learnt.setdefault(word.code_list, {})[word.text] = word.code
    if source is not None:
        for word in LearntSynonym.objects.filter(code_list__in=lists, source=source):
            learnt.setdefault(word.code_list, {})[word.text] = word.code
    return learnt


@transaction.atomic
def learn(
    *, code_list: str, text: str, code: str, by: Actor, source: Source | None = None, ledger: str = ""
) -> LearntSynonym:
    """Remember that people here (or the tables of ``source``) write ``text`` for ``code``.

    Raises NotACode when there is no such code or no text.
    """
    text = text.strip()[:60]
    if not text or catalogue.get_list(code_list).code(code) is None:
        raise NotACode(_("代码表里没有“%(code)s”。") % {"code": code})
    word, _created = LearntSynonym.objects.update_or_create(
        code_list=code_list,
        text=text,
        source=source,
        defaults={"code": code, "confirmed_by_id": by.account_id, "confirmed_at": timezone.now()},
    )
    audit.record_write(
        by=by,
        act=f"{ledger or code_list}.word_learn",
        ledger=ledger,
        row_id=source.pk if source else None,
        reason=text,
        summary=f"{code_list} {code}",
    )
    return word


def _division_names(by: Actor, on: date) -> list[tuple[str, int]]:
    """Names and codes of the divisions under the actor's, each with its division; several may share a name."""
    found: dict[tuple[str, int], None] = {}
    for grant in by.grants:
        for division in Division.objects.under(grant.division_id, on).on(on):
            for text in sorted(_spellings(division), key=len, reverse=True):
                found[text, division.pk] = None
    return list(found)


def _spellings(division: Division) -> set[str]:
    name = _plain(division.name)
    short = name
    for ending in ("街道办事处", "居民委员会", "村民委员会", "街道", "社区", "居委会", "村委会", "镇", "乡", "村"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            short = name.removesuffix(ending)
            break
    return {name, short, division.code}


def _unit_names() -> dict[str, int]:
    names: dict[str, Any] = {}
    for unit in Unit.objects.all():
        for text in (unit.name, unit.short_name, unit.code):
            if text:
                names.setdefault(_plain(text), unit.pk)
    return names


def _plain(text: str) -> str:
    return "".join(str(text).split())
