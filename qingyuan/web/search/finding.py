"""What a text finds, room by room, always through the rooms' own scoped queries; a person by name, surname or reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.name_buckets import TooManyNames
from qingyuan.foundation.names import NameAsked, Way
from qingyuan.foundation.words import said
from qingyuan.indicators import catalogue
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.entering import allowed
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import cells
from qingyuan.ledgers.queries import RowFilter
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.reference.catalogue import Code, get_list
from qingyuan.reference.matching import normalise, pinyin
from qingyuan.rehabilitation import queries as people
from qingyuan.rehabilitation.models import Client
from qingyuan.situation.permissions import may_read_figures
from qingyuan.web.ledgers.forms import ALL_DAYS
from qingyuan.web.name_words import way_said
from qingyuan.web.navigation import BY_NAME
from qingyuan.web.search.matching import Text, why, why_said
from qingyuan.web.search.papers import letters, official, returns
from qingyuan.web.search.places import places
from qingyuan.web.search.shapes import MOST, Found, Group

NEARNESS = {way: place for place, way in enumerate((Way.WHOLE, None, Way.READING, Way.INITIALS, Way.SURNAME, Way.SURNAME_READING))}
"""Whole names first; None is a name written with another form of a character."""


def find(asked: Text, actor: Actor, on: date) -> list[Group]:
    """Everything ``actor`` may find under ``asked``, in groups that have hits or were not looked through to their end."""
    groups = [
        _people(asked, actor, on),
        Group(_("台账"), _ledgers(asked, actor, on)),
        Group(_("台账里的词"), _codes(asked, actor, on)),
        Group(_("地方"), places(asked, actor, on)),
        Group(_("指标"), _indicators(asked, actor)),
        Group(_("责任书"), letters(asked, actor, on)),
        Group(_("报表"), returns(asked, actor, on)),
        Group(_("公文"), official(asked, actor, on)),
        *_rows(asked, actor, on),
    ]
    return [group for group in groups if group.hits or group.too_many or group.since]


def _people(asked: Text, actor: Actor, on: date) -> Group:
    title = _("人员")
    if not actor.has_role(*BY_NAME):
        return Group(title, [])
    try:
        hits, more = _clients(asked, actor, on)
    except TooManyNames:
        return Group(title, [], too_many=True)
    return Group(title, hits, more=more)


def _clients(asked: Text, actor: Actor, on: date) -> tuple[list[Found], bool]:
    """The nearest answers first, and whether there are more than are shown."""
    number, name = len(asked.asked) == 18, NameAsked.of(asked.asked)

    def reason(client: Client) -> str:
        if number:
            return _("身份证号完全一致")
        way = name.way(client.name)
        return way_said(way) if way is not None else _("姓名写法不同,请核对是不是同一个人")

    def nearness(client: Client) -> tuple[int, str]:
        return NEARNESS.get(name.way(client.name), len(NEARNESS)), client.name

    found = sorted(people.search_clients(people.clients(actor, on), asked.asked), key=nearness)
    hits = [
        Found(client.name, client.division.name, reverse("web:person-detail", args=(client.pk,)), reason(client), client.pk)
        for client in found[:MOST]
    ]
    return hits, len(found) > MOST


def _ledgers(asked: Text, actor: Actor, on: date) -> list[Found]:
    hits = (
        Found(said(ledger.title), said(ledger.purpose), reverse("web:ledger-list", args=(ledger.code,)), reason)
        for ledger in registry.all_ledgers()
        if (reason := why_said(asked, ledger.title) or _of_column(asked, ledger))
        and allowed(ledger, actor, Action.READ, on).allowed
    )
    return list(islice(hits, MOST))


def _of_column(asked: Text, ledger: Ledger) -> str:
    """A ledger is also found by what stands above one of its columns."""
    for column in ledger.columns:
        if asked.asked in (column.header, said(column.header), *column.aliases):
            return _("有一栏叫“%(header)s”") % {"header": said(column.header)}
    return ""


def _codes(asked: Text, actor: Actor, on: date) -> list[Found]:
    """Words of the code lists that a ledger can be narrowed by; each opens the ledger's rows with that word."""
    found = []
    for ledger in registry.all_ledgers():
        columns = [column for column in ledger.columns if column.filterable and column.code_list]
        if not columns or not allowed(ledger, actor, Action.READ, on).allowed:
            continue
        for column in columns:
            for code in get_list(column.code_list).valid_on(on):
                reason = _of_code(asked, code)
                if reason:
                    query = urlencode({column.name: code.code, "when": ALL_DAYS})
                    href = f"{reverse('web:ledger-list', args=(ledger.code,))}?{query}"
                    found.append(Found(code.said, f"{said(ledger.title)} · {said(column.header)}", href, reason))
    wanted = normalise(asked.standard)  # the word itself first, then words that hold it
    return sorted(found, key=lambda one: normalise(one.text) != wanted)[:MOST]


