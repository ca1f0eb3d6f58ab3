"""Where a number opens: the indicator it is, and the rows, dues or returns it is made of, or whose they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import said
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import UnitNeed
from qingyuan.governance.queries.needs import needs
from qingyuan.governance.queries.score import Drill
from qingyuan.governance.scoring.numbers import plain
from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, VALUE, Indicator, Term
from qingyuan.indicators.queries import holders, rows_behind
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division, Unit
from qingyuan.organisation.scope import may
from qingyuan.web.behind import OF_UNIT, Elsewhere, elsewhere
from qingyuan.web.shapes import Closed

MISSING = "missing"
_NEEDS = "unit_needs"
MOST_LINKS = 20
#: Facts that are not a ledger's own: the page that lists them, and by which rule its rows are read.
_PAGES = {
    "test_dues": ("web:dues", Compartment.COMMUNITY, "test-dues"),
    "return_dues": ("web:returns", Compartment.INTERNAL, "returns"),
    "returns": ("web:returns", Compartment.INTERNAL, "returns"),
}


@dataclass(frozen=True)
class Opening:
    """One way on from a number. Without ``href`` its rows are not for this reader: ``closed`` says how many and whose."""

    label: str
    href: str = ""
    closed: tuple[Elsewhere, ...] = field(default=())


@dataclass(frozen=True)
class _Rows:
    href: str
    compartment: Compartment
    ledger: str
    people: bool


def place_and_period(drill: Drill, division: Division) -> dict[str, str]:
    """The number's own range and period, as the bar takes them from an address."""
    return {"division": division.code, "period": str(drill.period)}


def indicator_href(drill: Drill, division: Division) -> str:
    """The indicator's own page; empty for a number that is none, or where that page is not installed."""
    if drill.source != "indicator" or drill.unit_id is not None:
        return ""  # that page speaks of places
    try:
        return f"{reverse('web:indicator', args=[drill.code])}?{urlencode(place_and_period(drill, division))}"
    except NoReverseMatch:
        return ""


def openings(drill: Drill, division: Division, reader: Actor, on: date) -> list[Opening]:
    """The rows behind one number, the missing ones first: what is lacking is what one came to see."""
    if drill.source == "return":
        return [_to_returns(drill, division)]
    if drill.source != "indicator":
        return []
    indicator = catalogue.get(drill.code, drill.period.last_day)
    return [
        opening
        for part, amount in _parts(drill, indicator)
        if amount is None or amount > 0
        for opening in _openings(drill, part, amount, indicator, division, reader, on)
    ]


def _parts(drill: Drill, indicator: Indicator) -> list[tuple[str, Decimal | None]]:
    """The parts of a figure worth opening, with how many rows stand there (None: not said to this reader)."""
    keys = [term.key for term in indicator.terms]
    if drill.part != VALUE or indicator.denominator is None or MISSING not in keys:
        return [(str(drill.part), drill.count)]
    return [(MISSING, None), (VALUE, drill.count)]


def _openings(
    drill: Drill, part: str, amount: Decimal | None, indicator: Indicator, division: Division, reader: Actor, on: date
) -> list[Opening]:
    term = _term(indicator, part)
    if term.fact == _NEEDS:
        return _to_needs(drill, part, said(term.title), division, reader, on)
    return [_opening(drill, part, amount, indicator, division, reader, on)]


def _to_needs(drill: Drill, part: str, title: str, division: Division, reader: Actor, on: date) -> list[Opening]:
    """A page for each request this reader may see; of the others how many were asked of whom. No list holds them: the rows
    of one number are few."""
    if drill.count is None:
        return [Opening(title)]
    ids = [UUID(ref.row_id) for ref in rows_behind(_query(drill, division), part=part)]
    seen = list(needs(reader, on).filter(pk__in=ids).order_by("asked_at", "pk"))
    hidden = UnitNeed.objects.filter(pk__in=ids).exclude(pk__in=[need.pk for need in seen])
    others = list(hidden.order_by().values("to_unit__name").annotate(count=Count("pk")))
    found = [
        Opening(f"{title} · {need.unit.label}:{need.what}", href=reverse("web:need", args=[need.pk])) for need in seen[:MOST_LINKS]
    ]
    whose = [{"unit__name": one["to_unit__name"], "count": one["count"]} for one in others]
    if whose:
        closed = elsewhere(whose, unit_label=_("件"), people=False, why=_("请求只对提出和配合的单位开放"))
        found.append(Opening(title, closed=tuple(closed)))
    if len(seen) > MOST_LINKS:
        found.append(Opening(_("另有 %(count)s 件,见成员单位页") % {"count": len(seen) - MOST_LINKS}, href=reverse("web:duties")))
    return found


