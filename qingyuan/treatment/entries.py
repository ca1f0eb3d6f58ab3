"""A clinic's year of entries in numbers: each person once, by the first entry of the year. Open numbers: whoever shows them closes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation import identity
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.ledgers.queries import rows
from qingyuan.organisation.actor import Actor
from qingyuan.reference.catalogue import get_list
from qingyuan.treatment.actions.entries import ENTRIES
from qingyuan.treatment.models import Agreement, Enrolment
from qingyuan.treatment.rules import NEVER

#: The first age of each band after the first; the year of age at entry, and at first use.
AGES: Final = (18, 25, 35, 45, 55)
FIRST_USE_AGES: Final = (15, 20, 25, 30)
SECOND: Final = ("second_substance", "third_substance")


@dataclass(frozen=True)
class Row:
    """One answer: how many people gave it, and how many of them were never treated before."""

    key: str
    label: str
    everyone: int
    first_ever: int


@dataclass(frozen=True)
class Item:
    """One thing that was asked. ``parts``: its rows add up to everybody; a person may stand in several rows otherwise."""

    key: str
    title: str
    rows: tuple[Row, ...]
    parts: bool = True


@dataclass(frozen=True)
class Year:
    """``unasked``: people whose treatment began in the year and of whom nothing was asked."""

    year: int
    everyone: int
    first_ever: int
    items: tuple[Item, ...]
    unasked: int


def years(actor: Actor, on: date) -> list[int]:
    """The years in which somebody entered, the newest first; the running one always."""
    found = rows(registry.get(ENTRIES), actor, on).dates("entered_on", "year", order="DESC")
    return sorted({one.year for one in found} | {on.year}, reverse=True)


def tabulated(actor: Actor, year: int, on: date) -> Year:
    """The year of the reader's own clinic; what is not the reader's is not among it."""
    ledger = registry.get(ENTRIES)
    mine = rows(ledger, actor, on).filter(entered_on__year=year).select_related("patient").order_by("entered_on", "pk")
    once: dict[Any, Any] = {}
    for entry in mine:
        once.setdefault(entry.patient_id, entry)
    found = list(once.values())
    return Year(
        year=year,
        everyone=len(found),
        first_ever=_first(found),
        items=tuple(_items(found)),
        unasked=len(_began(actor, year, on) - set(once)),
    )


def _began(actor: Actor, year: int, on: date) -> set[Any]:
    agreed = rows(registry.get("treatment_agreements"), actor, on).filter(signed_on__year=year)
    enrolled = rows(registry.get("maintenance"), actor, on).filter(enrolled_on__year=year)
    assert agreed.model is Agreement and enrolled.model is Enrolment
    return {*agreed.values_list("patient_id", flat=True), *enrolled.values_list("patient_id", flat=True)}


def _first(found: Iterable[Any]) -> int:
    return sum(entry.treated_before == NEVER for entry in found)


def _items(found: list[Any]) -> Iterable[Item]:
    yield _item("sex", _("性别"), found, _sex, [(code, get_list("sexes").said(code)) for code in ("1", "2")])
    yield _item("age", _("入治时年龄"), found, _age, _bands(AGES))
    ledger = registry.get(ENTRIES)
    for column in ledger.columns:
        if not column.code_list or column.name in SECOND:
            continue
        codes = get_list(column.code_list)
        values = [(code.code, codes.said(code.code)) for code in codes]
        yield _item(column.name, said(column.header), found, attrgetter(column.name), values)
        if column.name == "frequency":
            yield _item("first_use_age", said(ledger.column("first_use_age").header), found, _first_use, [*_bands(FIRST_USE_AGES), ("", _("不详"))])
    yield _besides(found)


def _item(
    key: str, title: str | Promise, found: list[Any], of: Callable[[Any], str], values: Iterable[tuple[str, str | Promise]]
) -> Item:
    groups: dict[str, list[Any]] = {}
    for entry in found:
        groups.setdefault(of(entry), []).append(entry)
    lines = [Row(value, str(label), len(groups.get(value, ())), _first(groups.get(value, ()))) for value, label in values]
    assert sum(line.everyone for line in lines) == len(found), f"{key}: an answer that stands in no list"
    return Item(key, str(title), tuple(lines))


def _besides(found: list[Any]) -> Item:
    """The other substances of a person, two at most: somebody may stand in two rows."""
    codes, lines = get_list("substance_classes"), []
    for code in codes:
        of = [entry for entry in found if code.code in (entry.second_substance, entry.third_substance)]
        lines.append(Row(code.code, codes.said(code.code), len(of), _first(of)))
    return Item("besides", str(_("还用的物质(可有几类)")), tuple(lines), parts=False)


def _number(entry: Any) -> identity.IdentityNumber:
    return identity.parse(entry.patient.id_number, from_original=True)


def _sex(entry: Any) -> str:
    return _number(entry).sex


def _age(entry: Any) -> str:
    return _band(_number(entry).age_on(entry.entered_on), AGES)


def _first_use(entry: Any) -> str:
    return "" if entry.first_use_age is None else _band(entry.first_use_age, FIRST_USE_AGES)


def _band(age: int, ends: tuple[int, ...]) -> str:
    return str(sum(age >= end for end in ends))


def _bands(ends: tuple[int, ...]) -> list[tuple[str, str | Promise]]:
    """Each band with its words."""
    words: list[str | Promise] = [_("不满 %(age)s 岁") % {"age": ends[0]}]
    words += [_("%(from)s—%(to)s 岁") % {"from": start, "to": end - 1} for start, end in zip(ends, ends[1:], strict=False)]
    words.append(_("%(age)s 岁及以上") % {"age": ends[-1]})
    return [(str(place), word) for place, word in enumerate(words)]
