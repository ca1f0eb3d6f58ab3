"""What the reader needs to understand a cell of this city: divisions, units, and words learnt before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.foundation import audit
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.models import LearntSynonym, Source
from qingyuan.ledgers.reading.choices import Resolution, Resolvers
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference import catalogue


class NotACode(ValueError):
    """A word cannot be learnt for a code that does not exist."""


def resolvers_for(ledger: Ledger, by: Actor, on: date, source: Source | None = None) -> Resolvers:
    """What a cell of this city may name: divisions in the writer's scope, units, and words confirmed before."""
    return Resolvers(
        division=_resolver(_division_names(by, on), _("本辖区没有这个区划,或有同名的:请写全称或 12 位代码")),
        unit=_resolver(_unit_names(), _("没有这个单位:请对照单位名单填写")),
        synonyms=synonyms_for(ledger, source),
    )


def _resolver(names: dict[str, int], otherwise: str) -> Callable[[str], Resolution]:
    def resolve(text: str) -> Resolution:
        found = names.get(_plain(text))
        return Resolution(found, "" if found is not None else otherwise)

    return resolve


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


def _division_names(by: Actor, on: date) -> dict[str, int]:
    """Names and codes under the actor's divisions; a name that two divisions share is left out: never guessed."""
    found: dict[str, int] = {}
    shared: set[str] = set()
    for grant in by.grants:
        for division in Division.objects.under(grant.division_id, on).on(on):
            for text in _spellings(division):
                if found.setdefault(text, division.pk) != division.pk:
                    shared.add(text)
    return {text: pk for text, pk in found.items() if text not in shared}


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