def _of_code(asked: Text, code: Code) -> str:
    """By its name, or by one of its other wordings written or spelt in whole."""
    if reason := why(asked, code.name_zh) or why(asked, code.said):
        return reason
    for alias in code.aliases:
        if normalise(asked.standard) == normalise(alias) or (asked.is_pinyin and asked.folded == pinyin(alias)):
            return _("又叫“%(alias)s”") % {"alias": alias}
    return ""


def _indicators(asked: Text, actor: Actor) -> list[Found]:
    if not may_read_figures(actor).allowed:
        return []
    hits = (
        Found(said(one.title), one.code, reverse("web:indicator", args=(one.code,)), reason)
        for one in catalogue.catalogue().all()
        if (reason := why_said(asked, one.title, one.code))
    )
    return list(islice(hits, MOST))


def _rows(asked: Text, actor: Actor, on: date) -> Iterator[Group]:
    """Rows by numbers and titles, and the people in them. Clients are found once, by ``_people``, not by each of their rows."""
    for ledger in registry.all_ledgers():
        searchable = [column for column in ledger.columns if column.searchable]
        if not searchable or ledger.compartment == Compartment.COMMUNITY:
            continue
        wanted, reach = RowFilter(search=asked.asked), queries.rows(ledger, actor, on)
        try:
            found, looked = queries.looked_back(ledger, reach, wanted, on, by=actor)
        except TooManyNames:
            yield Group(said(ledger.title), [], too_many=True)
            continue
        shown = [_row(asked, ledger, row, actor) for row in found[: MOST + 1]]
        since = looked.since if looked is not None else None
        further = urlencode({"q": asked.asked, "when": ALL_DAYS, "before": since.isoformat()}) if since is not None else ""
        href = f"{reverse('web:ledger-list', args=(ledger.code,))}?{further}" if further else ""
        yield Group(said(ledger.title), shown[:MOST], more=len(shown) > MOST, since=since, href=href)


def _row(asked: Text, ledger: Ledger, row: Any, actor: Actor) -> Found:
    """The value that answers stands first, the other listed values behind it."""
    seen = [one for one in cells(ledger, row, actor) if one.text]
    hit = next((one for one in seen if one.column.searchable and asked.folded in one.text.casefold()), None)
    named = next((one for one in seen if one.column.searchable and one.column.kind == Kind.PERSON_NAME), None)
    way = NameAsked.of(asked.asked).way(named.text) if named is not None else None
    hit = named if named is not None and (hit is None or way is not None) else hit or seen[0]
    note = " · ".join(one.text for one in seen if one is not hit and one.text != _("是"))
    reason = _("%(column)s里有“%(asked)s”") % {"column": said(hit.column.header), "asked": asked.asked}
    if hit is named:
        reason = way_said(way) if way is not None else _("按写全的姓名或号码找到")
    pk: UUID = row.pk
    return Found(hit.text, note, reverse("web:ledger-row", args=(ledger.code, pk)), reason, pk)