def _query(drill: Drill, division: Division) -> IndicatorQuery:
    """The question whose answer the number is."""
    places, own = ((division.pk,), ()) if drill.unit_id is None else ((), (drill.unit_id,))
    return IndicatorQuery(drill.code, drill.period, places, as_of=drill.as_of, unit_ids=own)


def _opening(
    drill: Drill, part: str, amount: Decimal | None, indicator: Indicator, division: Division, reader: Actor, on: date
) -> Opening:
    term = _term(indicator, part)
    rows = _rows_of(term.fact)
    if rows is None:
        return Opening(said(term.title))
    if not may(reader, Action.READ, compartment=rows.compartment, ledger=rows.ledger, on=on).allowed:
        return Opening(said(term.title), closed=_elsewhere(drill, part, rows, division))
    query = urlencode({"indicator": drill.code, "part": part} | _whose(drill) | place_and_period(drill, division))
    return Opening(_open_words(said(term.title), amount), href=f"{rows.href}?{query}")


def _term(indicator: Indicator, part: str) -> Term:
    return indicator.term({VALUE: DENOMINATOR if indicator.denominator else NUMERATOR}.get(part, part))


def _whose(drill: Drill) -> dict[str, str]:
    """Of a member unit's own number the unit, as lists take it from an address."""
    return {} if drill.unit_id is None else {OF_UNIT: Unit.objects.get(pk=drill.unit_id).code}


def _open_words(title: str, amount: Decimal | None) -> str:
    if amount is None:
        return _("打开%(what)s的行") % {"what": title}
    return _("打开这 %(count)s 行") % {"count": plain(amount)}


def _rows_of(fact: str) -> _Rows | None:
    ledger = registry.of_fact(fact)
    try:
        if ledger is not None:
            href = reverse("web:ledger-list", args=[ledger.code])
            return _Rows(href, ledger.compartment, ledger.code, bool(ledger.personal_columns))
        name, compartment, code = _PAGES[fact]
        return _Rows(reverse(name), compartment, code, people=compartment is Compartment.COMMUNITY)
    except (KeyError, NoReverseMatch):
        return None


def _elsewhere(drill: Drill, part: str, rows: _Rows, division: Division) -> tuple[Elsewhere, ...]:
    """How many and whose, by unit. Only for a number that is itself open to this reader (``count`` is given)."""
    if drill.count is None:
        return ()
    found = holders(_query(drill, division), part=part)
    units = dict(Unit.objects.filter(pk__in=[one.unit_id for one in found]).values_list("pk", "name"))
    counts: dict[str, int] = {}
    for one in found:  # one unit keeps rows of several villages
        name = units.get(one.unit_id or 0, division.name)
        counts[name] = counts.get(name, 0) + one.rows
    others = [{"unit__name": name, "count": count} for name, count in counts.items()]
    return tuple(elsewhere(others, unit_label=_("行"), people=rows.people, why=_("明细只对保管单位开放")))


def _to_returns(drill: Drill, division: Division) -> Opening:
    form = drill.code.partition(".")[0]
    query = urlencode({"form": form} | place_and_period(drill, division))
    return Opening(
        _("打开《%(form)s》") % {"form": said(get_form(form).title)}, href=f"{reverse('web:returns')}?{query}"
    )


def few_people(unit_name: str) -> Closed:
    """What stands in the place of a number that turns on fewer than five people."""
    return Closed(
        shown=_("人数少于 5"),
        why=_("这一条涉及的人数少于 5,本页只显示等级,不显示数字和得分"),
        whose=unit_name,
        ask=_("请%(unit)s在本单位的得分页核对;确需了解个别情况的,发函询问,由其答复。") % {"unit": unit_name},
    )
